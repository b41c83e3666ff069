"""Failed assertions of the contract, put together by endpoint, in words that formats share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.contract.output import in_tree
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.reports.text import clean, place, plural

if TYPE_CHECKING:
    from ci_gate.scorecard.model import Cause, FailedAssertion, JudgedFinding, Look, Scorecard

LOG_LINES: Final = 20
_LOG_READ: Final = 400
_FRAME: Final = regex(r"\s+(?:File \"|at )")
_NO_FRAME: Final = regex(r"\S")
_LIBRARY: Final = regex(
    r"(?:site|dist)-packages[/\\]|node_modules[/\\]|[/\\]lib[/\\]python\d|\"<frozen|\(?node:"
)
_DOWN: Final = "The service"


@dataclass(slots=True)
class FailedEndpoint:
    """The failed assertions that share status and the place where the code broke; where that is
    not known, those of one endpoint."""

    endpoint: str | None
    failures: list[FailedAssertion]

    @property
    def first(self) -> FailedAssertion:
        return self.failures[0]

    @property
    def title(self) -> str:
        return clean(self.endpoint, 200) if self.endpoint else "No endpoint"

    @property
    def down(self) -> bool:
        """The service does not start: all of its endpoints fail."""
        return self.endpoint == _DOWN

    @property
    def others(self) -> int:
        """How many more endpoints break at the same place."""
        return len({failure.endpoint for failure in self.failures}) - 1

    @property
    def summary(self) -> str:
        if self.down:
            names = {failure.endpoint for failure in self.failures}
            return f"does not start, and it does on the base: {plural(len(names), 'endpoint')} down"
        kind = "" if self.first.status == "new" else ", as on the base"
        more = f"and {plural(self.others, 'more endpoint')} fail" if self.others else "fails"
        return f"{more} {plural(len(self.failures), 'assertion')}{kind}"

    @property
    def reason(self) -> JudgedFinding | None:
        """The finding where it broke; where that is not known, one in the endpoint's code."""
        return self.first.findings[0] if self.first.findings else None

    @property
    def sentence(self) -> str:
        """All in one line: what fails, why, where."""
        said = clean(self.first.assertion.message or self.first.assertion.name, 300)
        text = f"{self.title} {self.summary}: {said}"
        if self.reason is not None:
            return f"{text}. {clean(self.reason.finding.message, 300)} ({place(self.reason)})"
        if self.first.cause is not None:
            return f"{text}. {broke(self.first.cause)}"
        return text


def broke(cause: Cause) -> str:
    """The error and its place."""
    error = clean(cause.error, 300) or "It broke"
    return f"{error} ({clean(cause.path, 400)}:{cause.line})"


def looks(item: FailedEndpoint) -> list[Look]:
    """The places to look at, of all its assertions."""
    return list(dict.fromkeys(look for failure in item.failures for look in failure.looks))


def failed_endpoints(scorecard: Scorecard) -> list[FailedEndpoint]:
    """Blocking ones first, then those that are known to break at a place, else in the order of the
    tests: what fails because of an earlier failure comes last."""
    if scorecard.contract is not None and scorecard.contract.down and scorecard.failures:
        return [FailedEndpoint(_DOWN, scorecard.failures)]
    groups: dict[tuple[str | None, str, Cause | None], FailedEndpoint] = {}
    for failure in scorecard.failures:
        endpoint = failure.endpoint if failure.cause is None else None
        key = (endpoint, failure.status, failure.cause)
        groups.setdefault(key, FailedEndpoint(failure.endpoint, [])).failures.append(failure)
    return sorted(
        groups.values(), key=lambda item: (not item.first.blocking, item.first.cause is None)
    )


def service_log(scorecard: Scorecard) -> list[str]:
    """The last lines of the service's output, where its tests did not run to their end."""
    contract = scorecard.contract
    if contract is None or contract.error is None:
        return []
    lines = [clean(line, 300, indented=True) for line in _short(in_tree(contract.log))]
    return [line for line in lines if line.strip()][-LOG_LINES:]


def _short(log: str) -> Iterator[str]:
    """The end of a log without the frames of libraries, whose code nobody is to mend."""
    inside = False
    for line in log.splitlines()[-_LOG_READ:]:
        if _FRAME.match(line):
            inside = _LIBRARY.search(line) is not None
        elif _NO_FRAME.match(line):
            inside = False
        if not inside:
            yield line
