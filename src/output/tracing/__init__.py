"""The trace tree: from events and side records to one document, and where it is kept."""
