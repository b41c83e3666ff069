"""Rules on which database is used, and whether it has what the program needs."""
