"""What the double answers to each operation, by resource."""

from . import checks, comments, pulls, repositories, reviews

__all__ = ["checks", "comments", "pulls", "repositories", "reviews"]
