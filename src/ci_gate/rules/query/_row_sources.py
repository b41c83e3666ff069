"""JavaScript: where an ORM's rows come from, and which calls ask for more of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.prisma.client import Client
from ci_gate.codemodel.sequelize.columns import constant
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.codemodel.typeorm.builder import READS as BUILDER_READS
from ci_gate.codemodel.typeorm.builder import Built
from ci_gate.codemodel.typeorm.queries import Query as TypeormQuery
from ci_gate.codemodel.typeorm.typeorm import Typeorm
from ci_gate.data import dataclass

_SMALL: Final = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """A query that gives many rows of ``model``."""

    model: str
    path: str
    call: s.Node


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: whether it only reads, and whether the ORM makes one of all such calls that are
    made at once. ``at_once``: its result is there when the call returns, without ``await``."""

    what: str
    path: str
    reads: bool
    batched: bool = False
    at_once: bool = False


class RowSource(Protocol):
    """One ORM's answers."""

    remedy: str

    def present(self) -> bool: ...

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        """The queries whose rows ``expr`` may be, without those that give a handful at most."""
        ...

    def asked(self, call: s.Call) -> Asked | None:
        """The query that the call is."""
        ...

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """A method of a row that asks for what belongs to it."""
        ...


class SequelizeRows:
    remedy = (
        "Ask for all rows at once before the loop (`where: { id: ids }`, a grouped count), or "
        "include the association in the query of the list."
    )

    def __init__(self, models: Models) -> None:
        self._models = models

    def present(self) -> bool:
        return bool(self._models.all)

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        for rows, _ in self._models.rows.of(expr, scope):
            if rows.many and not self._is_small(rows.query):
                yield Listing(rows.query.model.name, rows.query.path, rows.query.call)

    def _is_small(self, query: Query) -> bool:
        for value, scope in self._models.queries.option(query, "limit"):
            number = constant(value, scope, self._models.origins)
            if isinstance(number, int) and number <= _SMALL:
                return True
        return False

    def asked(self, call: s.Call) -> Asked | None:
        query = self._models.queries.of_call.get(call)
        if query is None:
            return None
        return Asked(f"{query.model.name}.{query.method}", query.path, query.reads)

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """``article.getTags()``: the method that an association has added."""
        func = call.func
        if not isinstance(func, s.Attribute) or not func.name.startswith(("get", "count", "has")):
            return None
        for rows, _ in self._models.rows.of(func.value, scope):
            model = rows.query.model
            if rows.what == "rows" and not rows.many:
                for item in model.associations:
                    if func.name in item.accessors():
                        return f"{model.name}.{func.name}"
        return None


class PrismaRows:
    remedy = (
        "Ask for all rows at once before the loop (`where: { id: { in: ids } }`, `groupBy`), or "
        "`include` the relation in the query of the list."
    )

    def __init__(self, client: Client) -> None:
        self._client = client

    def present(self) -> bool:
        return bool(self._client.all)

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        for rows, _ in self._client.rows.of(expr, scope):
            query = rows.query
            if rows.many and query.reads and not self._is_small(query.call, query.scope):
                yield Listing(query.model.name, query.path, query.call)

    def _is_small(self, call: s.Call, scope: Scope) -> bool:
        options = call.argument(0)
        if options is None:
            return False
        for origin in self._client.arguments.mappings(options, scope):
            for name, _, value, inner in self._client.arguments.entries(origin):
                number = constant(value, inner, self._client.origins) if name == "take" else None
                if isinstance(number, int) and abs(number) <= _SMALL:
                    return True
        return False

    def asked(self, call: s.Call) -> Asked | None:
        query = self._client.of_call.get(call)
        if query is None:
            return None
        return Asked(query.label, query.path, query.reads, query.batched)

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """Rows of Prisma are plain objects."""
        del call, scope
        return None


class TypeormRows:
    remedy = (
        "Ask for all rows at once before the loop (`In(ids)`, a grouped count), or load the "
        "relation with the list (`relations`, `leftJoinAndSelect`)."
    )

    def __init__(self, typeorm: Typeorm) -> None:
        self._typeorm = typeorm

    def present(self) -> bool:
        return bool(self._typeorm.queries.all)

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        for rows in self._typeorm.rows.of(expr, scope):
            query = rows.query
            if rows.many and query.entity is not None and not self._is_small(query):
                yield Listing(query.entity.name, query.path, query.call)

    def _is_small(self, query: TypeormQuery | Built) -> bool:
        """Does it take a handful at most?"""
        if isinstance(query, Built):
            return any(name in ("take", "limit") for name in query.steps)
        options = query.argument(0)
        for origin in self._typeorm.options.mappings(options, query.scope) if options else ():
            for name, _, value, inner in self._typeorm.options.entries(origin):
                number = (
                    constant(value, inner, self._typeorm.entities.origins)
                    if name == "take"
                    else None
                )
                if isinstance(number, int) and number <= _SMALL:
                    return True
        return False

    def asked(self, call: s.Call) -> Asked | None:
        query = self._typeorm.queries.of_call.get(call)
        if query is not None:
            return None if query.makes else Asked(query.label, query.path, query.reads)
        built = self._typeorm.builders.of_call.get(call)
        if built is None:
            return None
        name = getattr(call.func, "name", "")
        return Asked(f"{built.label}().{name}", built.path, name in BUILDER_READS)

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """Rows of TypeORM have no methods that ask."""
        del call, scope
        return None
