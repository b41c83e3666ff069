"""What the double answers to each operation, by resource."""

from . import actions, checks, comments, contents, git, pulls, repositories, reviews

__all__ = [
    "actions",
    "checks",
    "comments",
    "contents",
    "git",
    "pulls",
    "repositories",
    "reviews",
]
