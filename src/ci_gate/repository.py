"""The checkout as data: which files there are, what they hold, what changed since the merge base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not judged, and why (``binary``, ``larger than 2 MiB``, ``not UTF-8`` …)."""

    path: str
    reason: str


class Tree(Protocol):
    """A readable snapshot of a repository: a work tree, or a commit read from git objects.

    Paths are relative to the tree's root with forward slashes.
    """

    @property
    def files(self) -> Sequence[str]:
        """All files that are neither ignored nor excluded, sorted."""
        ...

    @property
    def skipped(self) -> Sequence[Skipped]: ...

    def exists(self, path: str) -> bool: ...

    def read(self, path: str) -> bytes:
        """The file's bytes.

        Raises:
            FileNotFoundError: no such file in the tree (or it vanished).
            OSError: it cannot be read.
        """
        ...

    def text(self, path: str) -> str:
        """The file as UTF-8 text, undecodable bytes replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What the work tree has changed since ``base``.

    ``lines`` maps a path of the head to the lines that it adds or changes; ``renames`` maps a path
    of the head to the path it had in the base.
    """

    base: str
    lines: Mapping[str, frozenset[int]]
    renames: Mapping[str, str]
