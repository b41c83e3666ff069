"""What a program of the project prints: kept within bounds, and made harmless to show."""

from __future__ import annotations

import re
from collections import deque
from typing import Final

from ci_gate.regex import regex

#: Terminal control: CSI, OSC and other escape sequences.
_ESCAPES: Final = regex(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|\x9b[0-?]*[@-~]"
)
_CONTROL: Final = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: What GitHub's runner takes for a command: ``::`` first on a line, ``##[`` anywhere.
_COMMAND: Final = regex(r"^([^\S\n]*):(?=:)|##(?=\[)", re.MULTILINE)
_CHATTER: Final = regex(
    r"npm (?:notice|error A complete log)\b|\[notice\]|\(Background on this error at:"
    r"|\[SQL:|\[parameters?:"
)
_TRACE: Final = regex(r"^\s*(?:\w+ *\| *)?Traceback \(most recent call last\):\s*$")
_RAISED: Final = regex(r"^[A-Za-z_][\w.]*(?::|$)")  # an exception's own line, below its trace
#: Where the tree was copied to for this run.
_SCRATCH: Final = regex(r"(?<![\w.-])/[\w./+-]*?\bci-gate-[a-z0-9_]{8}/(?:tree/|(?=\w))")
#: Node says its version last, and the error above the stack.
_NODE_END: Final = regex(r"^Node\.js v\d")
_NODE_ERROR: Final = regex(r"^(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)\b(?: \[\w+\])?:")


class Log:
    """The first and the last part of what a program prints."""

    FIRST: Final = 512 * 1024
    LAST: Final = 1024 * 1024

    def __init__(self) -> None:
        self._first = b""
        self._last: deque[bytes] = deque()
        self._size = 0  # of the last part
        self._left_out = 0

    def add(self, chunk: bytes) -> None:
        room = self.FIRST - len(self._first)
        self._first += chunk[:room]
        if rest := chunk[room:]:
            self._last.append(rest)
            self._size += len(rest)
        while self._last and self._size - len(self._last[0]) >= self.LAST:
            gone = len(self._last.popleft())
            self._size -= gone
            self._left_out += gone

    def text(self) -> str:
        gap = b""
        if self._left_out:
            gap = f"\n[ci-gate: {self._left_out:,} bytes were left out here]\n".encode()
        return harmless(b"".join([self._first, gap, *list(self._last)]).decode("utf-8", "replace"))


def harmless(text: str) -> str:
    """Lines of plain text: no terminal control, and nothing that GitHub takes for a command."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n")).replace("\r", "\n")
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return _COMMAND.sub(lambda m: "## " if m[1] is None else f"{m[1]}: ", text)


def last_line(output: str, lines: int = 1) -> str:
    """The last line that says something, or as many, in one: of a stack trace, the error."""
    said = [line for part in harmless(output).splitlines() if (line := " ".join(part.split()))]
    if said and _NODE_END.match(said[-1]):
        errors = [line for line in said if _NODE_ERROR.match(line)]
        said = errors or said[:-1]
    said = [line for line in said if not _CHATTER.match(line)]
    return " | ".join(line[:300] for line in said[-lines:]) if said else "it printed nothing"


def last_error(output: str) -> str:
    """What a program that failed says of it: the error of the last Python trace that it ended
    with, else the last line. Python's frameworks write where to read on below the error."""
    lines = output.splitlines()
    begin = next((n for n in range(len(lines) - 1, -1, -1) if _TRACE.match(lines[n])), None)
    if begin is not None:
        raised = next((line for line in lines[begin + 1 :] if _RAISED.match(line)), None)
        if raised is not None:
            return raised.strip()[:300]
    return last_line(output)


def in_tree(text: str) -> str:
    """Paths as they are in the tree: nobody knows the folder that it was copied to."""
    return _SCRATCH.sub("", text)
