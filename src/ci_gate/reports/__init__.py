"""The scorecard for people and tools: one module per format, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

from ci_gate.reports.interface import Context, Report, RuleDoc, Style

if TYPE_CHECKING:
    from ci_gate.scorecard.model import Scorecard

_MODULES: Final = {
    "terminal": "terminal:TerminalReport",
    "json": "json:JsonReport",
    "markdown": "markdown:MarkdownReport",
    "sarif": "sarif:SarifReport",
    "junit": "junit:JunitReport",
    "github": "github:GithubReport",
}

#: those that say more where the pull request is known
_WITH_CONTEXT: Final = frozenset({"markdown", "sarif", "github"})

FORMATS: Final = tuple(_MODULES)


def report(kind: str, context: Context | None = None) -> Report:
    """The report of a format.

    Raises:
        KeyError: no such format.
    """
    module, _, name = _MODULES[kind].partition(":")
    form = getattr(import_module(f"{__name__}.{module}"), name)
    made: Report = form(context) if kind in _WITH_CONTEXT else form()
    return made


def render(
    scorecard: Scorecard,
    kind: str,
    style: Style | None = None,
    rules: Mapping[str, RuleDoc] | None = None,
    context: Context | None = None,
) -> str:
    """The scorecard as text of one format; ``rules`` holds each rule's page by its id."""
    return report(kind, context).render(scorecard, style or Style(), rules or {})


__all__ = ["FORMATS", "Context", "Report", "RuleDoc", "Style", "render", "report"]
