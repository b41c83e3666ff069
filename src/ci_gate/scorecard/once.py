"""One defect is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from ci_gate.findings import Finding

#: A Semgrep rule, which sees one file and no types, and the rule that follows requests to the same
#: defect and tells more of it.
_TOLD_BY: Final = {"orm/row-as-entity": "orm/mistaken-result"}


def told_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that another rule tells at, or in relation to, the same line."""
    places: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for item in findings:
        if item.rule in _TOLD_BY.values():
            places[item.rule].add((item.path, item.start.line))
            places[item.rule].update((part.path, part.line) for part in item.related)
    return [
        item
        for item in findings
        if (item.path, item.start.line) not in places.get(_TOLD_BY.get(item.rule, ""), ())
    ]
