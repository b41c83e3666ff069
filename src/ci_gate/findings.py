"""The words every stage after the code model speaks: finding, severity, level, group."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from ci_gate.data import dataclass


class Severity(StrEnum):
    """How bad a finding is. Errors block by default; warnings and notes never do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return (Severity.ERROR, Severity.WARNING, Severity.NOTE).index(self)


#: The groups of rules and the level at which each begins to count.
GROUP_LEVEL: Final[dict[str, int]] = {
    "contract": 0,
    "framework": 0,
    "startup": 0,
    "suppression": 0,
    "layering": 1,
    "database": 2,
    "query": 2,
    "orm": 3,
}

#: What the ids of the user's own Semgrep rules begin with.
CUSTOM: Final = "custom/"

#: What each level adds to the one before it.
LEVEL_NAMES: Final[tuple[str, ...]] = (
    "L0 contract",
    "L1 +architecture",
    "L2 +database",
    "L3 +ORM",
)

Engine = Literal["ast", "semgrep"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column, both from 1."""

    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that the reader needs to see."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A mechanical fix: the text that takes the place of ``start`` to ``end``."""

    start: Position
    end: Position
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one place, as a rule reports it.

    Attributes:
        rule: id such as ``layering/upward-import``.
        group: key of :data:`GROUP_LEVEL`; sets the level.
        severity: after the rule's own judgement (a withdrawn convention gives a note).
        message: the defect in the project's own names, one or two sentences.
        why: what happens at run time or in maintenance if it stays.
        fix: the smallest change that mends it.
        subject: what the finding is about, without line numbers (``imports a.b``, ``users.nick``);
            part of the fingerprint, so that two findings on like lines stay apart.
        repository_wide: reached by every endpoint.
    """

    rule: str
    group: str
    severity: Severity
    path: str
    start: Position
    end: Position
    message: str
    why: str
    fix: str
    subject: str
    engine: Engine = "ast"
    related: tuple[Related, ...] = ()
    repository_wide: bool = False
    replacement: Replacement | None = None

    @property
    def level(self) -> int:
        return GROUP_LEVEL[self.group]
