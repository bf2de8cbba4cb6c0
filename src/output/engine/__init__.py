"""Temporal, seen from outside a worker."""
