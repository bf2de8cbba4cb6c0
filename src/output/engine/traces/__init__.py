"""Traces, derived from the engine's history and the side records of steps."""
