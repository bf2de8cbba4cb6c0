"""What can be done, without HTTP: the use cases that routes, schedules and consoles share."""
