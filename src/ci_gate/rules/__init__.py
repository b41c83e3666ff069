"""Facts to findings: one module per rule."""
