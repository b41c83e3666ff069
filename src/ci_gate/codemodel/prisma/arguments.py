"""What Prisma's calls are given: each name in a `where`, `select`, `include`, `data`…

With the model that it is asked of; followed through object literals as far as they are written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.objectliterals import ObjectLiterals
from ci_gate.codemodel.prisma.client import BY_UNIQUE, Client, Query
from ci_gate.codemodel.prisma.facts import PrismaField, PrismaModel
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.data import dataclass

How = Literal["where", "unique", "select", "include", "omit", "order", "data", "list"]

_LOGIC: Final = frozenset({"AND", "OR", "NOT"})
_MANY: Final = frozenset({"some", "every", "none"})
_ONE: Final = frozenset({"is", "isNot"})
_MAX_DEPTH: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A name under which something is asked of ``model``, or stored in it.

    ``how``: a condition, one of a unique look-up, a field to load, a sort key, a value to store, or
    one of a list of fields (`distinct`, `by`). ``value`` is None in such a list."""

    how: How
    model: PrismaModel
    name: str
    key: s.Expr
    value: s.Expr | None
    scope: Scope
    query: Query

    @property
    def field(self) -> PrismaField | None:
        return self.model.fields.get(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The options of a query (``top``), or of a relation that is loaded with it."""

    model: PrismaModel
    query: Query
    origin: Origin
    keys: dict[str, list[tuple[s.Expr, s.Expr, Scope]]]
    top: bool


class Arguments(ObjectLiterals):
    """Answers for one program."""

    def __init__(self, client: Client) -> None:
        super().__init__(client.model, client.origins)
        self._client = client
        self._uses: dict[Query, tuple[Use, ...]] = {}
        self._levels: dict[Query, tuple[Level, ...]] = {}
        self._visited: set[tuple[s.Node, PrismaModel, str]] = set()

    # --- the parts of a query ---

    def levels(self, query: Query) -> tuple[Level, ...]:
        """The query's own options, and those of the relations that it loads."""
        found = self._levels.get(query)
        if found is None:
            self._visited.clear()
            options = query.call.argument(0)
            found = self._levels[query] = (
                ()
                if options is None
                else tuple(self._level(query, query.model, options, query.scope, 0))
            )
        return found

    def _is_new(self, node: s.Node, model: PrismaModel, how: str) -> bool:
        """Is an object literal met for the first time in a query?"""
        key = node, model, how
        if key in self._visited:
            return False
        self._visited.add(key)
        return True

    def _level(
        self, query: Query, model: PrismaModel, expr: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Level]:
        if depth > _MAX_DEPTH:
            return
        for origin in self.mappings(expr, scope):
            if not self._is_new(origin.expr, model, "top" if depth == 0 else "level"):
                continue
            keys: dict[str, list[tuple[s.Expr, s.Expr, Scope]]] = {}
            for name, key, value, inner in self.entries(origin):
                keys.setdefault(name, []).append((key, value, inner))
            level = Level(model, query, origin, keys, depth == 0)
            yield level
            for how in ("select", "include"):
                for _, value, inner in keys.get(how, ()):
                    for name, _, below, deeper in self._all(value, inner):
                        target = self._target(query, model, name)
                        if target is not None:
                            yield from self._level(query, target, below, deeper, depth + 1)

    def _all(self, expr: s.Expr, scope: Scope) -> Iterator[tuple[str, s.Expr, s.Expr, Scope]]:
        for origin in self.mappings(expr, scope):
            yield from self.entries(origin)

    def _target(self, query: Query, model: PrismaModel, name: str) -> PrismaModel | None:
        item = model.fields.get(name)
        return query.schema.target(item) if item is not None and item.known else None

    def uses(self, query: Query) -> tuple[Use, ...]:
        """Every name that a query uses of its model, and of the models that it leads to."""
        found = self._uses.get(query)
        if found is None:
            levels = self.levels(query)
            self._visited.clear()
            found = self._uses[query] = tuple(self._all_uses(levels))
        return found

    def _all_uses(self, levels: tuple[Level, ...]) -> Iterator[Use]:
        for level in levels:
            for name, given in level.keys.items():
                for _, value, scope in given:
                    yield from self._of_option(level, name, value, scope)

    def _of_option(self, level: Level, name: str, value: s.Expr, scope: Scope) -> Iterator[Use]:
        query, model, top = level.query, level.model, level.top
        if name == "where":
            unique = top and query.method in BY_UNIQUE
            yield from self._where(query, model, value, scope, unique, 0)
        elif name == "cursor":
            yield from self._where(query, model, value, scope, True, 0)
        elif name in ("select", "include", "omit") and query.method not in ("count", "groupBy"):
            how: How = "select" if name == "select" else "include" if name == "include" else "omit"
            for key, node, below, inner in self._all(value, scope):
                yield Use(how, model, key, node, below, inner, query)
        elif name == "orderBy" and query.method != "groupBy":
            yield from self._order(query, model, value, scope, 0)
        elif name == "distinct":
            yield from self._list(query, model, value, scope)
        elif top and name in ("data", "create", "update"):
            yield from self._data(query, model, value, scope, 0)

    # --- conditions ---

    def _where(
        self, query: Query, model: PrismaModel, expr: s.Expr, scope: Scope, unique: bool, depth: int
    ) -> Iterator[Use]:
        if depth > _MAX_DEPTH:
            return
        how: How = "unique" if unique else "where"
        for origin in self.mappings(expr, scope):
            if not self._is_new(origin.expr, model, how):
                continue
            for name, key, value, inner in self.entries(origin):
                if name in _LOGIC:
                    for part in self.each(value, inner):
                        yield from self._where(
                            query, model, part.expr, part.scope, False, depth + 1
                        )
                    continue
                yield Use(how, model, name, key, value, inner, query)
                yield from self._below(query, model, name, value, inner, depth)

    def _below(
        self, query: Query, model: PrismaModel, name: str, value: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Use]:
        """The conditions on what a relation leads to."""
        target = self._target(query, model, name)
        if target is None:
            return
        many = model.fields[name].many
        for origin in self.mappings(value, scope):
            steps = {key for key, *_ in self.entries(origin)}
            if not many and not steps & (_ONE | _MANY):
                yield from self._where(query, target, value, scope, False, depth + 1)
                continue
            for key, _, below, inner in self.entries(origin):
                if key in (_MANY if many else _ONE):
                    yield from self._where(query, target, below, inner, False, depth + 1)

    # --- order and lists ---

    def _order(
        self, query: Query, model: PrismaModel, expr: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Use]:
        if depth > _MAX_DEPTH:
            return
        for origin in self.each(expr, scope):
            for name, key, value, inner in self.entries(origin):
                if name.startswith("_"):
                    continue
                yield Use("order", model, name, key, value, inner, query)
                target = self._target(query, model, name)
                if target is not None and not model.fields[name].many:
                    yield from self._order(query, target, value, inner, depth + 1)

    def _list(self, query: Query, model: PrismaModel, expr: s.Expr, scope: Scope) -> Iterator[Use]:
        for origin in self._origins.of(expr, scope).origins:
            if isinstance(origin.expr, s.Sequence) and not origin.element:
                for item, inner in self._origins.items(origin):
                    if isinstance(item, s.Literal) and isinstance(item.value, str):
                        yield Use("list", model, item.value, item, None, inner, query)

    # --- values to store ---

    def _data(
        self, query: Query, model: PrismaModel, expr: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Use]:
        if depth > _MAX_DEPTH:
            return
        for origin in self.each(expr, scope):
            if not self._is_new(origin.expr, model, "data"):
                continue
            for name, key, value, inner in self.entries(origin):
                yield Use("data", model, name, key, value, inner, query)
                target = self._target(query, model, name)
                if target is None:
                    continue
                for written in self.mappings(value, inner):
                    for step, _, below, deeper in self.entries(written):
                        yield from self._nested(query, target, step, below, deeper, depth + 1)

    def _nested(
        self, query: Query, model: PrismaModel, step: str, value: s.Expr, scope: Scope, depth: int
    ) -> Iterator[Use]:
        """What is done to the rows that a relation leads to."""
        if step == "create":
            yield from self._data(query, model, value, scope, depth)
        elif step in ("connect", "set"):
            for origin in self.each(value, scope):
                yield from self._where(query, model, origin.expr, origin.scope, True, depth)
        elif step in ("connectOrCreate", "createMany", "upsert"):
            for origin in self.each(value, scope):
                for name, _, below, inner in self.entries(origin):
                    if name in ("create", "data", "update"):
                        yield from self._data(query, model, below, inner, depth)
                    elif name == "where" and step == "connectOrCreate":
                        yield from self._where(query, model, below, inner, True, depth)
        elif step in ("update", "updateMany"):
            for origin in self.each(value, scope):
                names = {name for name, *_ in self.entries(origin)}
                if "data" in names and "data" not in model.fields:
                    for name, _, below, inner in self.entries(origin):
                        if name == "data":
                            yield from self._data(query, model, below, inner, depth)
                elif names and not names & {"where", "data"}:
                    yield from self._data(query, model, origin.expr, origin.scope, depth)
