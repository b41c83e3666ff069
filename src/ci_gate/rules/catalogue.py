"""All rules of both engines, as users list and read them."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ci_gate.data import dataclass
from ci_gate.findings import GROUP_LEVEL, Engine, Severity
from ci_gate.regex import regex
from ci_gate.rules import all_rules
from ci_gate.rules.base import Rule
from ci_gate.rules.names import UnknownRule
from ci_gate.rulesets import semgrep_rules

_HEADING: Final = regex(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule's page. The texts are Markdown; ``details`` is what follows the one-line summary."""

    id: str
    group: str
    level: int
    severity: Severity
    engine: Engine
    languages: tuple[str, ...]
    summary: str
    details: str
    why: str
    fix: str
    silent_on: str
    source: str


def catalogue() -> Sequence[RulePage]:
    """Every rule, by level, group and id."""
    pages = [_ast_page(rule) for rule in all_rules()]
    pages += [
        RulePage(
            info.rule, info.group, GROUP_LEVEL[info.group], info.severity, "semgrep",
            info.languages, info.summary, "", info.why, info.fix, "", info.source,
        )
        for info in semgrep_rules()
    ]  # fmt: skip
    unique: dict[str, RulePage] = {}
    for page in pages:
        unique[page.id] = _joined(unique[page.id], page) if page.id in unique else page
    return sorted(unique.values(), key=lambda page: (page.level, page.group, page.id))


def find(name: str) -> RulePage:
    """The page of one rule.

    Raises:
        UnknownRule: no rule has that id.
    """
    pages = {page.id: page for page in catalogue()}
    if name in pages:
        return pages[name]
    tails = [rule for rule in pages if rule.rpartition("/")[2] == name]
    if len(tails) == 1:
        return pages[tails[0]]
    raise UnknownRule(name, difflib.get_close_matches(name, pages, n=1, cutoff=0.0) or list(pages))


def _joined(first: RulePage, second: RulePage) -> RulePage:
    """One page for a defect that several rules look for: the severest speaks, for all languages."""
    page = second if second.severity.rank < first.severity.rank else first
    languages = dict.fromkeys((*first.languages, *second.languages))
    return replace(page, languages=tuple(languages))


def _ast_page(rule: type[Rule]) -> RulePage:
    text = inspect.cleandoc(rule.__doc__ or "")
    parts = _HEADING.split(text)
    opening = parts[0].strip()
    summary, _, details = opening.partition("\n\n")
    sections = {
        title.strip(): body.strip() for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    return RulePage(
        rule.id, rule.group, rule.level(), rule.severity, "ast", rule.languages,
        " ".join(summary.split()), details.strip(), sections.get("Why is this bad?", ""),
        sections.get("Fix", ""), sections.get("Silent on", ""), sections.get("Source", ""),
    )  # fmt: skip
