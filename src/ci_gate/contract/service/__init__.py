"""Ways to start the service under test."""
