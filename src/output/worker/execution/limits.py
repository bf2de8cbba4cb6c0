"""What workflows and workers must agree on about limited steps."""

from __future__ import annotations

from datetime import timedelta

QUEUE_SUFFIX = "$limited"  # attempts that wait have a queue, and slots of a worker, of their own
LONGEST_WAIT = timedelta(days=7)  # for a slot; part of the engine's time-out of an attempt, and no part of the author's
