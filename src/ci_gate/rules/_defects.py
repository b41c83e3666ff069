"""A defect that a helper of a rule has found, before the rule makes a finding of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity

if TYPE_CHECKING:
    from ci_gate.rules.base import Facts, Rule


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong at ``node`` of ``path``, in the words of the finding."""

    path: str
    node: s.Node
    message: str
    why: str
    fix: str
    subject: str
    related: tuple[Related, ...] = ()
    severity: Severity | None = None

    def finding(self, rule: Rule) -> Finding:
        return rule.finding(
            self.path, self.node, message=self.message, why=self.why, fix=self.fix,
            subject=self.subject, related=self.related, severity=self.severity,
        )  # fmt: skip


def has_python(facts: Facts) -> bool:
    """Is any of the program Python?"""
    return any(module.language == "python" for module in facts.model.modules.values())
