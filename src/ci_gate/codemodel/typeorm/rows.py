"""Rows: what a value holds that came out of a query of TypeORM."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.origins import SAME, Found, Origin, Origins, callback_of
from ci_gate.codemodel.typeorm.builder import Builders, Built
from ci_gate.codemodel.typeorm.queries import Queries, Query
from ci_gate.data import dataclass

_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """``many`` rows of a query or statement, or one."""

    query: Query | Built
    many: bool


class RowFinder:
    def __init__(self, origins: Origins, queries: Queries, builders: Builders) -> None:
        self._origins = origins
        self._queries = queries
        self._builders = builders

    def of(self, expr: s.Expr, scope: Scope, depth: int = 0) -> list[Rows]:
        """The rows that ``expr`` may be."""
        return self._all(self._origins.of(expr, scope), depth)

    def _all(self, found: Found, depth: int) -> list[Rows]:
        rows = [self._at(origin, depth) for origin in found.origins]
        return [item for item in rows if item is not None]

    def _at(self, origin: Origin, depth: int) -> Rows | None:
        expr = origin.expr
        if isinstance(expr, s.Subscript) and not origin.element:
            return self._counted(expr, origin.scope)
        if origin.element:
            counted = self._pair(expr)
            if counted is not None:  # `const [rows, total] = …`: the first of two
                return Rows(counted, True)
        rows = self._whole(expr, origin.scope, depth)
        if rows is None or not origin.element:
            return rows
        return Rows(rows.query, False) if rows.many else None

    def _counted(self, expr: s.Subscript, scope: Scope) -> Rows | None:
        """``result[0]`` of a list with its count."""
        if not isinstance(expr.index, s.Literal) or expr.index.value != 0:
            return None
        for origin in self._origins.of(expr.value, scope).origins:
            pair = self._pair(origin.expr)
            if pair is not None:
                return Rows(pair, True)
        return None

    def _pair(self, expr: s.Expr) -> Query | Built | None:
        query = self._queries.of_call.get(expr)
        if query is not None:
            return query if query.counted else None
        built = self._builders.of_call.get(expr)
        if built is not None and _end_of(expr) == "getManyAndCount":
            return built
        return None

    def _whole(self, expr: s.Expr, scope: Scope, depth: int) -> Rows | None:
        if depth > _MAX_DEPTH or not isinstance(expr, s.Call):
            return None
        query = self._queries.of_call.get(expr)
        if query is not None:
            return Rows(query, query.many) if query.many or query.one else None
        built = self._builders.of_call.get(expr)
        if built is not None:
            name = _end_of(expr)
            if name in ("getMany", "getRawMany"):
                return Rows(built, True)
            return Rows(built, False) if name in ("getOne", "getRawOne", "getOneOrFail") else None
        if not isinstance(expr.func, s.Attribute):
            return None
        name = expr.func.name
        if name in SAME or (name in ("map", "flatMap") and callback_of(expr) is not None):
            for rows in self.of(expr.func.value, scope, depth + 1):
                if rows.many:
                    return rows
        return None


def _end_of(expr: s.Expr) -> str:
    func = expr.func if isinstance(expr, s.Call) else None
    return func.name if isinstance(func, s.Attribute) else ""
