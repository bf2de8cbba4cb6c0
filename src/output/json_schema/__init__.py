"""JSON Schemas: references resolved, an example value, and text for people."""
