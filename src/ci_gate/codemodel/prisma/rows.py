"""Rows: what a value holds that came out of a query of Prisma's client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.origins import SAME, Origin, callback_of
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.prisma.client import Client, Query

_MANY: Final = frozenset({"findMany", "createManyAndReturn", "updateManyAndReturn"})
_ONE: Final = frozenset({
    "findFirst", "findFirstOrThrow", "findUnique", "findUniqueOrThrow", "create", "update",
    "upsert", "delete",
})  # fmt: skip
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """``many`` rows of a query, or one; ``whole`` where they are as the query gives them."""

    query: Query
    many: bool
    whole: bool = True


class RowFinder:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._origins = client.origins

    def of(self, expr: s.Expr, scope: Scope, depth: int = 0) -> list[tuple[Rows, Origin]]:
        """The rows that ``expr`` may be."""
        return [
            (rows, origin)
            for origin in self._origins.of(expr, scope).origins
            if (rows := self._at(origin, depth)) is not None
        ]

    def _at(self, origin: Origin, depth: int) -> Rows | None:
        rows = self._whole(origin.expr, origin.scope, depth)
        if rows is None or not origin.element:
            return rows
        return Rows(rows.query, False, rows.whole) if rows.many else None

    def _whole(self, expr: s.Expr, scope: Scope, depth: int) -> Rows | None:
        if depth > _MAX_DEPTH or not isinstance(expr, s.Call):
            return None
        query = self._client.of_call.get(expr)
        if query is not None:
            if query.method in _MANY:
                return Rows(query, True)
            return Rows(query, False) if query.method in _ONE else None
        if not isinstance(expr.func, s.Attribute):
            return None
        name = expr.func.name
        if name in SAME or (name in ("map", "flatMap") and callback_of(expr) is not None):
            for rows, _ in self.of(expr.func.value, scope, depth + 1):
                if rows.many:
                    return Rows(rows.query, True, rows.whole and name in SAME)
        return None
