"""JSON Schemas as examples and as text for people."""
