"""The queries that a program makes through Sequelize's models, and what they are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import Association, SequelizeModel
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

#: Method of a model -> the position of its options.
OPTIONS: Final = {
    "findAll": 0, "findOne": 0, "findByPk": 1, "findAndCountAll": 0, "count": 0, "max": 1,
    "min": 1, "sum": 1, "findOrCreate": 0, "findOrBuild": 0, "findCreateFind": 0, "create": 1,
    "bulkCreate": 1, "build": 1, "update": 1, "upsert": 1, "destroy": 0, "restore": 0,
    "increment": 1, "decrement": 1, "truncate": 0,
}  # fmt: skip
READS: Final = frozenset({
    "findAll", "findOne", "findByPk", "findAndCountAll", "count", "max", "min", "sum",
})  # fmt: skip
WRITES: Final = frozenset(OPTIONS) - READS - {"build", "findOrBuild"}
#: Methods whose first argument holds the values to store.
VALUES: Final = frozenset({"create", "bulkCreate", "update", "upsert"})
_MAX_DEPTH: Final = 6

How = Literal["model", "association", "name"]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One call of a model's method; or the options that the model's scope ``named`` gives, written
    at ``given``."""

    method: str
    model: SequelizeModel
    call: s.Call
    scope: Scope
    given: s.Expr | None = None
    named: str | None = None

    @property
    def title(self) -> str:
        if self.named is not None:
            return f"The scope `{self.named}` of {self.model.name}"
        return f"The query on {self.model.name}"

    @property
    def path(self) -> str:
        return self.scope.module.path

    @property
    def options(self) -> s.Expr | None:
        return self.given or self.call.argument(OPTIONS[self.method])

    @property
    def scoped(self) -> bool:
        """``Model.scope("page").findAll()``: another scope than the default one."""
        func = self.call.func
        return isinstance(func, s.Attribute) and isinstance(func.value, s.Call)

    @property
    def reads(self) -> bool:
        return self.method in READS


@dataclass(frozen=True, slots=True, eq=False)
class Include:
    """One entry of an ``include``. ``source`` is the model that it is asked of; ``target`` and
    ``association`` are None where they are not known, ``alias`` where none is given.

    ``certain`` is false where the entry, its model or its alias could not be read. ``how`` says
    which of ``model``, ``association`` or a bare name it was written with. ``options`` is the
    object literal, if it is one; ``parent`` the include that this one is nested in."""

    node: s.Expr
    scope: Scope
    source: SequelizeModel
    query: Query
    how: How
    target: SequelizeModel | None
    alias: str | None
    association: Association | None
    certain: bool
    options: Origin | None = None
    parent: Include | None = None

    @property
    def path(self) -> str:
        return self.scope.module.path


class Queries:
    """Answers for one program."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self._origins = models.origins
        self._includes: dict[Query, tuple[Include, ...]] = {}

    @cached_property
    def all(self) -> tuple[Query, ...]:
        if not self.models.all:
            return ()
        return tuple(sorted(self._found(), key=lambda item: (item.path, item.call.span)))

    @cached_property
    def of_call(self) -> dict[s.Node, Query]:
        return {item.call: item for item in self.all}

    def _found(self) -> Iterator[Query]:
        seen: set[s.Node] = set()
        for method in OPTIONS:
            for call, scope in self.models.model.calls_named(method):
                if call in seen or not isinstance(call.func, s.Attribute):
                    continue
                seen.add(call)
                if scope.module.language == "python" or is_outside(scope.module.path):
                    continue
                model = self.models.of(call.func.value, scope)
                if model is not None and not model.abstract:
                    yield Query(method, model, call, scope)

    # --- parts of the options ---

    def option(self, query: Query, name: str) -> list[tuple[s.Expr, Scope]]:
        """What the option may be."""
        options = query.options
        if options is None:
            return []
        found: list[tuple[s.Expr, Scope]] = []
        for origin in self._origins.of(options, query.scope).origins:
            found.extend(self.entry(origin, name))
        return found

    def entry(self, origin: Origin, name: str, depth: int = 0) -> list[tuple[s.Expr, Scope]]:
        """The values that an object literal has under ``name``, as they are written."""
        found: list[tuple[s.Expr, Scope]] = []
        if not isinstance(origin.expr, s.Mapping) or origin.element or depth > _MAX_DEPTH:
            return found
        for key, value, scope in self._origins.entries(origin):
            if key is None:
                for inner in self._origins.of(value, scope).origins:
                    if inner.expr is not origin.expr:
                        found.extend(self.entry(inner, name, depth + 1))
            elif isinstance(key, s.Literal) and key.value == name:
                found.append((value, scope))
        return found

    def lacks(self, query: Query, name: str) -> bool:
        """The option is surely not given."""
        options = query.options
        if options is None:
            return not any(item.star for item in query.call.args)
        found = self._origins.of(options, query.scope)
        return found.complete and bool(found.origins) and all(
            self._closed(item) and not self.entry(item, name) for item in found.origins
        )  # fmt: skip

    def all_included(self, query: Query) -> bool:
        """Are all includes of the query itself seen, and what they include?"""
        options = query.options
        if options is None:
            return not any(item.star for item in query.call.args)
        found = self._origins.of(options, query.scope)
        if not found.complete or not all(self._closed(item) for item in found.origins):
            return False
        for value, scope in self.option(query, "include"):
            if not self._all_seen(value, scope, 0):
                return False
        return all(item.certain and item.association for item in self.includes(query))

    # --- what rows come with ---

    def reached(self, query: Query, path: Sequence[str]) -> SequelizeModel | None:
        """The model of the rows that the associations of ``path`` lead to."""
        model: SequelizeModel | None = query.model
        for name in path:
            association = model.alias(name) if model is not None else None
            model = association.target if association is not None else None
        return model

    def include(self, query: Query, path: Sequence[str]) -> Include | None:
        """What a query includes under the associations of ``path``; None also where there are
        several."""
        parent: Include | None = None
        for name in path:
            there = [
                item
                for item in self.includes(query)
                if item.parent is parent and item.association and item.association.name == name
            ]
            if len(there) != 1:
                return None
            parent = there[0]
        return parent

    def comes_with(self, query: Query, path: Sequence[str]) -> bool | None:
        """Does a row of the query have what the associations of ``path`` lead to? None where that
        is not known."""
        *before, last = path
        above = self.include(query, before) if before else None
        source = self.reached(query, before)
        if source is None or not source.associated or query.scoped or self._by_default(source):
            return None
        if (before and above is None) or not self.all_included(query):
            return None
        if any(
            item.parent is above and item.association is not None and item.association.name == last
            for item in self.includes(query)
        ):
            return True
        if above is None or above.options is None:
            return False
        if not self._closed(above.options):
            return None
        seen = all(
            self._all_seen(value, scope, 0) for value, scope in self.entry(above.options, "include")
        )
        return False if seen else None

    def _by_default(self, model: SequelizeModel) -> bool:
        """Does the model's default scope include something?"""
        default = self.models.scopes.default(model)
        return default is not None and bool(self.option(default.query, "include"))

    def _all_seen(self, expr: s.Expr, scope: Scope, depth: int) -> bool:
        if depth > _MAX_DEPTH:
            return False
        if self.models.of(expr, scope) is not None:
            return True
        found = self._origins.of(expr, scope)
        if not found.complete:
            return False
        for origin in found.origins:
            if isinstance(origin.expr, s.Sequence):
                for item, inner in self._origins.items(origin):
                    value = item.value if isinstance(item, s.Starred) else item
                    if not self._all_seen(value, inner, depth + 1):
                        return False
            elif isinstance(origin.expr, s.Mapping) and not self._closed(origin):
                return False
        return True

    def _closed(self, origin: Origin, depth: int = 0) -> bool:
        """Is every key of an object literal seen?"""
        if not isinstance(origin.expr, s.Mapping) or origin.element or depth > _MAX_DEPTH:
            return False
        for key, value, scope in self._origins.entries(origin):
            if key is None:
                inner = self._origins.of(value, scope)
                if not inner.complete or not all(
                    self._closed(item, depth + 1) for item in inner.origins
                ):
                    return False
            elif not isinstance(key, s.Literal):
                return False
        return True

    # --- includes ---

    def includes(self, query: Query) -> tuple[Include, ...]:
        """The associations that a query is to load, nested ones too."""
        found = self._includes.get(query)
        if found is None:
            found = self._includes[query] = tuple(self._of_query(query))
        return found

    def _of_query(self, query: Query) -> Iterator[Include]:
        for value, scope in self.option(query, "include"):
            yield from self._included(query, query.model, value, scope, 0, None)

    def _included(
        self, query: Query, source: SequelizeModel, expr: s.Expr, scope: Scope, depth: int,
        parent: Include | None,
    ) -> Iterator[Include]:  # fmt: skip
        if depth > _MAX_DEPTH:
            return
        if self.models.of(expr, scope) is not None:
            yield self._of_model(query, source, expr, scope, parent)
            return
        for origin in self._origins.of(expr, scope).origins:
            if isinstance(origin.expr, s.Sequence) and not origin.element:
                for item, inner in self._origins.items(origin):
                    value = item.value if isinstance(item, s.Starred) else item
                    yield from self._included(query, source, value, inner, depth + 1, parent)
            elif isinstance(origin.expr, s.Mapping) and not origin.element:
                yield from self._of_mapping(query, source, origin, depth, parent)
            elif self.models.of(origin.expr, origin.scope) is not None:
                yield self._of_model(query, source, origin.expr, origin.scope, parent)
            elif isinstance(origin.expr, s.Literal) and isinstance(origin.expr.value, str):
                name = origin.expr.value
                yield Include(
                    origin.expr, origin.scope, source, query, "name", None, name,
                    source.alias(name), True, parent=parent,
                )  # fmt: skip
            elif not (isinstance(origin.expr, s.Literal)):
                yield Include(origin.expr, origin.scope, source, query, "model", None, None, None,
                              False, parent=parent)  # fmt: skip

    def _of_model(
        self, query: Query, source: SequelizeModel, expr: s.Expr, scope: Scope,
        parent: Include | None,
    ) -> Include:  # fmt: skip
        target = self.models.of(expr, scope)
        assert target is not None
        return Include(
            expr, scope, source, query, "model", target, None, _meant(source, target, None), True,
            parent=parent,
        )  # fmt: skip

    def _of_mapping(
        self, query: Query, source: SequelizeModel, origin: Origin, depth: int,
        parent: Include | None,
    ) -> Iterator[Include]:  # fmt: skip
        assert isinstance(origin.expr, s.Mapping)
        written = self.entry(origin, "model")
        aliases = self.entry(origin, "as")
        named = self.entry(origin, "association")
        node, scope = origin.expr, origin.scope
        target = self.models.of(*written[-1]) if written else None
        alias = self._text(*aliases[-1]) if aliases else None
        certain = len(written) <= 1 and len(aliases) <= 1 and (not aliases or alias is not None)
        how: How = "model"
        association: Association | None = None
        if named:
            how = "association"
            alias = self._text(*named[-1])
            if alias is None and isinstance(named[-1][0], s.Attribute):
                alias = named[-1][0].name
            association = source.alias(alias) if alias is not None else None
            certain = len(named) == 1 and isinstance(named[0][0], s.Literal)
        elif target is not None:
            association = _meant(source, target, alias)
        else:
            certain = False
        made = Include(
            node, scope, source, query, how, target, alias, association, certain, origin, parent
        )
        yield made
        inner = association.target if association is not None else target
        if inner is not None:
            for value, below in self.entry(origin, "include"):
                yield from self._included(query, inner, value, below, depth + 1, made)

    def _text(self, expr: s.Expr, scope: Scope) -> str | None:
        origin = self._origins.one(expr, scope)
        if origin is not None and isinstance(origin.expr, s.Literal):
            return origin.expr.value if isinstance(origin.expr.value, str) else None
        return None


def _meant(source: SequelizeModel, target: SequelizeModel, alias: str | None) -> Association | None:
    """The association that Sequelize takes for a model and an alias; sequelize-typescript works
    out an alias that is not given, where there is but one association with the model."""
    if alias is None and source.decorated and len(source.to(target)) > 1:
        return None
    for item in source.associations:
        if item.target.name != target.name:
            continue
        if item.name == alias or (alias is None and (item.alias is None or source.decorated)):
            return item
    return None
