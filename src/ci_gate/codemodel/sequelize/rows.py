"""Rows: what a value holds that came out of a Sequelize query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.origins import SAME, Found, Origin, callback_of
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

_MANY: Final = frozenset({"findAll", "bulkCreate"})
_ONE: Final = frozenset({"findOne", "findByPk", "create", "build"})
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """``many`` rows of a query, or one. ``what``: the rows themselves (instances, or plain objects
    of a raw query), objects that were made of each, or something else for each of them."""

    query: Query
    many: bool
    what: Literal["rows", "objects", "other"] = "rows"


class RowFinder:
    def __init__(self, models: Models) -> None:
        self._models = models
        self._origins = models.origins

    def of(self, expr: s.Expr, scope: Scope) -> list[tuple[Rows, Origin]]:
        """The rows that ``expr`` may be."""
        return self._all(self._origins.of(expr, scope), 0)

    def _all(self, found: Found, depth: int) -> list[tuple[Rows, Origin]]:
        return [
            (rows, origin)
            for origin in found.origins
            if (rows := self.at(origin, depth)) is not None
        ]

    def at(self, origin: Origin, depth: int = 0) -> Rows | None:
        """The rows that are written at an origin."""
        rows = self._whole(origin.expr, origin.scope, depth)
        if rows is None or not origin.element:
            return rows
        return Rows(rows.query, False, rows.what) if rows.many else None

    def _whole(self, expr: s.Expr, scope: Scope, depth: int) -> Rows | None:
        if depth > _MAX_DEPTH:
            return None
        if isinstance(expr, s.Attribute) and expr.name == "rows":
            for origin in self._origins.of(expr.value, scope).origins:
                query = self._models.queries.of_call.get(origin.expr)
                if query is not None and query.method == "findAndCountAll":
                    return Rows(query, True)
            return None
        if not isinstance(expr, s.Call):
            return None
        query = self._models.queries.of_call.get(expr)
        if query is not None:
            if query.method in _MANY:
                return Rows(query, True)
            return Rows(query, False) if query.method in _ONE else None
        if not isinstance(expr.func, s.Attribute):
            return None
        base, name = expr.func.value, expr.func.name
        if name in SAME or name in ("map", "flatMap"):
            inner = self._origins.of(base, scope)
            for rows, _ in self._all(inner, depth + 1):
                if rows.many:
                    what = rows.what if name in SAME else _made(expr)
                    return Rows(rows.query, True, what)
        return None


def _made(call: s.Call) -> Literal["rows", "objects", "other"]:
    """What ``rows.map(callback)`` makes of each row."""
    callback = callback_of(call)
    if callback is None:
        return "other"
    returned = [
        item.value
        for statement in callback.body
        for item in s.walk(statement, into_functions=False)
        if isinstance(item, s.Return)
    ]
    return "objects" if returned and all(isinstance(r, s.Mapping) for r in returned) else "other"
