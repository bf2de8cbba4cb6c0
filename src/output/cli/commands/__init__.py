"""The commands, by what they are about; each module imports what it needs when it runs."""
