"""Inline comments of a review: one for each defect that blocks, at its line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ci_gate.data import dataclass
from ci_gate.reports.defects import Defect, defects
from ci_gate.reports.entries import Entries, assertions, reach
from ci_gate.reports.escape import code, fence, prose
from ci_gate.reports.suggestion import Suggestion, suggest
from ci_gate.reports.text import clean, ended, whole

if TYPE_CHECKING:
    from ci_gate.reports.interface import Context, RuleDoc
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

_RELATED: Final = 3


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A comment on the lines ``first`` to ``last`` of ``path`` in the scanned tree, counted from
    the repository's root. ``fingerprint`` stays the same while the defect does. ``suggestion`` is a
    block that replaces exactly these lines; it must not stand on others."""

    path: str
    first: int
    last: int
    fingerprint: str
    body: str
    suggestion: str = ""


def inline_comments(
    scorecard: Scorecard, rules: Mapping[str, RuleDoc], context: Context
) -> list[InlineComment]:
    """A comment for every defect that has a place, the worst first. Whether the place can take one
    (the pull request changed it) is for the caller to see."""
    folder = context.folder
    entries = Entries(rules, context.links, folder)
    made = []
    for defect in defects(scorecard):
        if defect.found is not None:
            made.append(_finding(defect, defect.found, scorecard, entries, folder))
        else:
            made += _failure(defect, folder)
    return made


def _finding(
    defect: Defect, found: JudgedFinding, scorecard: Scorecard, entries: Entries, folder: str
) -> InlineComment:
    finding = found.finding
    suggestion = suggest(found, scorecard)
    parts = [prose(ended(finding.message))]
    parts += [f"- **Fails now:** {line}" for line in entries.failing(defect.failed)]
    if finding.why:
        parts.append(f"**In production:** {prose(ended(finding.why))}")
    if finding.fix:
        parts.append(f"**Fix:** {prose(ended(finding.fix))}")
    see = [
        f"{entries.at(related.path, related.line)} {prose(related.message, 200)}"
        for related in finding.related[:_RELATED]
    ]
    about = [f"Hits {reach(defect)}" if defect.endpoints else reach(defect)]
    about += [f"see {'; '.join(see)}"] if see else []
    about.append(f"rule {entries.rule(finding.rule)}")
    parts.append(f"<sub>{' · '.join(about)}</sub>")
    line = max(1, finding.start.line)
    first, last = (suggestion.first, suggestion.last) if suggestion else (line, line)
    body = "\n\n".join(parts) + "\n"
    path = whole(folder + finding.path)
    block = _block(suggestion) if suggestion else ""
    return InlineComment(path, first, last, found.fingerprint, body, block)


def _failure(defect: Defect, folder: str) -> list[InlineComment]:
    """Where a request broke, if the stack trace tells it."""
    item = defect.failed[0]
    cause = item.first.cause
    if cause is None or item.down:
        return []
    key = "\n".join(map(clean, ("contract", item.endpoint or "", cause.path, cause.error)))
    mark = hashlib.sha256(key.encode()).hexdigest()[:24]
    body = "\n\n".join((
        f"{reach(defect)} {prose(item.summary)}: it breaks here with {code(cause.error, 300)}",
        "\n".join(f"- {line}" for line in assertions(item)),
    ))  # fmt: skip
    line = max(1, cause.line)
    return [InlineComment(whole(folder + cause.path), line, line, mark, f"{body}\n")]


def _block(suggestion: Suggestion) -> str:
    text = "\n".join(suggestion.after)
    marks = fence(text)
    return f"{marks}suggestion\n{text}\n{marks}\n" if text else f"{marks}suggestion\n{marks}\n"
