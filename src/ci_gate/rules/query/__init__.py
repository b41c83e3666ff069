"""Rules on queries: SQL text and what the ORM is asked for."""
