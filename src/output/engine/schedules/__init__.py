"""Schedules in the engine: what it is told, and what it tells."""
