from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ColumnRef
from ci_gate.codemodel.dataflow.events import Compared
from ci_gate.findings import Finding
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

_OPERATORS: Final = frozenset({"==", "!=", "<", ">", "<=", ">="})
_ALWAYS: Final = frozenset({"==", "<=", ">="})


class SelfComparison(Rule):
    """A condition compares a column with itself.

    `Follow.follower_id == Follow.follower_id` where the parameter, or a column of the other table,
    is meant.

    ## Why is this bad?
    The condition holds for every row that has a value there, or for none: the statement reads,
    changes or removes the rows of everybody. With one user in the test nothing shows.

    ## Fix
    Compare with the value or with the other table's column.

    ## Silent on
    Two aliases of one table, columns of the same name of two tables, comparisons that no request
    was followed to.

    ## Source
    PostgreSQL, "Comparison Functions and Operators": NULL aside, a value equals itself.
    """

    id = "query/self-comparison"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for event in _compared(facts):
            ref = event.left.only()
            assert isinstance(ref, ColumnRef)
            if event.place.node in seen:
                continue
            seen.add(event.place.node)
            label = f"{ref.table.name}.{ref.column}"
            rows = "every row" if event.operator in _ALWAYS else "no row"
            yield self.finding(
                event.place.path,
                spot(event.place.node),
                message=f"`{label}` is compared with itself.",
                why=f"The condition lets {rows} through that has a value there: the statement is "
                "not about the row that is meant.",
                fix=f"Compare `{label}` with the value, or with a column of the other table.",
                subject=f"{label} with itself",
            )


def _compared(facts: Facts) -> Iterator[Compared]:
    for _, event in facts.flows.events():
        if not isinstance(event, Compared) or event.operator not in _OPERATORS:
            continue
        left, right = event.left.only(), event.right.only()
        if isinstance(left, ColumnRef) and left == right and isinstance(event.place.node, s.Binary):
            yield event
