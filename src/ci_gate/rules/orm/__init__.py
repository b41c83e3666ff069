"""Rules on the use of an ORM: entities, sessions, loading."""
