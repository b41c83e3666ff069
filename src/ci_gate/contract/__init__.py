"""The service under test and the runners of its end-to-end tests."""
