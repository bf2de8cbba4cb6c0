"""`output dev`: children and their supervision."""
