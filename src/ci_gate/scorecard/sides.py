"""One tree, head or base, as the scorecard sees it."""

from __future__ import annotations

from typing import Protocol

from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.repository import Tree
from ci_gate.rules.base import Facts
from ci_gate.scorecard.model import EngineRun
from ci_gate.scorecard.reach import Reach


class Judged(Protocol):
    """What the engines say of one tree."""

    @property
    def tree(self) -> Tree: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def engines(self) -> list[EngineRun]: ...


@dataclass(slots=True)
class Side:
    """One tree's findings with all that is known of each; head and base are made alike."""

    findings: list[Finding]
    fingerprints: list[str]
    reasons: dict[int, str]  # index of a suppressed finding -> why
    reach: Reach
    sources: dict[str, list[str]]
