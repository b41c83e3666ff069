"""The calls of Prisma's client: which model they ask, with what, and what comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.prisma.extensions import Extensions
from ci_gate.codemodel.prisma.facts import PrismaModel, PrismaSchema
from ci_gate.codemodel.prisma.rows import RowFinder
from ci_gate.codemodel.prisma.schemas import Schemas
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.values import ExternalValue, InstanceValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.prisma.arguments import Arguments

READS: Final = frozenset({
    "findMany", "findFirst", "findFirstOrThrow", "findUnique", "findUniqueOrThrow", "count",
    "aggregate", "groupBy",
})  # fmt: skip
WRITES: Final = frozenset({
    "create", "createMany", "createManyAndReturn", "update", "updateMany", "updateManyAndReturn",
    "upsert", "delete", "deleteMany",
})  # fmt: skip
#: Methods whose `where` needs a unique field.
BY_UNIQUE: Final = frozenset({"findUnique", "findUniqueOrThrow", "update", "upsert", "delete"})
_CLIENT: Final = frozenset({"@prisma/client.PrismaClient()", "@prisma/client.PrismaClient"})
_CLIENTS: Final = regex(r"^_?(?:db|tx|trx|transaction|client)$", re.IGNORECASE)
#: Methods that the objects of other libraries have as well.
_COMMON: Final = frozenset({"create", "update", "delete", "count", "aggregate"})


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One call of a method of a model. ``sure`` is false where the client was told by its name and
    the model's alone."""

    method: str
    model: PrismaModel
    schema: PrismaSchema
    call: s.Call
    scope: Scope
    client: s.Expr
    sure: bool

    @property
    def path(self) -> str:
        return self.scope.module.path

    @property
    def reads(self) -> bool:
        return self.method in READS

    @property
    def label(self) -> str:
        return f"{self.model.accessor}.{self.method}"

    @property
    def batched(self) -> bool:
        """Does the client make one statement of all such calls of a turn of the event loop?"""
        return self.method in ("findUnique", "findUniqueOrThrow")


@dataclass(frozen=True, slots=True)
class NoModel:
    """A call of a method under a name that is no model of the schema."""

    name: str
    schema: PrismaSchema
    call: s.Call
    read: s.Attribute
    scope: Scope


class Client:
    """Answers for one program."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self.origins = origins
        self.schemas = Schemas(model)
        self.rows = RowFinder(self)

    @cached_property
    def all(self) -> tuple[Query, ...]:
        found = [item for item in self._calls if isinstance(item, Query)]
        return tuple(sorted(found, key=lambda item: (item.path, item.call.span)))

    @cached_property
    def without_model(self) -> tuple[NoModel, ...]:
        return tuple(item for item in self._calls if isinstance(item, NoModel))

    @cached_property
    def of_call(self) -> dict[s.Node, Query]:
        return {item.call: item for item in self.all}

    @cached_property
    def _calls(self) -> tuple[Query | NoModel, ...]:
        return tuple(self._found()) if self.schemas.all else ()

    def _found(self) -> Iterator[Query | NoModel]:
        for method in sorted(READS | WRITES):
            for call, scope in self.model.calls_named(method):
                path = scope.module.path
                if scope.module.language == "python" or is_outside(path):
                    continue
                schema = self.schemas.of(path)
                if schema is None or not isinstance(call.func, s.Attribute):
                    continue
                found = self._of(method, call, call.func.value, scope, schema)
                if found is not None:
                    yield found

    def _of(
        self, method: str, call: s.Call, delegate: s.Expr, scope: Scope, schema: PrismaSchema
    ) -> Query | NoModel | None:
        if isinstance(delegate, s.Name):
            written = self.model.definition(delegate, scope)
            if written is None:
                return None
            delegate, scope_of_client = written
        else:
            scope_of_client = scope
        match delegate:
            case s.Attribute(value=client, name=name):
                pass
            case s.Subscript(value=client, index=s.Literal(value=str(name))):
                pass
            case _:
                return None
        model = schema.of_accessor(name)
        sure = self.is_client(client, scope_of_client)
        if model is None:
            if sure and self._lacks(client, name, scope_of_client, schema):
                read = delegate if isinstance(delegate, s.Attribute) else None
                return NoModel(name, schema, call, read, scope) if read is not None else None
            return None
        if sure is None and self._is_called_so(client, method, scope):
            return Query(method, model, schema, call, scope, client, False)
        return Query(method, model, schema, call, scope, client, True) if sure else None

    # --- clients ---

    def is_client(self, expr: s.Expr, scope: Scope) -> bool | None:
        """Is it Prisma's client, or that of a transaction? None where nothing is known of it."""
        values = self.model.evaluate(expr, scope)
        if not values:
            return None
        return any(
            (isinstance(item, ExternalValue) and item.path in _CLIENT)
            or (isinstance(item, InstanceValue) and self.extends_client(item.cls))
            for item in values
        )

    def _is_called_so(self, client: s.Expr, method: str, scope: Scope) -> bool:
        """Does the name of something unknown, with the method or the imports, tell the client?"""
        name = _last(client)
        if "prisma" in name.lower():
            return True
        return _CLIENTS.match(name) is not None and (
            method not in _COMMON
            or any(
                "prisma" in edge.node.specifier.lower()
                for edge in self.model.imports_of(scope.module.path)
            )
        )

    def extends_client(self, cls: ClassInfo) -> bool:
        """`class PrismaService extends PrismaClient`."""
        return any(
            isinstance(base, ExternalValue) and base.path in _CLIENT
            for base in self.model.ancestors(cls)
        )

    def _lacks(self, client: s.Expr, name: str, scope: Scope, schema: PrismaSchema) -> bool:
        """Has the client surely nothing of that name?"""
        if not schema.complete or not schema.models or name.startswith(("$", "_")):
            return False
        if self.extensions.unknown:
            return False
        for item in self.model.evaluate(client, scope):
            if isinstance(item, InstanceValue):
                if name in self.model.member_names(item.cls):
                    return False
            elif not isinstance(item, ExternalValue) or item.path not in _CLIENT:
                return False
        return True

    @cached_property
    def extensions(self) -> Extensions:
        return Extensions.of(self.model)

    @cached_property
    def arguments(self) -> Arguments:
        from ci_gate.codemodel.prisma.arguments import Arguments  # noqa: PLC0415  a cycle

        return Arguments(self)


def _last(expr: s.Expr) -> str:
    if isinstance(expr, s.Name):
        return expr.id
    if isinstance(expr, s.Call):
        return _last(expr.func)
    return expr.name if isinstance(expr, s.Attribute) else ""
