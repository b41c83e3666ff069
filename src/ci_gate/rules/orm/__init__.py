"""Rules on how the ORM is used."""
