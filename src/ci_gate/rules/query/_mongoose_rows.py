"""Mongoose: where documents come from, and which calls ask for more of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.mongoose.queries import MongooseQueries, Query
from ci_gate.codemodel.sequelize.columns import constant
from ci_gate.codemodel.sequelize.origins import SAME
from ci_gate.rules.query._row_sources import Asked, Listing

_SMALL: Final = 5
_MAX_DEPTH: Final = 6


class MongooseRows:
    remedy = (
        "Ask for all documents at once before the loop (`{ _id: { $in: ids } }`, `aggregate` with "
        "`$group`), or `populate` the path in the query of the list."
    )

    def __init__(self, mongoose: MongooseQueries) -> None:
        self._mongoose = mongoose

    def present(self) -> bool:
        return bool(self._mongoose.all)

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        for query in self._lists(expr, scope, 0):
            yield Listing(query.model.name, query.path, query.call)

    def _lists(self, expr: s.Expr, scope: Scope, depth: int) -> Iterator[Query]:
        if depth > _MAX_DEPTH:
            return
        for origin in self._mongoose.models.origins.of(expr, scope).origins:
            query = self._mongoose.of_call.get(origin.expr)
            if query is not None:
                if query.method == "find" and not origin.element and not self._is_small(query):
                    yield query
            elif (
                isinstance(origin.expr, s.Call)
                and isinstance(origin.expr.func, s.Attribute)
                and origin.expr.func.name in SAME
                and not origin.element
            ):
                yield from self._lists(origin.expr.func.value, origin.scope, depth + 1)

    def _is_small(self, query: Query) -> bool:
        limit = query.chain.step("limit")
        given = limit.argument(0) if limit is not None else None
        if given is None:
            return False
        number = constant(given, query.scope, self._mongoose.models.origins)
        return isinstance(number, int) and number <= _SMALL

    def asked(self, call: s.Call) -> Asked | None:
        query = self._mongoose.of_call.get(call)
        return None if query is None else Asked(query.label, query.path, query.reads)

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """What methods of documents do is not followed."""
        del call, scope
        return None
