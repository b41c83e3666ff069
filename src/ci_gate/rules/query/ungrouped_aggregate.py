from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Statement
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.codemodel.values import ConstantValue, ExternalValue
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules._defects import has_python
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

_AGGREGATES: Final = frozenset({"count", "sum", "avg", "max", "min"})
_FUNC: Final = regex(r"^sqlalchemy\.(?:\w+\.)*func\.(?:count|sum|avg|max|min)\(\)")
_FN: Final = regex(r"^sequelize(?:\.\w+)*\.fn$")
_SELECTING: Final = frozenset({"select", "query"})
_LABELS: Final = frozenset({"label"})
_WHY: Final = (
    "SQLite answers with one row, of which the column is that of any row; PostgreSQL refuses the "
    "statement. Each count is that of the whole table."
)


class UngroupedAggregate(Rule):
    """A statement selects a column beside an aggregate, and groups by nothing.

    `select(favorites.c.article_id, func.count())` without `group_by`, also where the statement goes
    through several functions; Sequelize's `attributes: ['articleId', [fn('COUNT', …), 'total']]`
    without `group`.

    ## Why is this bad?
    The aggregate is that of all rows: SQLite and MySQL answer with one row, whose column is that of
    any of them, and say nothing. PostgreSQL refuses the statement. With one group in the test data
    the result is right.

    ## Fix
    Group by the columns.

    ## Silent on
    Window functions (`over`), statements with a part that could not be followed, aggregates inside
    of sub-queries.

    ## Source
    SQLite, "SELECT: Bare columns in an aggregate query"; PostgreSQL, "Aggregate Functions".
    """

    id = "query/ungrouped-aggregate"
    group = "query"
    follows = True
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        for query in models.queries.all:
            column = _of_sequelize(models, query)
            if column is not None:
                yield self._found(query.path, query.call, column)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        waiting: dict[s.Node, tuple[str, str]] = {}
        grouped: set[s.Node] = set()
        for _, event in facts.flows.events():
            statement = event.statement if isinstance(event, Ran) else None
            if statement is None or statement.library != "sqlalchemy":
                continue
            if statement.grouped or statement.opaque or statement.derived:
                grouped.add(statement.node)
            elif statement.node not in waiting and not is_outside(statement.module):
                column = _of_sqlalchemy(facts.model, statement)
                if column is not None:
                    waiting[statement.node] = statement.module, column
        for node, (path, column) in waiting.items():
            if node not in grouped:
                yield self._found(path, node, column)

    def _found(self, path: str, node: s.Node, column: str) -> Finding:
        return self.finding(
            path,
            spot(node),
            message=f"`{column}` is selected beside an aggregate, and the statement groups by "
            "nothing.",
            why=_WHY,
            fix=f"Group by `{column}`.",
            subject=f"{column} ungrouped",
        )


def _of_sqlalchemy(model: CodeModel, statement: Statement) -> str | None:
    """The first plain column of a ``select(…)`` that has an aggregate too."""
    call = statement.node
    if statement.kind != "select" or not isinstance(call, s.Call):
        return None
    if s.last_name(call.func) not in _SELECTING:
        return None
    given = [item.value for item in call.args if item.keyword is None and not item.star]
    plain = [item for item in given if _is_column(item)]
    if not plain or not any(_is_aggregate(model, item) for item in given):
        return None
    first = plain[0]
    while isinstance(first, s.Call) and isinstance(first.func, s.Attribute):
        first = first.func.value
    return s.dotted(first)


def _is_column(expr: s.Expr) -> bool:
    """``Article.id``, ``table.c.id``, also with a label."""
    if isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute):
        return expr.func.name in _LABELS and _is_column(expr.func.value)
    return isinstance(expr, s.Attribute) and isinstance(expr.value, s.Name | s.Attribute)


def _is_aggregate(model: CodeModel, expr: s.Expr) -> bool:
    if not isinstance(expr, s.Call) or not isinstance(expr.func, s.Attribute):
        return False
    if expr.func.name in _LABELS:
        return _is_aggregate(model, expr.func.value)
    if expr.func.name not in _AGGREGATES:
        return False
    found = model.evaluate(expr)
    return bool(found) and all(
        isinstance(item, ExternalValue) and _FUNC.match(item.path) for item in found
    )


# --- Sequelize ---


def _of_sequelize(models: Models, query: Query) -> str | None:
    if query.method not in ("findAll", "findOne") or not models.queries.lacks(query, "group"):
        return None
    found = models.queries.option(query, "attributes")
    attributes = found[0][0] if len(found) == 1 else None
    if not isinstance(attributes, s.Sequence):
        return None
    plain = [
        str(item.value)
        for item in attributes.items
        if isinstance(item, s.Literal) and item.kind == "string"
    ]
    aggregated = any(
        isinstance(item, s.Sequence) and item.items and _is_fn(models.model, item.items[0])
        for item in attributes.items
    )
    return plain[0] if plain and aggregated else None


def _is_fn(model: CodeModel, expr: s.Expr) -> bool:
    if not isinstance(expr, s.Call):
        return False
    name = expr.argument(0)
    values = model.evaluate(name) if name is not None else frozenset()
    named = [item.value for item in values if isinstance(item, ConstantValue)]
    found = model.evaluate(expr.func)
    return (
        len(named) == 1
        and str(named[0]).lower() in _AGGREGATES
        and bool(found)
        and all(isinstance(item, ExternalValue) and _FN.match(item.path) for item in found)
    )
