"""Failed assertions of the contract's tests, tied to the code behind their endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Literal

from ci_gate.config import Config
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.contract.output import in_tree, last_error
from ci_gate.contract.traces import Frame, Trace, traces
from ci_gate.regex import regex
from ci_gate.scorecard.looks import Looks
from ci_gate.scorecard.model import Cause, FailedAssertion, JudgedFinding
from ci_gate.scorecard.reach import Reach

_LIBRARY: Final = ("site-packages/", "dist-packages/", "node_modules/", "lib/python")
_NEAR: Final = 3  # lines between a trace's frame and a finding that speaks of the same place
_FINDINGS: Final = 20
#: What a client says of a service that ended before it answered, or was not there any more; and
#: what the gate says of tests that did not come to make their assertion.
_NO_ANSWER: Final = regex(
    r"^the service (?:ended|was ended)|Remote(?:Disconnected| end closed)|[Cc]onnection ?(?:was )?"
    r"(?:[Rr]eset|[Rr]efused|[Aa]borted|[Ee]rror|[Cc]losed)|ECONN(?:RESET|REFUSED|ABORTED)"
    r"|socket hang up|other side closed|disconnected without sending|Max retries exceeded"
    r"|Empty reply|EOF|IncompleteRead|fetch failed|All connection attempts failed"
)
_UNSET: Final = ("{{", "%7B%7B")  # a variable of a collection that has no value
_NAMED: Final = regex(r"`(\w+)`")
#: Django's `migrate`, and where a migration of Django's begins.
_APPLYING: Final = regex(
    r"^  Applying (?P<app>\w+)\.(?P<name>\w+)\.\.\.(?P<done>[^\S\n]*(?:OK|FAKED))?", re.MULTILINE
)
_OPERATIONS: Final = regex(r"^\s+operations\b")


def attribute(
    contract: ContractResult | None,
    base: ContractResult | None,
    findings: Sequence[JudgedFinding],
    reach: Reach,
    files: Iterable[str],
    config: Config,
    *,
    looks: Looks | None = None,
    base_reach: Reach | None = None,
) -> list[FailedAssertion]:
    """The failed assertions, those that block first.

    Args:
        base: what the same tests gave on the base, as far as they ran there; a failed assertion
            whose outcome on the base is not known is new.
        files: paths of the tree, to find the project's own frames in a stack trace.
    """
    if contract is None or not contract.failed:
        return []
    known = _outcomes(base) if base is not None else {}
    causes = _Causes(contract.log, reach, files)
    death = _Death(contract, causes, reach) if contract.died else None
    found = []
    if death is not None:
        contract.assertions = [
            replace(item, message=death.sentence) if death.broke(item) else item
            for item in contract.assertions
        ]
    for item in contract.assertions:
        before = known.get((item.runner, item.name))
        outcome = before.pop(0) if before else None
        if item.passed:
            continue
        status: Literal["new", "existing"] = "existing" if outcome is False else "new"
        endpoint = reach.route_of(item.endpoint) if item.endpoint else None
        if endpoint is None and item.endpoint and base_reach is not None:
            endpoint = base_reach.route_of(item.endpoint)  # a route that the change takes away
        cause = causes.last if contract.down else causes.of(endpoint) if endpoint else None
        follows = _follows(item) and not contract.down
        if follows:
            cause = None
        if death is not None and death.broke(item):
            endpoint, cause = endpoint or death.endpoint, death.cause
        reasons = _reasons(endpoint, cause, findings)
        unknown = cause is None and not reasons and not follows
        found.append(
            FailedAssertion(
                assertion=item,
                endpoint=endpoint or item.endpoint,
                status=status,
                blocking=_blocks(status, config),
                cause=cause,
                findings=reasons,
                looks=looks.of(endpoint) if unknown and looks and endpoint else (),
            )
        )
    return sorted(
        found,
        key=lambda item: (not item.blocking, item.status != "new", _follows(item.assertion)),
    )


def gone(contract: ContractResult | None, base: ContractResult | None) -> list[str]:
    """Names of assertions that pass on the base and were not made here, where their request is not
    one that fails: what could not be asked of a failed answer is not taken away."""
    if contract is None or base is None or contract.error:
        return []
    left = {(item.runner, item.name) for item in contract.assertions}
    failing = {(item.runner, item.endpoint) for item in contract.assertions if not item.passed}
    return [
        item.name
        for item in base.assertions
        if item.passed
        and (item.runner, item.name) not in left
        and (item.endpoint is None or (item.runner, item.endpoint) not in failing)
    ]


def _follows(item: Assertion) -> bool:
    """Did its request name a variable that an earlier one was to set?"""
    return any(mark in text for text in (item.endpoint or "", item.message) for mark in _UNSET)


def _outcomes(result: ContractResult) -> dict[tuple[str, str], list[bool]]:
    """Assertions of one name are told apart by their order."""
    found: dict[tuple[str, str], list[bool]] = {}
    for item in result.assertions:
        found.setdefault((item.runner, item.name), []).append(item.passed)
    return found


def _blocks(status: str, config: Config) -> bool:
    if config.fail_on == "never":
        return False
    return status == "new" or config.fail_on == "all" or config.contract.fail_on == "all"


def _reasons(
    endpoint: str | None, cause: Cause | None, findings: Sequence[JudgedFinding]
) -> tuple[JudgedFinding, ...]:
    """The findings at the place where it broke; where that is not known, those that block."""
    if endpoint is None:
        return ()
    reached = [
        found
        for found in findings
        if endpoint in found.endpoints
        and found.status != "suppressed"
        and (_explains(found, cause) if cause is not None else found.blocking)
    ]
    return tuple(reached[:_FINDINGS])


def _explains(found: JudgedFinding, cause: Cause) -> bool:
    """Does it speak of the place where the request broke, or of the column that the error names?"""
    if found.finding.group != "database":
        return _speaks_of(found, cause)
    column = _NAMED.search(found.finding.message)
    named = column is not None and re.search(rf"\b{column[1]}\b", cause.error) is not None
    return named or _speaks_of(found, cause)


def _speaks_of(found: JudgedFinding, cause: Cause) -> bool:
    finding = found.finding
    places = [(finding.path, finding.start.line, finding.end.line)]
    places += [(item.path, item.line, item.line) for item in finding.related]
    return any(
        path == cause.path and first - _NEAR <= cause.line <= max(first, last) + _NEAR
        for path, first, last in places
    )


class _Death:
    """The end of a service that was up: what it was doing, and the assertions that it broke."""

    def __init__(self, contract: ContractResult, causes: _Causes, reach: Reach) -> None:
        broken = [a.endpoint for a in contract.assertions if self.broke(a) and a.endpoint]
        self.cause = causes.fatal
        through = reach.through(self.cause.path, self.cause.line) if self.cause else None
        self.endpoint = through or next((reach.route_of(e) or e for e in broken), None)
        doing = f"answering {self.endpoint}" if self.endpoint else "its tests ran"
        self.sentence = f"the service {contract.died} while {doing}"
        if self.cause is not None:
            self.sentence += f": {self.cause.error} ({self.cause.path}:{self.cause.line})"

    @staticmethod
    def broke(item: Assertion) -> bool:
        return not item.passed and _NO_ANSWER.search(item.message) is not None


class _Causes:
    """The stack traces of the service's log by the endpoint that they come from."""

    def __init__(self, log: str, reach: Reach, files: Iterable[str]) -> None:
        self._reach = reach
        self._places = _Places(files)
        self._traces: list[tuple[Trace, list[Cause], frozenset[str]]] = []
        for trace in traces(log):
            own = [self._place(trace, frame) for frame in trace.frames]
            causes = [cause for cause in own if cause is not None]
            names = (reach.function_at(cause.path, cause.line) for cause in causes)
            if causes:
                self._traces.append((trace, causes, frozenset(n for n in names if n is not None)))
        self._known: dict[str, Cause | None] = {}
        self._end = in_tree(last_error(log))
        self._migration = self._broken_migration(log)

    @property
    def last(self) -> Cause | None:
        """The innermost line of the project's in the last trace of all."""
        if self._migration is not None:
            return self._migration
        return self._traces[-1][1][-1] if self._traces else None

    @property
    def fatal(self) -> Cause | None:
        """The innermost line of the project's in the trace that the log ends with."""
        return self.last if self.last and self._end.startswith(self.last.error[:200]) else None

    def of(self, endpoint: str) -> Cause | None:
        """The innermost line of the project's in the last trace through the endpoint's handler, or
        through code that it alone of the traces' endpoints can have run."""
        if endpoint not in self._known:
            self._known[endpoint] = self._find(endpoint)
        return self._known[endpoint]

    def _find(self, endpoint: str) -> Cause | None:
        handlers = self._reach.handlers(endpoint)
        for _, causes, names in reversed(self._traces):
            if names & handlers:
                return causes[-1]
        everyone = frozenset(
            name for other in self._reach.endpoints for name in self._reach.handlers(other)
        )
        reached = self._reach.functions(endpoint)
        for _, causes, names in reversed(self._traces):
            if names and names <= reached and not names & everyone:
                return causes[-1]
        return None

    def _place(self, trace: Trace, frame: Frame) -> Cause | None:
        path = self._places.find(frame.path)
        return Cause(path, frame.line, in_tree(trace.error)) if path is not None else None

    def _broken_migration(self, log: str) -> Cause | None:
        """The migration that Django says it was applying when the log ends: no frame names it."""
        applying = list(_APPLYING.finditer(log))
        if not applying or applying[-1]["done"]:
            return None
        path = self._places.find(f"/{applying[-1]['app']}/migrations/{applying[-1]['name']}.py")
        if path is None:
            return None
        line = self._reach.line_of(path, _OPERATIONS) or 1
        return Cause(path, line, in_tree(last_error(log)))


class _Places:
    """Which file of the tree a path is that was seen where the service ran."""

    def __init__(self, files: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        for path in files:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def find(self, path: str) -> str | None:
        if any(part in path for part in _LIBRARY):
            return None
        fitting = [
            known
            for known in self._by_name.get(path.rpartition("/")[2], [])
            if path == known or path.endswith(f"/{known}")
        ]
        return max(fitting, key=len) if fitting else None
