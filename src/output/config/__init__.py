"""Settings: what a process reads from its environment, in three weights."""
