"""The history of a run: as JSON, in pages, and live."""
