"""Statements of TypeORM's query builders: their aliases, joins, texts and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, Step, chain_of, outermost
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import constant
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.repositories import Repositories
from ci_gate.codemodel.typeorm.texts import Text, read_text
from ci_gate.data import dataclass

Clause = Literal["where", "on", "select", "order", "group"]

_JOINS: Final = frozenset({
    "leftJoin", "innerJoin", "leftJoinAndSelect", "innerJoinAndSelect",
})  # fmt: skip
_MAPPED_JOINS: Final = frozenset({
    "leftJoinAndMapOne", "leftJoinAndMapMany", "innerJoinAndMapOne", "innerJoinAndMapMany",
})  # fmt: skip
#: Steps that take text first, with parameters behind it where they are conditions.
_CLAUSES: Final[dict[str, Clause]] = {
    "where": "where", "andWhere": "where", "orWhere": "where", "having": "where",
    "andHaving": "where", "orHaving": "where", "select": "select", "addSelect": "select",
    "orderBy": "order", "addOrderBy": "order", "groupBy": "group", "addGroupBy": "group",
}  # fmt: skip
_MANY: Final = frozenset({"getMany", "getRawMany", "getManyAndCount", "getRawAndEntities"})
READS: Final = _MANY | {"getOne", "getOneOrFail", "getRawOne", "getCount", "getExists"}
#: Ends of a chain that send the statement.
PROMISES: Final = READS | {"execute"}
_ENDS: Final = PROMISES | {"stream", "getSql", "getQuery", "printSql"}
#: Steps that change nothing of what is read here.
_PLAIN: Final = frozenset({
    "skip", "take", "limit", "offset", "cache", "distinct", "distinctOn", "withDeleted",
    "setLock", "setOnLocked", "returning", "orIgnore", "comment", "useTransaction", "values",
    "set", "maxExecutionTime", "loadRelationCountAndMap", "loadRelationIdAndMap", "update",
    "delete", "insert", "softDelete", "restore", "into", "orUpdate", "then", "catch", "finally",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Join:
    """``leftJoin("article.author", "user")``: a property of an alias, joined at ``node``."""

    alias: str
    property: str
    node: s.Expr


@dataclass(slots=True, eq=False)
class Built:
    """One statement. ``open``: it may have other aliases and parameters than are seen. ``ends`` are
    the calls that run it."""

    scope: Scope
    call: s.Call
    entity: TypeormEntity | None
    aliases: dict[str, TypeormEntity | None] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)
    texts: list[tuple[Clause, Text]] = field(default_factory=list)
    raw: list[tuple[Clause, s.Expr]] = field(default_factory=list)
    parameters: set[str] = field(default_factory=set)
    results: set[str] = field(default_factory=set)
    ends: list[Step] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    open: bool = False
    unknown_values: bool = False

    @property
    def path(self) -> str:
        return self.scope.module.path

    @property
    def function(self) -> FunctionInfo:
        return self.scope.function

    @property
    def many(self) -> bool:
        return any(step.name in _MANY for step in self.ends)

    @property
    def label(self) -> str:
        name = self.entity.name if self.entity is not None else "the query builder"
        return f"{name}.createQueryBuilder"

    def readable(self) -> Iterator[tuple[Clause, Text]]:
        """The texts in which names of the statement's own stand."""
        for clause, text in self.texts:
            if not text.nested:
                yield clause, text


class Builders:
    """Answers for one program."""

    def __init__(self, entities: TypeormEntities, repositories: Repositories) -> None:
        self._entities = entities
        self._repositories = repositories
        self._model = entities.model
        self._origins = entities.origins
        self._surroundings = entities.origins.surroundings

    @cached_property
    def all(self) -> tuple[Built, ...]:
        if not self._entities.all:
            return ()
        found = [
            item
            for call, scope in self._model.calls_named("createQueryBuilder")
            if scope.module.language != "python" and not is_outside(scope.module.path)
            if (item := self._built(call, scope)) is not None
        ]
        return tuple(sorted(found, key=lambda item: (item.path, item.call.span)))

    @cached_property
    def of_call(self) -> dict[s.Node, Built]:
        """The statements by the calls that run them."""
        return {step.call: item for item in self.all for step in item.ends}

    # --- where it begins ---

    def _built(self, call: s.Call, scope: Scope) -> Built | None:
        if not isinstance(call.func, s.Attribute):
            return None
        entity = self._repositories.of(call.func.value, scope)
        alias: s.Expr | None = call.argument(0)
        if entity is None and alias is not None:
            entity = self._entities.of(alias, scope)
            if entity is None:
                return None
            alias = call.argument(1)
        built = Built(scope, call, entity)
        if entity is not None:
            name = constant(alias, scope, self._origins) if alias is not None else entity.name
            if isinstance(name, str):
                built.aliases[name] = entity
            else:
                built.open = True
        elif call.args or not self._is_typeorm(call.func.value, scope):
            return None
        else:
            built.open = self._repositories.is_asked_for(call.func.value)
        whole = outermost(self._surroundings, scope.module.path, call)
        chain = chain_of(whole)
        if chain is None:
            return None
        at = next((n for n, step in enumerate(chain.steps) if step.call is call), None)
        if at is None:
            return None
        self._read(built, chain.steps[at + 1 :], scope)
        self._follow(built, whole)
        return built

    def _is_typeorm(self, expr: s.Expr, scope: Scope) -> bool:
        return any(
            getattr(value, "path", "").startswith("typeorm.")
            for value in self._model.evaluate(expr, scope)
        )

    def _follow(self, built: Built, whole: s.Call) -> None:
        """What is done with the builder where it is kept in a variable."""
        if any(step.call is whole for step in built.ends):
            return
        around = self._surroundings.of(built.path, whole)
        kept = next(around, None)
        while kept is not None and isinstance(kept.node, s.Await):
            kept = next(around, None)  # a builder is no promise: it is given back as it is
        if kept is None or isinstance(kept.node, s.ExprStmt):
            return
        target = kept.node.targets[0] if isinstance(kept.node, s.Assign) else None
        if not isinstance(target, s.Name) or kept.branch != "value":
            built.open = True
            return
        bindings = self._model.bindings(target.id, built.scope)
        if any(item.kind == "param" for item in bindings):
            built.open = True
            return
        values = [item for item in bindings if not isinstance(item.node, s.Assign)]
        others = [item.node for item in values if item.node not in (whole, kept.node)]
        if any(not _goes_on(node, target.id) for node in others):
            built.open = True  # one variable, several builders
        self._variable(built, target, whole)

    def _variable(self, built: Built, target: s.Name, whole: s.Call) -> None:
        inside = set(s.walk(whole))
        for node in _reads(built.function.node, target.id):
            if node is target or node in inside:
                continue
            parent = next(self._surroundings.of(built.path, node), None)
            if parent is None:
                continue
            around = parent.node
            if isinstance(around, s.Attribute) and parent.branch == "value":
                self._use(built, around)
            elif not (isinstance(around, s.Assign) and parent.branch == "targets"):
                built.open = True  # handed on

    def _use(self, built: Built, read: s.Attribute) -> None:
        call = next(self._surroundings.of(built.path, read), None)
        if call is None or not isinstance(call.node, s.Call) or call.branch != "func":
            built.open = True
            return
        whole = outermost(self._surroundings, built.path, call.node)
        chain = chain_of(whole)
        if chain is None or chain.attributes:
            built.open = True
            return
        self._read(built, chain.steps, built.scope)
        if not any(step.call is whole for step in built.ends):
            around = next(self._surroundings.of(built.path, whole), None)
            if around is not None and not isinstance(around.node, s.ExprStmt | s.Assign):
                built.open = True

    # --- its steps ---

    def _read(self, built: Built, steps: tuple[Step, ...], scope: Scope) -> None:
        for step in steps:
            name = step.name
            built.steps.append(name)
            if name in _ENDS:
                built.open = built.open or name not in PROMISES  # its text becomes part of another
                built.ends.append(step)
                return
            if name in _JOINS or name in _MAPPED_JOINS:
                self._join(built, step, scope, 1 if name in _MAPPED_JOINS else 0)
            elif name in _CLAUSES:
                self._clause(built, step, scope)
            elif name == "setParameter":
                self._named(built, step.argument(0), scope)
            elif name == "setParameters":
                given = step.argument(0)
                if given is not None:
                    self._values(built, given, scope)
            elif name in ("from", "addFrom"):
                self._from(built, step, scope)
            elif name not in _PLAIN:
                built.open = True
                if name == "subQuery":
                    return
            if name in ("update", "delete", "into"):
                self._target(built, step, scope)

    def _target(self, built: Built, step: Step, scope: Scope) -> None:
        given = step.argument(0)
        if given is not None and built.entity is None:
            built.entity = self._entities.of(given, scope)

    def _from(self, built: Built, step: Step, scope: Scope) -> None:
        given, alias = step.argument(0), step.argument(1)
        name = constant(alias, scope, self._origins) if alias is not None else None
        entity = self._entities.of(given, scope) if given is not None else None
        if not isinstance(name, str):
            built.open = built.open or alias is not None
            return
        if built.entity is None:
            built.entity = entity
        built.aliases[name] = entity

    def _join(self, built: Built, step: Step, scope: Scope, shift: int) -> None:
        source, alias = step.argument(shift), step.argument(shift + 1)
        name = constant(alias, scope, self._origins) if alias is not None else None
        if source is None or not isinstance(name, str):
            built.open = True
            return
        built.aliases[name] = self._joined(built, source, scope)
        condition, values = step.argument(shift + 2), step.argument(shift + 3)
        if condition is not None:
            self._text(built, "on", condition)
        if values is not None:
            self._values(built, values, scope)

    def _joined(self, built: Built, source: s.Expr, scope: Scope) -> TypeormEntity | None:
        text = source.value if isinstance(source, s.Literal) else None
        if isinstance(text, str):
            base, dot, prop = text.partition(".")
            if not dot:
                return self._entities.named(text)
            if prop.isidentifier():
                built.joins.append(Join(base, prop, source))
            owner = built.aliases.get(base)
            return self._entities.target(owner, prop) if owner is not None else None
        if isinstance(source, s.FunctionExpr):
            built.unknown_values = True
            return None
        return self._entities.of(source, scope)

    def _clause(self, built: Built, step: Step, scope: Scope) -> None:
        clause = _CLAUSES[step.name]
        given = step.argument(0)
        if given is None:
            return
        items = given.items if isinstance(given, s.Sequence) else [given]
        for item in items:
            if isinstance(item, s.FunctionExpr):
                built.unknown_values = True  # a subquery, with values of its own
            elif isinstance(item, s.Call) and _is_brackets(item):
                self._brackets(built, item, scope)
            elif isinstance(item, s.Mapping):
                self._keys(built, clause, item)
            else:
                self._text(built, clause, item)
        second = step.argument(1)
        if clause == "where" and second is not None:
            self._values(built, second, scope)
        elif clause == "select" and isinstance(second, s.Literal) and isinstance(second.value, str):
            built.results.add(second.value)

    def _keys(self, built: Built, clause: Clause, mapping: s.Mapping) -> None:
        """``orderBy({ "article.created": "DESC" })``."""
        if clause == "order":
            for entry in mapping.entries:
                if entry.key is not None:
                    self._text(built, clause, entry.key)

    def _text(self, built: Built, clause: Clause, expr: s.Expr) -> None:
        text = read_text(expr)
        if text is None:
            built.raw.append((clause, expr))
            built.unknown_values = True
            return
        built.texts.append((clause, text))

    def _brackets(self, built: Built, call: s.Call, scope: Scope) -> None:
        """``new Brackets((qb) => qb.where(…).orWhere(…))`` shares aliases and values."""
        given = call.argument(0)
        if not isinstance(given, s.FunctionExpr) or not given.function.params:
            built.open = True
            return
        name = given.function.params[0].name
        inner = self._model.function_of(given.function)
        inside = self._model.scope_in(inner) if inner is not None else scope
        for node in s.walk(given.function):
            if isinstance(node, s.Name) and node.id == name:
                self._bracketed(built, node, inside)

    def _bracketed(self, built: Built, node: s.Name, scope: Scope) -> None:
        read = next(self._surroundings.of(built.path, node), None)
        call = next(self._surroundings.of(built.path, read.node), None) if read else None
        if call is None or not isinstance(call.node, s.Call) or call.branch != "func":
            built.open = True
            return
        chain: Chain | None = chain_of(outermost(self._surroundings, built.path, call.node))
        if chain is None:
            built.open = True
        else:
            self._read(built, chain.steps, scope)

    # --- values of parameters ---

    def _named(self, built: Built, expr: s.Expr | None, scope: Scope) -> None:
        name = constant(expr, scope, self._origins) if expr is not None else None
        if isinstance(name, str):
            built.parameters.add(name)
        else:
            built.unknown_values = True

    def _values(self, built: Built, expr: s.Expr, scope: Scope) -> None:
        origin = self._origins.one(expr, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping):
            built.unknown_values = True
            return
        for key, _, _ in self._origins.entries(origin):
            if isinstance(key, s.Literal) and isinstance(key.value, str):
                built.parameters.add(key.value)
            else:
                built.unknown_values = True


def _is_brackets(call: s.Call) -> bool:
    name = call.func.id if isinstance(call.func, s.Name) else getattr(call.func, "name", "")
    return call.new and name in ("Brackets", "NotBrackets")


def _reads(function: s.Node, name: str) -> Iterator[s.Name]:
    """Where a variable of the function is read, but for functions with a parameter of its name."""
    stack: list[s.Node] = [function]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Function) and any(item.name == name for item in node.params):
            continue
        if isinstance(node, s.Name) and node.id == name:
            yield node
        stack.extend(s.children(node))


def _goes_on(node: s.Node, name: str) -> bool:
    """``qb = qb.andWhere(…)``."""
    chain = chain_of(node) if isinstance(node, s.Call) else None
    return chain is not None and isinstance(chain.root, s.Name) and chain.root.id == name
