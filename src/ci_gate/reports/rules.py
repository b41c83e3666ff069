"""The list of rules and the page of one rule, for people and tools."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from ci_gate.reports.interface import RuleDoc
from ci_gate.rules.catalogue import RulePage
from ci_gate.rules.page import markdown


def render_rules(pages: Sequence[RulePage], form: str, *, color: bool, width: int) -> str:
    """All rules as a table, or as JSON."""
    if form == "json":
        return json.dumps([asdict(page) for page in pages], indent=2)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Rule", no_wrap=True)
    for title in ("Level", "Severity", "Engine"):
        table.add_column(title)
    table.add_column("Finds", ratio=1)
    for page in pages:
        table.add_row(page.id, f"L{page.level}", page.severity, page.engine, page.summary)
    return _text(table, color, width) + f"\n{len(pages)} rules\n"


def render_rule(page: RulePage, *, color: bool, width: int) -> str:
    """One rule's page."""
    return _text(Markdown(markdown(page)), color, width)


def documentation(pages: Sequence[RulePage], where: str = "") -> Mapping[str, RuleDoc]:
    """What the reports need of each rule; ``where`` is the address of the folder of their pages."""
    return {
        page.id: RuleDoc(page.summary, page.why, page.fix, page.source,
                         f"{where}/{page.id.replace('/', '-')}.md" if where else None)
        for page in pages
    }  # fmt: skip


def _text(what: object, color: bool, width: int) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=color, color_system="standard" if color else None,
        no_color=not color, highlight=False,
    )  # fmt: skip
    console.print(what)
    return stream.getvalue()
