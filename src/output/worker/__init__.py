"""The worker process: finds the code of a project and runs it."""
