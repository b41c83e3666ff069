"""A library's lending desk."""
