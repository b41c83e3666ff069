"""What a report format is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ci_gate.scorecard.model import Scorecard


@dataclass(frozen=True, slots=True)
class Style:
    """How a report for people looks. ``quiet``: findings and verdict, a line each. ``verbose``:
    notes and suppressed findings too. ``width``: columns of the terminal."""

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    width: int = 100


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """What a report needs of a rule's page; ``summary`` is one line, the rest Markdown."""

    summary: str
    why: str = ""
    fix: str = ""
    source: str = ""
    url: str | None = None


class Report(Protocol):
    def render(self, scorecard: Scorecard, style: Style, rules: Mapping[str, RuleDoc]) -> str:
        """The whole report."""
        ...
