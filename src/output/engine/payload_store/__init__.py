"""Where large values lie."""
