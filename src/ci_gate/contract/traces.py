"""Stack traces in a service's log: Python's and Node's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.data import dataclass
from ci_gate.regex import regex

_ANSI: Final = regex(r"\x1b\[[0-9;]*[A-Za-z]")
_PYTHON_FRAME: Final = regex(r'^\s*(?:\|\s*)*File "([^"\n]{1,400})", line (\d{1,7})')
_NODE_FRAME: Final = regex(
    r"^\s+at (?:async )?(?:[^()\n]{0,300}\()?(?:file://)?((?:[A-Za-z]:)?[/\\][^():\n]{1,400}):(\d{1,7}):\d+\)?"
)
_NODE_OTHER: Final = regex(r"^\s+at \S")
_BEGIN: Final = "Traceback (most recent call last):"
_STACK_OF_MODULES: Final = regex(r"^(?:Require stack:|- /)")  # below Node's own error line
_MAX_LINES: Final = 200_000
_MAX_LINE: Final = 2_000
_MAX_TRACES: Final = 2_000
_MAX_FRAMES: Final = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of code that was running, by its path on the machine where it ran."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Trace:
    """An error, in the words of the language, and where it was: the innermost frame last."""

    error: str
    frames: tuple[Frame, ...]


def traces(log: str) -> list[Trace]:
    """The traces in the order of the log. Of chained Python exceptions each one is a trace."""
    found: list[Trace] = []
    reader = _Reader()
    for line in _lines(log):
        found += reader.feed(line)
        if len(found) >= _MAX_TRACES:
            return found[:_MAX_TRACES]
    found += reader.end()
    return found


def _lines(log: str) -> Iterator[str]:
    """Lines without colours; traces that a logger wrote into one line of JSON are spread again."""
    for number, raw in enumerate(log.splitlines()):
        if number > _MAX_LINES:
            return
        if "\\n" in raw and ('File \\"' in raw or "\\n    at " in raw):
            for part in raw.split("\\n")[:_MAX_FRAMES]:
                yield _ANSI.sub("", part.replace('\\"', '"')[:_MAX_LINE])
            continue
        yield _ANSI.sub("", raw[:_MAX_LINE])


class _Reader:
    """Puts frames and the error's own line together."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._python = False
        self._before = ""  # the line before a Node trace: its error

    def feed(self, line: str) -> Iterator[Trace]:
        python = _PYTHON_FRAME.match(line)
        if _BEGIN in line:
            yield from self.end()
            self._python = True
            return
        if python:
            self._python = True
            self._add(python)
            return
        if self._python:
            if self._frames and line[:1] not in (" ", "\t", "|", ""):
                yield from self._done(line)
            return
        node = _NODE_FRAME.match(line)
        if node:
            self._add(node)
        elif _NODE_OTHER.match(line) and (self._frames or self._before):
            return
        else:
            yield from self.end()
            if line.strip() and not _STACK_OF_MODULES.match(line):
                self._before = line.strip()

    def _add(self, match: re.Match[str]) -> None:
        if len(self._frames) < _MAX_FRAMES:
            self._frames.append(Frame(match[1].replace("\\", "/"), int(match[2])))

    def _done(self, error: str) -> Iterator[Trace]:
        frames, self._frames, self._python = self._frames, [], False
        if frames:
            yield Trace(error.strip()[:500], tuple(frames))

    def end(self) -> Iterator[Trace]:
        """What stands at the end of the log, or before a line that belongs to no trace."""
        if self._frames and not self._python:
            self._frames.reverse()
            yield from self._done(self._before)
        elif self._frames:
            yield from self._done("")
        self._frames, self._python = [], False
