"""The columns that a Sequelize query names: in conditions, order, groups and attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

Clause = Literal["where", "order", "group", "attributes", "having"]
#: ``plain``: a name of the model's own; ``dollar``: ``$alias.column$``; ``col``: ``col('…')``;
#: ``path``: an order's list of associations and a column.
How = Literal["plain", "dollar", "col", "path"]
DIRECTIONS: Final = frozenset({
    "ASC", "DESC", "ASC NULLS LAST", "DESC NULLS LAST", "ASC NULLS FIRST", "DESC NULLS FIRST",
    "NULLS FIRST", "NULLS LAST",
})  # fmt: skip
_WRAPPERS: Final = frozenset({"fn", "where", "cast", "and", "or"})
_MAX_PARTS: Final = 100  # of one condition


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One association on the way to a column: by its name, or as ``{ model, as }``."""

    name: str | None
    model: SequelizeModel | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A column that ``query`` names at ``node``; ``steps`` lead to it from the query's model."""

    query: Query
    clause: Clause
    how: How
    steps: tuple[Step, ...]
    column: str
    node: s.Expr
    scope: Scope

    @property
    def path(self) -> str:
        return self.scope.module.path

    @property
    def written(self) -> str:
        names = [
            step.name or (step.model.name if step.model is not None else "") for step in self.steps
        ]
        return ".".join([*names, self.column])


class References:
    """Reads the options of one program's queries."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._origins = models.origins
        self._known: dict[Query, tuple[Reference, ...]] = {}

    def of(self, query: Query) -> tuple[Reference, ...]:
        """All that a query's own options name."""
        found = self._known.get(query)
        if found is None:
            found = self._known[query] = tuple(self._of(query))
        return found

    def attributes(self, query: Query) -> Iterator[Reference]:
        """What the attributes name."""
        for value, scope in self._models.queries.option(query, "attributes"):
            yield from self._attributes(query, value, scope)

    def _of(self, query: Query) -> Iterator[Reference]:
        option = self._models.queries.option
        for clause in ("where", "having"):
            for value, scope in option(query, clause):
                yield from self._condition(query, clause, value, scope, set())
        for value, scope in option(query, "order"):
            yield from self._order(query, value, scope)
        for value, scope in option(query, "group"):
            yield from self._names(query, "group", value, scope)
        yield from self.attributes(query)

    # --- conditions ---

    def _condition(
        self, query: Query, clause: Clause, expr: s.Expr, scope: Scope, seen: set[s.Node]
    ) -> Iterator[Reference]:
        for origin in self._origins.of(expr, scope).origins:
            if origin.element or origin.expr in seen or len(seen) > _MAX_PARTS:
                continue
            seen.add(origin.expr)  # an object may be spread into itself
            if isinstance(origin.expr, s.Sequence):
                for item, inner in self._origins.items(origin):
                    if not isinstance(item, s.Starred):
                        yield from self._condition(query, clause, item, inner, seen)
            elif isinstance(origin.expr, s.Mapping):
                for key, value, inner in self._origins.entries(origin):
                    name = key.value if isinstance(key, s.Literal) else None
                    if key is not None and isinstance(name, str) and _is_dollar(name):
                        yield _dotted(query, clause, "dollar", name[1:-1], key, inner)
                    written = isinstance(value, s.Mapping | s.Sequence | s.Call)
                    if written or not isinstance(key, s.Literal):
                        yield from self._condition(query, clause, value, inner, seen)
            else:
                yield from self._columns(query, clause, origin.expr, origin.scope, seen)

    def _columns(
        self, query: Query, clause: Clause, expr: s.Expr, scope: Scope, seen: set[s.Node]
    ) -> Iterator[Reference]:
        """The columns of ``col('a.b')``, alone or in ``fn`` and ``where``."""
        if not isinstance(expr, s.Call):
            return
        name = expr.func.id if isinstance(expr.func, s.Name) else getattr(expr.func, "name", "")
        if name == "col" and expr.args:
            text = expr.args[0].value
            if isinstance(text, s.Literal) and isinstance(text.value, str):
                yield _dotted(query, clause, "col", text.value, text, scope)
        elif name in _WRAPPERS:
            for item in expr.args:
                if not item.star:
                    yield from self._condition(query, clause, item.value, scope, seen)

    # --- order ---

    def _order(self, query: Query, expr: s.Expr, scope: Scope) -> Iterator[Reference]:
        for origin in self._origins.of(expr, scope).origins:
            if not isinstance(origin.expr, s.Sequence) or origin.element:
                yield from self._columns(query, "order", origin.expr, origin.scope, set())
                continue
            for item, inner in self._origins.items(origin):
                if isinstance(item, s.Starred):
                    continue
                for one in self._origins.of(item, inner).origins:
                    yield from self._ordered(query, one)

    def _ordered(self, query: Query, origin: Origin) -> Iterator[Reference]:
        expr, scope = origin.expr, origin.scope
        if origin.element:
            return
        if isinstance(expr, s.Literal) and isinstance(expr.value, str):
            yield Reference(query, "order", "plain", (), expr.value, expr, scope)
        elif isinstance(expr, s.Sequence):
            yield from self._order_path(query, expr.items, scope)
        else:
            yield from self._columns(query, "order", expr, scope, set())

    def _order_path(self, query: Query, items: list[s.Expr], scope: Scope) -> Iterator[Reference]:
        steps: list[Step] = []
        model: SequelizeModel | None = query.model
        for position, item in enumerate(items):
            origin = self._origins.one(item, scope)
            expr = origin.expr if origin is not None else item
            inner = origin.scope if origin is not None else scope
            if isinstance(expr, s.Literal) and isinstance(expr.value, str):
                association = model.alias(expr.value) if model is not None else None
                last = len(items) - 1 == position or (
                    len(items) - 2 == position and not _is_name(items[position + 1])
                )
                if association is None or last:
                    how: How = "path" if steps else "plain"
                    yield Reference(query, "order", how, tuple(steps), expr.value, item, scope)
                    return
                steps.append(Step(expr.value, association.target))
                model = association.target
                continue
            step = self._step(expr, inner)
            if step is None:
                if position == 0 or isinstance(expr, s.Call):
                    yield from self._columns(query, "order", expr, inner, set())
                return
            steps.append(step)
            model = step.model

    def _step(self, expr: s.Expr, scope: Scope) -> Step | None:
        model = self._models.of(expr, scope)
        if model is not None:
            return Step(None, model)
        if not isinstance(expr, s.Mapping):
            return None
        written, alias = expr.get("model"), expr.get("as")
        model = self._models.of(written, scope) if written is not None else None
        if model is None:
            return None
        if alias is None:
            return Step(None, model)
        if isinstance(alias, s.Literal) and isinstance(alias.value, str):
            return Step(alias.value, model)
        return None

    # --- lists of names ---

    def _names(
        self, query: Query, clause: Clause, expr: s.Expr, scope: Scope
    ) -> Iterator[Reference]:
        for origin in self._origins.of(expr, scope).origins:
            if origin.element:
                continue
            if isinstance(origin.expr, s.Sequence):
                for item, inner in self._origins.items(origin):
                    if not isinstance(item, s.Starred):
                        yield from self._name(query, clause, item, inner)
            else:
                yield from self._name(query, clause, origin.expr, origin.scope)

    def _name(
        self, query: Query, clause: Clause, expr: s.Expr, scope: Scope
    ) -> Iterator[Reference]:
        origin = self._origins.one(expr, scope)
        if origin is None:
            return
        written = origin.expr
        if isinstance(written, s.Literal) and isinstance(written.value, str):
            if "." in written.value:
                if clause == "group":
                    yield _dotted(query, clause, "col", written.value, written, origin.scope)
            else:
                yield Reference(query, clause, "plain", (), written.value, written, origin.scope)
        elif isinstance(written, s.Sequence) and clause == "attributes":
            yield from self._renamed(query, written, origin.scope)
        else:
            yield from self._columns(query, clause, written, origin.scope, set())

    def _renamed(self, query: Query, pair: s.Sequence, scope: Scope) -> Iterator[Reference]:
        """``[what, alias]`` among the attributes."""
        if len(pair.items) != 2:
            return
        what = pair.items[0]
        if isinstance(what, s.Literal) and isinstance(what.value, str):
            if what.value.isidentifier():
                yield Reference(query, "attributes", "plain", (), what.value, what, scope)
        else:
            yield from self._columns(query, "attributes", what, scope, set())

    def _attributes(self, query: Query, expr: s.Expr, scope: Scope) -> Iterator[Reference]:
        for origin in self._origins.of(expr, scope).origins:
            if isinstance(origin.expr, s.Mapping) and not origin.element:
                for key, value, inner in self._origins.entries(origin):
                    if isinstance(key, s.Literal) and key.value == "include":
                        yield from self._names(query, "attributes", value, inner)
            elif not origin.element:
                yield from self._names(query, "attributes", origin.expr, origin.scope)


def _is_name(expr: s.Expr) -> bool:
    """May it be more than the direction at the end of an order?"""
    if isinstance(expr, s.Literal) and isinstance(expr.value, str):
        return expr.value.upper() not in DIRECTIONS
    return False


def _is_dollar(name: str) -> bool:
    return len(name) > 2 and name.startswith("$") and name.endswith("$")


def _dotted(
    query: Query, clause: Clause, how: How, text: str, node: s.Expr, scope: Scope
) -> Reference:
    *names, column = text.split(".")
    return Reference(query, clause, how, tuple(Step(name) for name in names), column, node, scope)
