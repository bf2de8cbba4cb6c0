"""Runs and steps as they execute on a worker."""
