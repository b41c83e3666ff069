"""A defect as an entry of the comment: endpoints and place, what is wrong, why it hurts, fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ci_gate.reports.escape import code, link, prose
from ci_gate.reports.failures import FailedEndpoint, looks
from ci_gate.reports.text import brief, ended, plural, spot

if TYPE_CHECKING:
    from ci_gate.reports.defects import Defect
    from ci_gate.reports.interface import RuleDoc
    from ci_gate.scorecard.model import JudgedFinding

_ENDPOINTS: Final = 2
_ASSERTIONS: Final = 3
_FAILED: Final = 3
_RELATED: Final = 3


class Entries:
    """Entries in Markdown, all text escaped. ``links`` stands before each file's path in a link,
    ``folder`` where it is shown, so that it counts from the repository's root."""

    def __init__(self, rules: Mapping[str, RuleDoc], links: str = "", folder: str = "") -> None:
        self._rules = rules
        self._links = links
        self._folder = folder

    def defect(self, number: int, defect: Defect) -> str:
        """A defect in full, under its own heading."""
        if defect.found is None:
            return self._failure(number, defect)
        finding = defect.found.finding
        said = [f"#### {number}. {reach(defect)} · {self.at(finding.path, finding.start.line)}"]
        said += ["", prose(brief(finding.message)), ""]
        said += [f"- **Fails now:** {line}" for line in self.failing(defect.failed)]
        if finding.why:
            said.append(f"- **In production:** {prose(ended(finding.why))}")
        if finding.fix:
            said.append(f"- **Fix:** {prose(ended(finding.fix))}")
        said.append(f"- **Rule:** {self.rule(finding.rule)}{self._related(defect.found)}")
        return "\n".join(said)

    def line(self, number: int, defect: Defect) -> str:
        """A defect in one line."""
        if defect.found is None:
            return f"- {number}. {prose(defect.failed[0].sentence)}"
        finding = defect.found.finding
        where = self.at(finding.path, finding.start.line)
        fix = f" **Fix:** {prose(finding.fix, 300)}" if finding.fix else ""
        failing = sum(len(item.failures) for item in defect.failed)
        now = f" **Fails now:** {plural(failing, 'contract assertion')}." if failing else ""
        return (
            f"- {number}. {where} {prose(brief(finding.message), 300)}{now}{fix}"
            f" Hits: {reach(defect)} ({self.rule(finding.rule)})"
        )

    def other(self, found: JudgedFinding) -> str:
        """A finding that does not block, in one line."""
        finding = found.finding
        reason = found.suppression_reason
        said = f" (reason: {prose(reason, 200)})" if reason else ""
        kind = f"{finding.severity.value}, {found.status}{said}"
        where = self.at(finding.path, finding.start.line)
        message = prose(brief(finding.message), 300)
        return f"- {where} {message} {self.rule(finding.rule)}, {kind}"

    def rule(self, rule: str) -> str:
        """The rule's id, linked to its page where that has an address."""
        doc = self._rules.get(rule)
        return f"[{code(rule)}]({doc.url})" if doc and doc.url else code(rule)

    def at(self, path: str, line: int) -> str:
        """A place, linked where there is something to link to."""
        return link(spot(self._folder + path, line), path, line, self._links)

    def _failure(self, number: int, defect: Defect) -> str:
        item = defect.failed[0]
        cause = item.first.cause
        where = f" · {self.at(cause.path, cause.line)}" if cause is not None else ""
        said = [f"#### {number}. {reach(defect)}{where}", ""]
        lead = "It" if item.down else "The contract's tests show it: it"
        said += [f"{lead} {prose(item.summary)}.", ""]
        if cause is not None and cause.error:
            said.append(f"- **Breaks with:** {code(cause.error, 300)}")
        said += [f"- {line}" for line in assertions(item)]
        if item.reason is not None:
            finding = item.reason.finding
            said.append(
                f"- **Suspect:** {prose(brief(finding.message), 300)} "
                f"{self.at(finding.path, finding.start.line)}, {self.rule(finding.rule)}"
            )
        places = [f"{self.at(look.path, look.line)} ({look.why})" for look in looks(item)]
        said += [f"- **Look at:** {', '.join(places)}"] if places else []
        return "\n".join(said)

    def failing(self, failed: Sequence[FailedEndpoint]) -> Iterator[str]:
        """The contract's assertions that a defect makes fail."""
        for item in failed[:_FAILED]:
            cause = item.first.cause
            error = f" with {code(cause.error, 300)}" if cause is not None and cause.error else ""
            count = plural(len(item.failures), "contract assertion")
            yield "\n  - ".join([f"{count}{error}", *assertions(item)])
        if len(failed) > _FAILED:
            yield f"{len(failed) - _FAILED} more groups of contract assertions"

    def _related(self, found: JudgedFinding) -> str:
        places = [
            f"{self.at(related.path, related.line)} {prose(related.message, 200)}"
            for related in found.finding.related[:_RELATED]
        ]
        return f" · see {'; '.join(places)}" if places else ""


def reach(defect: Defect) -> str:
    """The endpoints that a defect hits, in short."""
    if any(item.down for item in defect.failed):
        return "The service does not start"
    if defect.found is not None and defect.found.finding.repository_wide:
        return "The whole service"
    names = defect.endpoints
    if not names:
        return "No endpoint is known to reach it" if defect.found else "No endpoint"
    rest = len(names) - _ENDPOINTS
    shown = ", ".join(code(name, 120) for name in names[:_ENDPOINTS])
    return shown + (f" and {plural(rest, 'more endpoint')}" if rest > 0 else "")


def assertions(item: FailedEndpoint) -> list[str]:
    """The first failed assertions, and how many more."""
    shown = [
        code(failure.assertion.name, 160)
        + (f": {prose(failure.assertion.message, 200)}" if failure.assertion.message else "")
        for failure in item.failures[:_ASSERTIONS]
    ]
    rest = len(item.failures) - _ASSERTIONS
    return [*shown, f"and {plural(rest, 'more assertion')}"] if rest > 0 else shown
