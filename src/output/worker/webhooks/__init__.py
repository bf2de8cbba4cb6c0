"""Completion webhooks: the workflow that delivers them, and what it does."""
