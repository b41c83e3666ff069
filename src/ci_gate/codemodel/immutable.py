"""Immutable dataclasses that are made as fast as ordinary ones.

``dataclass(frozen=True)`` sets each field through ``object.__setattr__``, which costs three times
what an assignment does: a sixth of all time, where values are made by the million. Here the type
checker sees the frozen dataclass, and it is what keeps anyone from setting a field; at run time the
class compares and hashes by its fields just the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["immutable"]

if TYPE_CHECKING:
    from dataclasses import dataclass as immutable
else:
    from dataclasses import dataclass

    def immutable(*, frozen, slots):
        """A dataclass with the fields' comparison and hash."""
        return dataclass(slots=slots, unsafe_hash=frozen)
