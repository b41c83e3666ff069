"""What has to be mended before the change can be merged, worst first, each defect once.

A failed assertion of the contract stands with the finding that makes it fail.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from ci_gate.data import dataclass
from ci_gate.reports.failures import FailedEndpoint, failed_endpoints

if TYPE_CHECKING:
    from ci_gate.scorecard.model import JudgedFinding, Scorecard


@dataclass(slots=True)
class Defect:
    """A blocking finding with the failures it causes, or a failure without such a finding."""

    found: JudgedFinding | None
    failed: list[FailedEndpoint] = field(default_factory=list)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Those that fail come first; none where all are hit or none is known."""
        names = [f.endpoint for item in self.failed for f in item.failures if f.endpoint]
        if self.found is not None and not self.found.finding.repository_wide:
            names += self.found.endpoints
        return tuple(dict.fromkeys(names))


def defects(scorecard: Scorecard) -> list[Defect]:
    """The blocking findings and the blocking failures of the contract."""
    by_finding = {id(found): Defect(found) for found in scorecard.blocking}
    alone = []
    for item in failed_endpoints(scorecard):
        if not item.first.blocking:
            continue
        cause = by_finding.get(id(item.reason)) if item.reason is not None else None
        if cause is not None and not item.down:
            cause.failed.append(item)
        else:
            alone.append(Defect(None, [item]))
    failing = [defect for defect in by_finding.values() if defect.failed]
    rest = [defect for defect in by_finding.values() if not defect.failed]
    return [*failing, *alone, *rest] if not _down(alone) else [*alone, *failing, *rest]


def _down(alone: list[Defect]) -> bool:
    return any(item.down for defect in alone for item in defect.failed)


def hit(scorecard: Scorecard) -> tuple[int, int]:
    """How many endpoints the defects reach, of how many there are."""
    known = {route.endpoint for route in scorecard.routes}
    touched: set[str] = set()
    for defect in defects(scorecard):
        everything = defect.found is not None and defect.found.finding.repository_wide
        if everything or any(item.down for item in defect.failed):
            return len(known), len(known)
        touched.update(defect.endpoints)
    return len(touched & known), len(known)
