"""The end of what a container printed, made fit to be shown."""

from __future__ import annotations

from collections import deque
from typing import Final

from ci_gate.contract.output import harmless

LOG_BYTES: Final = 1024 * 1024


class Tail:
    """Keeps the end of what it is fed."""

    def __init__(self, limit: int = LOG_BYTES) -> None:
        self._limit = limit
        self._parts: deque[bytes] = deque()
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._parts.append(chunk)
        self._size += len(chunk)
        while self._size - len(self._parts[0]) > self._limit:
            self._size -= len(self._parts.popleft())

    @property
    def text(self) -> str:
        return plain(b"".join(list(self._parts))[-self._limit :])


def plain(data: bytes) -> str:
    return harmless(data.decode("utf-8", "replace"))


def last_words(text: str, lines: int = 1) -> str:
    """The last lines that say something, in one: of a stack trace, the error."""
    said = [line for part in harmless(text).splitlines() if (line := " ".join(part.split()))]
    return " | ".join(line[:300] for line in said[-lines:]) if said else "it printed nothing"
