"""What workflow code may not do, checked in its source and guarded while it runs."""
