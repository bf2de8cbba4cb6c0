"""The seam between authored code and what runs it."""
