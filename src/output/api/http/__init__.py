"""HTTP itself: error shape, JSON responses, encoded paths, the protocol below the application."""
