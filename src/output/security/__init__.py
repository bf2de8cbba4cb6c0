"""What keeps secrets and proves who wrote a text."""
