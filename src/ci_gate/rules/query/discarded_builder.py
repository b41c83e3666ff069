from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Discarded
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

_BUILDERS: Final = frozenset({
    "where", "filter", "filter_by", "having", "join", "outerjoin", "options", "limit", "offset",
    "order_by", "group_by", "distinct", "with_only_columns", "add_columns", "select_from", "slice",
    "exclude", "select_related", "prefetch_related", "annotate", "alias", "only", "defer",
    "execution_options", "with_for_update", "reverse", "values", "values_list", "using",
})  # fmt: skip


class DiscardedBuilder(Rule):
    """A statement is changed and the changed one thrown away.

    SQLAlchemy's statements and Django's query sets are immutable: `.where()`, `.limit()`,
    `.filter()` and every helper built on them return a new one and leave the old as it was.

    ## Why is this bad?
    The filter, page or join that the line seems to add never reaches the database: all rows come
    back, and nothing fails.

    ## Fix
    Assign the result: `stmt = stmt.limit(page.limit)`.

    ## Silent on
    Calls whose result is used, and objects whose methods change them in place.

    ## Source
    SQLAlchemy tutorial, "Select objects are immutable"; Django, "Filtered QuerySets are unique".
    """

    id = "query/discarded-builder"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Discarded) or event.place.node in seen:
                continue
            node = event.place.node
            seen.add(node)
            name = _called(node)
            if name not in _BUILDERS and not _is_own(facts, node):
                continue
            yield self.finding(
                event.place.path,
                spot(node),
                message=f"{name}() returns a new statement, and the line throws it away",
                why=(
                    "Statements are immutable: the one that runs afterwards is the old one, without"
                    f" what {name}() adds" + (" (no limit is applied)." if event.statement.limited
                                              else ".")
                ),
                fix=f"Keep the result: assign what {name}() returns to the statement's name.",
                subject=name,
                related=[
                    Related(event.statement.module, event.statement.node.line,
                            "the statement begins here")
                ],
            )  # fmt: skip


def _is_own(facts: Facts, node: s.Node) -> bool:
    """A function of the tree."""
    return isinstance(node, s.Call) and any(
        isinstance(value, FunctionValue) for value in facts.model.evaluate(node.func)
    )


def _called(node: s.Node) -> str:
    func = node.func if isinstance(node, s.Call) else node
    return func.name if isinstance(func, s.Attribute) else getattr(func, "id", "the call")
