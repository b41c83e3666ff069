from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ColumnRef
from ci_gate.codemodel.dataflow.events import Compared
from ci_gate.findings import Finding
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule


class PythonOperatorInFilter(Rule):
    """A condition of a query is worked out by Python's `and`, `or`, `not`, `is` or `in`; the
    database never sees it.

    ## Why is this bad?
    `and`, `or` and `not` ask a condition for its truth value, which raises TypeError or drops one
    of two conditions from the query. `is` gives a plain True or False, so the filter matches every
    row or none. `in` compares the column with one element after the other, which raises TypeError,
    or looks for the column object itself, which is never there.

    ## Fix
    Write `column.is_(None)`, `column.in_(values)`, `~condition`, `and_(a, b)` or `or_(a, b)`; a
    comma between conditions means AND.

    ## Silent on
    Comparisons of plain values; `in` that no request was followed to.

    ## Source
    SQLAlchemy, "Operator Reference": conjunction operators, IN comparisons.
    """

    id = "orm/python-operator-in-filter"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Compared):
                continue
            node, ref = event.place.node, event.left.only()
            if not isinstance(node, s.Binary) or node.op not in ("in", "not in") or node in seen:
                continue
            if not isinstance(ref, ColumnRef) or ref.table.entity.kind == "django":
                continue
            seen.add(node)
            label = f"{ref.table.name}.{ref.column}"
            right = "in_" if node.op == "in" else "not_in"
            yield self.finding(
                event.place.path,
                spot(node),
                message=f"Python's `{node.op}` looks for the column `{label}` among the values; "
                "the database never sees this condition.",
                why="`in` cannot be overloaded on its left side: it raises TypeError, or gives a "
                "plain False.",
                fix=f"Write `{label}.{right}(…)`.",
                subject=f"{label} {node.op}",
            )
