"""What TypeORM's calls are given: names in conditions, ``select``, ``relations``, ``order``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.objectliterals import ObjectLiterals
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.queries import BY_CONDITION, BY_OPTIONS, Query
from ci_gate.data import dataclass

How = Literal["where", "select", "order", "relations", "data", "set"]

FIND_OPTIONS: Final = frozenset({
    "where", "select", "relations", "order", "skip", "take", "cache", "lock", "withDeleted",
    "loadRelationIds", "loadEagerRelations", "join", "transaction", "comment",
    "relationLoadStrategy",
})  # fmt: skip
_CONDITION_FIRST: Final = BY_CONDITION | {
    "delete", "softDelete", "restore", "update", "increment", "decrement",
}  # fmt: skip
_STORES: Final = frozenset({"create", "save", "insert"})
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A name under which ``entity`` is asked for something. ``how``: a condition, a column to load,
    a sort key, a relation to load, a value of a new row (``data``) or of an UPDATE (``set``).
    ``options``: the name is an option of ``find`` in the place of a condition."""

    how: How
    entity: TypeormEntity | None
    name: str
    key: s.Expr
    scope: Scope
    query: Query
    options: bool = False


class OptionNames(ObjectLiterals):
    """Answers for one program."""

    def __init__(self, entities: TypeormEntities) -> None:
        super().__init__(entities.model, entities.origins)
        self._entities = entities
        self._uses: dict[Query, tuple[Use, ...]] = {}

    def uses(self, query: Query) -> tuple[Use, ...]:
        found = self._uses.get(query)
        if found is None:
            found = self._uses[query] = tuple(self._of(query))
        return found

    def _of(self, query: Query) -> Iterator[Use]:
        first = query.argument(0)
        if first is None:
            return
        entity = query.entity
        if query.method in BY_OPTIONS:
            second = query.argument(1)  # `findOne(id, { relations: [...] })`
            for given in (first, second) if entity is not None else ():
                if given is not None and entity is not None:
                    yield from self._options(query, entity, given)
            return
        if query.method in _CONDITION_FIRST:
            yield from self._misplaced(query, first)
            if entity is not None:
                yield from self._where(query, entity, first, query.scope, 0)
                if query.method == "update":
                    yield from self._stored(query, entity, "set")
        elif query.method in _STORES and entity is not None:
            yield from self._stored(query, entity, "data")

    # --- options ---

    def _options(self, query: Query, entity: TypeormEntity, expr: s.Expr) -> Iterator[Use]:
        for origin in self.mappings(expr, query.scope):
            entries = list(self.entries(origin))
            names = {name for name, *_ in entries}
            if not names & FIND_OPTIONS:
                if any(entity.has(name) for name in names):
                    yield from self._where(query, entity, origin.expr, origin.scope, 0)
                continue
            for name, _, value, scope in entries:
                if name == "where":
                    yield from self._where(query, entity, value, scope, 0)
                elif name == "order":
                    yield from self._tree(query, entity, "order", value, scope, 0)
                elif name in ("select", "relations"):
                    how: How = "select" if name == "select" else "relations"
                    yield from self._texts(query, entity, how, value, scope)
                    yield from self._tree(query, entity, how, value, scope, 0)

    def _misplaced(self, query: Query, expr: s.Expr) -> Iterator[Use]:
        """``delete({ where: { … } })``: options of ``find`` where a condition belongs."""
        for origin in self.mappings(expr, query.scope):
            for name, key, value, scope in self.entries(origin):
                if (
                    name == "where"
                    and isinstance(value, s.Mapping | s.Sequence)
                    and (query.entity is None or not query.entity.has(name))
                ):
                    yield Use("where", query.entity, name, key, scope, query, options=True)

    # --- conditions ---

    def _where(
        self, query: Query, entity: TypeormEntity, expr: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Use]:
        if depth > _MAX_DEPTH:
            return
        for origin in self.each(expr, scope):
            for name, key, value, inner in self.entries(origin):
                misplaced = name == "where" and isinstance(value, s.Mapping | s.Sequence)
                if misplaced and depth == 0 and not entity.has(name):
                    continue
                yield Use("where", entity, name, key, inner, query)
                below = self._below(entity, name)
                if below is not None and isinstance(value, s.Mapping):
                    yield from self._where(query, below, value, inner, depth + 1)

    def _below(self, entity: TypeormEntity, name: str) -> TypeormEntity | None:
        if name in entity.relations:
            return self._entities.target(entity, name)
        return entity.embedded.get(name)

    # --- what is loaded, and in which order ---

    def _tree(
        self, query: Query, entity: TypeormEntity, how: How, expr: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Use]:
        if depth > _MAX_DEPTH:
            return
        for origin in self.mappings(expr, scope):
            for name, key, value, inner in self.entries(origin):
                if "." in name:
                    yield from self._path(query, entity, how, name, key, inner)
                    continue
                yield Use(how, entity, name, key, inner, query)
                below = self._below(entity, name)
                if below is not None and isinstance(value, s.Mapping):
                    yield from self._tree(query, below, how, value, inner, depth + 1)

    def _texts(
        self, query: Query, entity: TypeormEntity, how: How, expr: s.Expr, scope: Scope
    ) -> Iterator[Use]:
        """``["author", "comments.author"]``."""
        for origin in self._origins.of(expr, scope).origins:
            if not isinstance(origin.expr, s.Sequence) or origin.element:
                continue
            for item, inner in self._origins.items(origin):
                if isinstance(item, s.Literal) and isinstance(item.value, str):
                    yield from self._path(query, entity, how, item.value, item, inner)

    def _path(
        self, query: Query, entity: TypeormEntity, how: How, path: str, key: s.Expr, scope: Scope
    ) -> Iterator[Use]:
        at: TypeormEntity | None = entity
        for name in path.split("."):
            if at is None or not name.isidentifier():
                return
            yield Use(how, at, name, key, scope, query)
            at = self._below(at, name)

    # --- values to store ---

    def _stored(self, query: Query, entity: TypeormEntity, how: How) -> Iterator[Use]:
        value = query.argument(1 if how == "set" else 0)
        for origin in self._objects(value, query.scope) if value is not None else ():
            for key, _, inner in self._origins.entries(origin):
                if isinstance(key, s.Literal) and isinstance(key.value, str):
                    yield Use(how, entity, key.value, key, inner, query)

    def _objects(self, expr: s.Expr, scope: Scope) -> Iterator[Origin]:
        """Object literals that stand in the call itself, or in a variable of its function."""
        if isinstance(expr, s.Name) and not all(
            item.kind == "value" and isinstance(item.node, s.Mapping)
            for item in self._model.bindings(expr.id, scope)
        ):
            return
        if isinstance(expr, s.Mapping | s.Sequence | s.Name):
            for origin in self.each(expr, scope):
                if origin.scope.function is scope.function:
                    yield origin
