"""What a container printed, made fit to be shown: the end of it, in plain text."""

from __future__ import annotations

import re
from collections import deque
from typing import Final

LOG_BYTES: Final = 64 * 1024
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
#: Where the log of a workflow shows the text, such a line is a command to the runner.
_COMMAND: Final = re.compile(r"^(\s*)::(?=[A-Za-z])|##\[", re.MULTILINE)


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


def plain(data: bytes | str) -> str:
    """Text without control characters in which no line is a command to a workflow's runner."""
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    text = _ESCAPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _COMMAND.sub(_disarmed, _CONTROL.sub("", text))


def _disarmed(match: re.Match[str]) -> str:
    return "# [" if match[0] == "##[" else f"{match[1]}: :"


def last_words(text: str, lines: int = 1) -> str:
    """The last lines that say something, in one: of a stack trace, the error."""
    said = [line for part in plain(text).splitlines() if (line := " ".join(part.split()))]
    return " | ".join(line[:300] for line in said[-lines:]) if said else "it printed nothing"
