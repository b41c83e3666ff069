from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Chosen, ColumnRef, Field, Statement
from ci_gate.codemodel.dataflow.events import Ran, Run
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry
from ci_gate.rules.base import Facts, Rule

_PLAIN_BASES: Final = ("django.db.models.", "builtins.object", "object", "typing.", "abc.")


class OrderLost(Rule):
    """The keys of a page are read in order, and the rows are loaded by these keys without one.

    A first query gives the ids in the order that the list is to have; a second one loads the
    objects with `IN (ids)`. IN says which rows, not in which order: without an ORDER BY of its own
    the second query gives them as the database finds them, mostly by primary key.

    ## Why is this bad?
    Every list comes in the wrong order: the newest article last. Tests that create one row, or look
    rows up by name, pass.

    ## Fix
    Give the second query the same ORDER BY, or put the rows back in the order of the ids:
    `by_id = {row.id: row for row in rows}` and `[by_id[one] for one in ids]`.

    ## Silent on
    Second queries with an order (of the model's `Meta.ordering` too), rows that are sorted, put
    into a mapping or looked up one by one, rows that are not in the answer, first queries without
    an order or in random order, other columns than the key, statements that could not be followed.

    ## Source
    PostgreSQL, "Sorting Rows (ORDER BY)": if sorting is not chosen, the rows will be returned in an
    unspecified order.
    """

    id = "query/order-lost"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        for run in facts.flows.runs:
            if not run.complete:
                continue
            shown = (run.answered | run.responded) - run.reordered
            for event in run.events:
                if not isinstance(event, Ran) or event.how != "many" or event.statement is None:
                    continue
                statement = event.statement
                if statement.node in seen or statement.node not in shown:
                    continue
                for chosen in _unordered(statement):
                    if _has_default_order(facts.model, statement):
                        continue
                    seen.add(statement.node)
                    yield self._found(run, statement, chosen)
                    break

    def _found(self, run: Run, statement: Statement, chosen: Chosen) -> Finding:
        entity = statement.entity()
        assert entity is not None
        first = chosen.statement
        order = first.where("order")[0]
        column = f"{entity.name}.{chosen.column.column}"
        return self.finding(
            statement.module,
            statement.node,
            message=(
                f"{entity.name} is loaded by keys that another query put in order, and has none"
                " itself"
            ),
            why=(
                f"{column} IN (…) keeps no order: {entry(run)} answers with {entity.name} in the"
                " order in which the database finds them, mostly by primary key."
            ),
            fix=(
                "Give this query the same order_by(), or put its rows back in the order of the"
                " keys."
            ),
            subject=entity.name,
            related=[
                Related(first.module, order.node.line, "the keys are put in order here"),
            ],
        )


def _unordered(statement: Statement) -> Iterator[Chosen]:
    """The ordered keys by which the statement loads its rows without an order."""
    entity = statement.entity()
    if entity is None or statement.kind != "select" or statement.opaque or statement.single:
        return
    if statement.where("order") or statement.grouped or statement.derived:
        return
    for condition in statement.where("filter"):
        for chosen in condition.expression.chosen:
            first = chosen.statement
            if chosen.column.table.entity is not entity or first.opaque:
                continue
            if first.kind == "select" and _is_ordered(first) and _gives_keys(chosen, entity):
                yield chosen


def _has_default_order(model: CodeModel, statement: Statement) -> bool:
    """Django: the model's ``Meta`` has an ordering, or may have one that cannot be seen."""
    entity = statement.entity()
    if statement.library != "django" or entity is None:
        return False
    if entity.cls is None or not entity.known:
        return True
    classes = [entity.cls]
    for base in model.ancestors(entity.cls):
        if isinstance(base, ClassValue):
            classes.append(base.cls)
        elif not (isinstance(base, ExternalValue) and base.path.startswith(_PLAIN_BASES)):
            return True
    return any(
        isinstance(inner, s.Name) and inner.id == "ordering"
        for cls in classes
        for item in cls.node.body
        if isinstance(item, s.ClassDef) and item.cls.name == "Meta"
        for inner in s.walk(item)
    )


def _is_ordered(statement: Statement) -> bool:
    """In an order that means something: ``random()`` does not."""
    conditions = statement.where("order")
    return bool(conditions) and all(
        item.expression.refs or item.expression.aggregate for item in conditions
    )


def _gives_keys(chosen: Chosen, entity: Entity) -> bool:
    """Each row of the first query gives the key of one object, in the place it is to have."""
    column = entity.columns.get(chosen.column.column)
    if column is None or not (column.unique or _is_key(column, entity)):
        return False
    item = chosen.value.only()
    if isinstance(item, Field):
        return item.entity is entity and item.column == column.name
    if chosen.value.items:
        return False
    given = [one for one in chosen.statement.selected if isinstance(one, ColumnRef)]
    return len(given) == 1 == len(chosen.statement.selected) and _leads_to(given[0], column, entity)


def _leads_to(given: ColumnRef, column: Column, entity: Entity) -> bool:
    source = given.table.entity
    if source is entity:
        return given.column == column.name
    found = source.columns.get(given.column)
    target = f"{entity.table}.{column.column}"
    return found is not None and found.foreign_key == target


def _is_key(column: Column, entity: Entity) -> bool:
    return column.primary_key and len(entity.primary_key()) == 1
