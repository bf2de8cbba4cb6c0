"""Where traces are kept."""
