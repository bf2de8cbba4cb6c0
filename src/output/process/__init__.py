"""What every process of ours does alike: logging, saying that it is ready, leaving."""
