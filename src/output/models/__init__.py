"""Shapes that cross a process: models without logic."""
