import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from library.books import Book

_HOMES = {"Book": "library.books"}


def __getattr__(name):
    return getattr(importlib.import_module(_HOMES[name]), name)
