"""Ways to run the end-to-end tests of the contract."""
