"""A project's files: found, imported, described."""
