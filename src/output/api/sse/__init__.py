"""Server-Sent Events: a run's history as a stream that browsers resume by themselves."""
