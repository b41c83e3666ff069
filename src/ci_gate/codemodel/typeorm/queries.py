"""The calls of TypeORM's repositories and managers: which entity they ask, with what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.repositories import Repositories
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

#: Methods that take an object of options first.
BY_OPTIONS: Final = frozenset({
    "find", "findOne", "findOneOrFail", "findAndCount", "count", "exist", "exists",
})  # fmt: skip
#: Methods that take a condition first.
BY_CONDITION: Final = frozenset({
    "findBy", "findOneBy", "findOneByOrFail", "findAndCountBy", "countBy", "existsBy",
})  # fmt: skip
READS: Final = BY_OPTIONS | BY_CONDITION | {
    "findByIds", "findOneById", "sum", "average", "minimum", "maximum",
}  # fmt: skip
WRITES: Final = frozenset({
    "save", "insert", "update", "upsert", "delete", "remove", "softDelete", "softRemove", "restore",
    "recover", "increment", "decrement", "clear",
})  # fmt: skip
#: Methods that make objects and ask nothing.
_MAKES: Final = frozenset({"create", "merge"})
_MANY: Final = frozenset({"find", "findBy", "findByIds"})
_ONE: Final = frozenset({"findOne", "findOneBy", "findOneOrFail", "findOneByOrFail", "findOneById"})
_COUNTED: Final = frozenset({"findAndCount", "findAndCountBy"})
_MANAGERS: Final = frozenset({
    "typeorm.EntityManager()", "typeorm.DataSource().manager", "typeorm.getManager()",
    "typeorm.QueryRunner().manager", "typeorm.DataSource().createQueryRunner().manager",
    "typeorm.Connection().manager", "typeorm.getConnection().manager",
    "typeorm.DataSource().createEntityManager()", "typeorm.createConnection().manager",
    "typeorm.getConnection().createQueryRunner().manager",
})  # fmt: skip
_REPOSITORIES: Final = frozenset({
    "typeorm.Repository()", "typeorm.TreeRepository()", "typeorm.getRepository()",
    "typeorm.DataSource().getRepository()", "typeorm.EntityManager().getRepository()",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One call. ``first`` is the position of the first argument after the entity that a manager is
    given; ``entity`` is None where it is not known, or a manager is given rows alone
    (``manager.save(user)``)."""

    method: str
    entity: TypeormEntity | None
    call: s.Call
    scope: Scope
    base: s.Expr
    first: int = 0
    manager: bool = False

    @property
    def path(self) -> str:
        return self.scope.module.path

    @property
    def reads(self) -> bool:
        return self.method in READS

    @property
    def writes(self) -> bool:
        return self.method in WRITES

    @property
    def makes(self) -> bool:
        """Is there nothing to wait for?"""
        return self.method in _MAKES

    @property
    def many(self) -> bool:
        return self.method in _MANY

    @property
    def one(self) -> bool:
        return self.method in _ONE

    @property
    def counted(self) -> bool:
        """Does it give a list of rows and their number?"""
        return self.method in _COUNTED

    @property
    def label(self) -> str:
        owner = "manager" if self.manager else "repository"
        return f"{self.entity.name if self.entity is not None else owner}.{self.method}"

    def argument(self, position: int) -> s.Expr | None:
        return self.call.argument(self.first + position)


class Queries:
    """Answers for one program."""

    def __init__(self, entities: TypeormEntities, repositories: Repositories) -> None:
        self._entities = entities
        self._repositories = repositories
        self._model: CodeModel = entities.model

    @cached_property
    def all(self) -> tuple[Query, ...]:
        if not self._entities.all:
            return ()
        return tuple(sorted(self._found(), key=lambda item: (item.path, item.call.span)))

    @cached_property
    def of_call(self) -> dict[s.Node, Query]:
        return {item.call: item for item in self.all}

    def _found(self) -> Iterator[Query]:
        for method in sorted(READS | WRITES | _MAKES):
            for call, scope in self._model.calls_named(method):
                path = scope.module.path
                if scope.module.language == "python" or is_outside(path):
                    continue
                if isinstance(call.func, s.Attribute):
                    found = self._of(method, call, call.func.value, scope)
                    if found is not None:
                        yield found

    def _of(self, method: str, call: s.Call, base: s.Expr, scope: Scope) -> Query | None:
        entity = self._repositories.of(base, scope)
        if entity is not None:
            if self._is_own(base, method, scope):
                return None
            return Query(method, entity, call, scope, base)
        if self._is_repository(base, scope):
            return Query(method, None, call, scope, base)
        if not self.is_manager(base, scope):
            return None
        given = call.argument(0)
        named = self._entities.of(given, scope) if given is not None else None
        if named is not None:
            return Query(method, named, call, scope, base, 1, manager=True)
        return Query(method, None, call, scope, base, 0, manager=True)

    def _is_own(self, base: s.Expr, method: str, scope: Scope) -> bool:
        """Does a class of the project define the method itself?"""
        values = self._model.evaluate(s.Attribute(base.span, base, method, base.span), scope)
        return any(not isinstance(item, ExternalValue) for item in values)

    def _is_repository(self, expr: s.Expr, scope: Scope) -> bool:
        """Is it a repository of an entity that is not known?"""
        values = self._model.evaluate(expr, scope)
        return bool(values) and all(
            isinstance(item, ExternalValue) and item.path in _REPOSITORIES for item in values
        )

    def is_manager(self, expr: s.Expr, scope: Scope) -> bool:
        values = self._model.evaluate(expr, scope)
        return bool(values) and all(
            isinstance(item, ExternalValue) and item.path in _MANAGERS for item in values
        )
