"""What the scorecard says: findings judged against the baseline, levels, decay, verdict."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Literal

from ci_gate.codemodel.program import Route
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.repository import Skipped
from ci_gate.stack.model import Stack


class Verdict(StrEnum):
    PASS = "pass"
    BLOCKED = "blocked"
    INCOMPLETE = "incomplete"

    @property
    def exit_code(self) -> int:
        return {"pass": 0, "blocked": 1, "incomplete": 3}[self.value]


@dataclass(slots=True)
class JudgedFinding:
    """A finding with its place in this run.

    ``status``: ``new`` (not in the baseline), ``existing``, ``suppressed``. ``endpoints`` are those
    whose code reaches it (all of them when it is repository-wide). ``changed``: it lies on a line
    that this pull request changed. ``silenced``: suppressed here, and not on the base.
    """

    finding: Finding
    fingerprint: str
    status: Literal["new", "existing", "suppressed"]
    blocking: bool
    endpoints: tuple[str, ...] = ()
    changed: bool = False
    suppression_reason: str | None = None
    silenced: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Where in the project's code a request broke, and the error in the language's words."""

    path: str
    line: int
    error: str


@dataclass(frozen=True, slots=True)
class Look:
    """A place that may be the reason, and why it is named (``handles it``, ``changed``)."""

    path: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class FailedAssertion:
    """An assertion of the contract's tests that failed, tied to the code behind its endpoint.

    ``endpoint`` is the route's where one serves the request, else the request. ``status``: ``new``
    (it passes on the base, or is not there, or the base's tests did not run), ``existing``.
    ``findings`` are those of its endpoint at the place of ``cause``; where no stack trace tells the
    place, those that block. ``looks``: where neither is known, the handler and what the change
    touches of the code that it reaches.
    """

    assertion: Assertion
    endpoint: str | None
    status: Literal["new", "existing"]
    blocking: bool
    cause: Cause | None = None
    findings: tuple[JudgedFinding, ...] = ()
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelScore:
    """Share (0 to 1) of the units that count at a level. None when there was no unit."""

    level: int
    name: str
    counted: int
    total: int
    unit: Literal["assertion", "endpoint"]

    @property
    def share(self) -> float | None:
        return self.counted / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Decay:
    """share(L3) − share(L0) in percentage points, for the head, the base and their difference."""

    head: float | None
    base: float | None
    delta: float | None


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What an engine did. ``errors`` are sentences; any makes the verdict incomplete."""

    name: Literal["ast", "semgrep"]
    version: str
    seconds: float
    files: int
    rules: int
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerEdge:
    """Imports between two layers, for the graph: how many, and how many of them are breaches."""

    source: str
    target: str
    count: int
    breaches: int


@dataclass(slots=True)
class ArchitectureSummary:
    style: str
    written: bool
    layers: dict[str, list[str]] = field(
        default_factory=dict
    )  # name -> directories, outermost first
    edges: list[LayerEdge] = field(default_factory=list)


@dataclass(slots=True)
class Scorecard:
    """Everything a report shows."""

    tool_version: str
    root: str
    verdict: Verdict
    reasons: list[str]  # why the verdict is what it is, most important first
    stack: Stack
    architecture: ArchitectureSummary
    levels: list[LevelScore]
    base_levels: list[LevelScore] | None
    decay: Decay
    strict_share: float | None
    findings: list[JudgedFinding]
    routes: list[Route]
    contract: ContractResult | None
    engines: list[EngineRun]
    skipped: list[Skipped]
    base: str | None  # the merge base's commit, when one was scanned
    files: int = 0
    sources: dict[str, list[str]] = field(default_factory=dict)  # path -> lines, for excerpts
    failures: list[FailedAssertion] = field(default_factory=list)  # blocking ones first

    @property
    def blocking(self) -> list[JudgedFinding]:
        return [judged for judged in self.findings if judged.blocking]

    @property
    def exit_code(self) -> int:
        return self.verdict.exit_code

    @property
    def rules(self) -> int:
        """How many rules judged the tree, over all engines."""
        return sum(engine.rules for engine in self.engines)
