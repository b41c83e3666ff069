"""Inline suppressions: ``# ci-gate: ignore[rule-or-group] reason``.

On the finding's own line, or alone on the line above it. Each suppression has to say why it is
there and has to suppress something; what falls short is a note of its own. Notes of this module
cannot be suppressed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Final

from ci_gate.codemodel.syntax import Comment, Module
from ci_gate.data import dataclass
from ci_gate.findings import GROUP_LEVEL, Finding, Position, Severity
from ci_gate.regex import regex

MISSING_REASON: Final = "suppression/missing-reason"
UNKNOWN_RULE: Final = "suppression/unknown-rule"
UNUSED: Final = "suppression/unused"
GROUP: Final = "suppression"

_MARK: Final = regex(r"(?:^|\s|[#/*])ci-gate\s*:\s*ignore\b", re.IGNORECASE)
_NAMES: Final = regex(r"\s*\[([^\[\]]{0,2000})\]")
_NAME: Final = regex(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}\Z")
_REASON_EDGES: Final = " \t\r\n*/#-–—:"


@dataclass(slots=True)
class Suppression:
    """One comment. ``names`` is empty where the brackets are missing; ``lines`` are those whose
    findings it covers: its own, and the next one when it stands alone."""

    path: str
    start: Position
    end: Position
    names: tuple[str, ...]
    reason: str
    lines: frozenset[int]
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding) -> str | None:
        """The name in the brackets that fits the finding, if its place fits too."""
        if finding.start.line not in self.lines:
            return None
        return next((n for n in self.names if n in (finding.rule, finding.group)), None)


@dataclass(slots=True)
class Suppressed:
    """``reasons``: index of a finding -> the reason it is suppressed for."""

    reasons: dict[int, str]
    notes: list[Finding]


def parse(path: str, comment: Comment) -> Suppression | None:
    """The suppression that a comment holds; None for any other comment."""
    text = comment.text
    mark = _MARK.search(text)
    if mark is None:
        return None
    rest = text[mark.end() :]
    brackets = _NAMES.match(rest)
    names: tuple[str, ...] = ()
    if brackets:
        names = tuple(dict.fromkeys(n.strip() for n in brackets[1].split(",") if n.strip()))
        rest = rest[brackets.end() :]
    line, column, end_line, end_column = comment.span
    covered = {*range(line, end_line + 1)} if end_line - line < 50 else {line, end_line}
    if comment.alone:
        covered.add(end_line + 1)
    return Suppression(
        path=path,
        start=Position(line, column),
        end=Position(end_line, end_column),
        names=names,
        reason=" ".join(rest.strip(_REASON_EDGES).split())[:500],
        lines=frozenset(covered),
    )


def suppress(
    findings: Sequence[Finding],
    modules: Mapping[str, Module],
    known: Container[str] | None = None,
    ran: Callable[[str], bool] = lambda _name: True,
) -> Suppressed:
    """Which findings are suppressed, and what is wrong with the suppressions.

    Args:
        known: every rule id and group there is; None leaves unknown names unreported.
        ran: whether a rule or group was judged in this run; a suppression of one that was not is
            no unused one.
    """
    by_place: dict[tuple[str, int], list[Suppression]] = {}
    suppressions = _all(modules)
    for suppression in suppressions:
        for line in suppression.lines:
            by_place.setdefault((suppression.path, line), []).append(suppression)
    reasons: dict[int, str] = {}
    refused: dict[int, Finding] = {}
    for index, finding in enumerate(findings):
        for suppression in by_place.get((finding.path, finding.start.line), ()):
            name = suppression.covers(finding)
            if name is None:
                continue
            suppression.used.add(name)
            if suppression.reason or finding.severity is not Severity.ERROR:
                reasons.setdefault(index, suppression.reason)
            else:
                refused.setdefault(id(suppression), finding)
    notes = [
        note
        for suppression in suppressions
        for note in _notes(suppression, refused.get(id(suppression)), known, ran)
    ]
    return Suppressed(reasons, notes)


def _all(modules: Mapping[str, Module]) -> list[Suppression]:
    found = (parse(path, c) for path, module in sorted(modules.items()) for c in module.comments)
    return [suppression for suppression in found if suppression is not None]


def _notes(
    suppression: Suppression,
    refused: Finding | None,
    known: Container[str] | None,
    ran: Callable[[str], bool],
) -> Iterable[Finding]:
    if not suppression.names:
        yield _note(
            UNKNOWN_RULE,
            suppression,
            "This suppression names no rule, so it suppresses nothing.",
            "Write the rule in brackets: `ci-gate: ignore[group/rule] reason`.",
            "no rule",
        )
        return
    strange = [n for n in suppression.names if not _is_known(n, known)]
    for name in strange:
        yield _note(
            UNKNOWN_RULE,
            suppression,
            f"`{name}` is neither a rule nor a group of rules.",
            "Correct the name (`ci-gate rules` lists them) or delete it.",
            name,
        )
    if not suppression.reason:
        effect = (
            f" It does not suppress the error of {refused.rule}: an error needs a reason."
            if refused
            else ""
        )
        yield _note(
            MISSING_REASON,
            suppression,
            f"The suppression of {', '.join(suppression.names)} gives no reason.{effect}",
            "Write after the brackets why this place is right as it is.",
            ",".join(suppression.names),
        )
    for name in suppression.names:
        if name not in suppression.used and name not in strange and ran(name):
            yield _note(
                UNUSED,
                suppression,
                f"Nothing here is a finding of {name}: the suppression is not needed.",
                "Delete it.",
                name,
            )


def _is_known(name: str, known: Container[str] | None) -> bool:
    if not _NAME.match(name):
        return False
    return known is None or name in known or name in GROUP_LEVEL


def _note(rule: str, at: Suppression, message: str, fix: str, subject: str) -> Finding:
    return Finding(
        rule=rule,
        group=GROUP,
        severity=Severity.NOTE,
        path=at.path,
        start=at.start,
        end=at.end,
        message=message,
        why="A suppression that no reader can check hides the next real defect at its place.",
        fix=fix,
        subject=subject,
    )
