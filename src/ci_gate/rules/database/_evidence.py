"""What speaks for an engine."""

from __future__ import annotations

from typing import Literal

from ci_gate.data import dataclass

Kind = Literal[
    "configuration", "dependency", "container", "settings", "connection", "code", "document"
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """``path:line`` speaks for an engine; ``path`` is None where the gate's own settings do."""

    kind: Kind
    path: str | None
    line: int
    text: str


def evidence(kind: Kind, path: str, text: str, offset: int) -> Evidence:
    """What stands at an offset of a file's text."""
    line = text.count("\n", 0, offset) + 1
    return Evidence(kind, path, line, text.split("\n")[line - 1].strip()[:120])
