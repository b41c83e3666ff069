"""Rules about the object-relational mapping."""
