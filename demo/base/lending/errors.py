"""What can go wrong at the lending desk."""


class LendingError(Exception):
    """Base of all of them."""


class NotFound(LendingError):
    """There is no such book, member or loan."""


class Refused(LendingError):
    """The rules of the library forbid it."""
