"""Templates for `output init`."""
