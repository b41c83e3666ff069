"""What happens to data between a request and the database, followed through the program."""
