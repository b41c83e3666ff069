from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ColumnRef, Condition, Statement
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.codemodel.entities import Entity, Relation
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule


class DistinctDefeated(Rule):
    """A query set is distinct, and ordered by a column that makes its rows differ.

    Django puts the columns of `order_by()` into the SELECT list of a SELECT DISTINCT: rows are then
    distinct by these columns too. That is so for a column beyond a collection
    (`order_by("articles__created_at")`), and for one that `values()` does not name.

    ## Why is this bad?
    The same row comes once for each item of the collection, and fills a page alone. With one item
    each, as in tests, nothing is seen.

    ## Fix
    Order by an aggregate (`annotate(last=Max("articles__created_at")).order_by("-last")`), which
    groups the rows and needs no `distinct()`; or by a column that is selected.

    ## Silent on
    `distinct("field")`, grouped query sets, columns of the model itself or of one related object,
    values with a unique column among them, statements that could not be followed.

    ## Source
    Django, `distinct()`: "Any fields used in an order_by() call are included in the SQL SELECT
    columns. This can sometimes lead to unexpected results when used in conjunction with
    distinct()."
    """

    id = "query/distinct-defeated"
    group = "query"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Ran) or event.how != "many" or event.statement is None:
                continue
            found = _defeated(event.statement)
            if found is None or found[0] in seen or _is_on_fields(facts, event.statement):
                continue
            node, name, entity = found
            seen.add(node)
            yield self.finding(
                event.statement.module,
                spot(node),
                message=f"{entity.name} is to be distinct, and is ordered by {name}.",
                why=(
                    f"SELECT DISTINCT selects {name} as well: rows that differ in nothing else "
                    "come several times."
                ),
                fix=(
                    f'Order by an aggregate, annotate(key=Max("{name}")).order_by("key"), which '
                    "needs no distinct()."
                ),
                subject=f"{entity.name} by {name}",
                related=[
                    Related(event.statement.module, event.statement.node.line, "the query begins")
                ],
            )


def _defeated(statement: Statement) -> tuple[s.Node, str, Entity] | None:
    """The call that orders, by which name, and what is ordered."""
    if statement.library != "django" or statement.kind != "select" or statement.focus is None:
        return None
    if not statement.distinct or statement.grouped or statement.opaque:
        return None
    orders = statement.where("order")
    if not orders:
        return None
    entity = statement.focus.entity
    for name in _names(orders[-1]):
        if _crosses(entity, name, statement) or _is_unselected(entity, name, statement):
            return orders[-1].node, name, entity
    return None


def _names(order: Condition) -> Iterator[str]:
    if isinstance(order.node, s.Call):
        for argument in order.node.args:
            if isinstance(argument.value, s.Literal) and isinstance(argument.value.value, str):
                yield argument.value.value.lstrip("-+")


def _crosses(entity: Entity, name: str, statement: Statement) -> bool:
    """Is it a column beyond a collection?"""
    first, _, rest = name.partition("__")
    relation = _relation(entity, first)
    if relation is None or relation.many is not True or first in statement.annotations:
        return False
    return bool(rest) or relation.secondary is not None or relation.implied


def _relation(entity: Entity, name: str) -> Relation | None:
    return next(
        (item for item in entity.relations.values() if (item.lookup or item.name) == name), None
    )


def _is_unselected(entity: Entity, name: str, statement: Statement) -> bool:
    """Is it a column of the model that ``values()`` leaves out?"""
    if not statement.values or name in statement.annotations or name not in entity.columns:
        return False
    chosen: set[str] = set()
    for item in statement.selected:
        if not isinstance(item, ColumnRef):
            return False
        column = item.table.entity.columns.get(item.column)
        if item.table.entity is not entity or column is None:
            return False
        if column.unique or column.primary_key:
            return False
        chosen.add(item.column)
    return bool(chosen) and name not in chosen


def _is_on_fields(facts: Facts, statement: Statement) -> bool:
    """Does the module use ``distinct("field")``?"""
    return any(
        call.args and scope.module.path == statement.module
        for call, scope in facts.model.calls_named("distinct")
    )
