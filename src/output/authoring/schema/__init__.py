"""Annotations: how values are parsed, dumped and described."""
