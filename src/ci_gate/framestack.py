"""Room for deep recursion.

CPython keeps the frames of Python functions in pieces of 16 KiB. Where a recursion goes to and fro
over the end of one, each call asks the kernel for memory and each return gives it back: a quarter
of a million times in a large scan, more than a second of its processor time. A frame that says it
needs a large stack gets a piece as large, and what it calls has its frames in the rest of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

Result = TypeVar("Result")

_SLOTS: Final = (1 << 17) + 64
"""Of eight bytes each. A piece has a power of two of bytes, so about as much is left. What is not
used is address space, not memory."""


def with_room(work: Callable[[], Result]) -> Result:
    """``work()``, with room for the frames of all that it calls."""

    def call(work: Callable[[], Result]) -> Result:
        return work()

    call.__code__ = call.__code__.replace(co_stacksize=_SLOTS)
    return call(work)
