"""Rules on queries: what they select, join, filter and load."""
