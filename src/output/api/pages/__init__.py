"""Pages that the server renders itself: plain HTML, no script."""
