"""What one manifest says, whatever its format."""

from __future__ import annotations

from dataclasses import field

from ci_gate.codemodel.dependencies.requirement import Requirement
from ci_gate.data import dataclass


@dataclass(slots=True)
class Manifest:
    """``includes`` are the files that it takes in, ``constraints`` those that limit its versions;
    ``complete``: it lists all that gets installed, not only what was asked for; ``unread``: it asks
    for something that could not be read.

    ``name`` is the distribution that it builds itself; ``python`` the versions of Python that it
    asks for, with the line that says so.
    """

    path: str
    requirements: list[Requirement] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    complete: bool = False
    unread: bool = False
    name: str | None = None
    python: tuple[str, int] | None = None


def line_of(text: str, *words: str) -> int:
    """The first line that holds all the words; 1 where none does."""
    for number, line in enumerate(text.splitlines(), 1):
        if all(word in line for word in words):
            return number
    return 1
