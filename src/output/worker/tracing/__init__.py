"""Tracing of one worker process."""
