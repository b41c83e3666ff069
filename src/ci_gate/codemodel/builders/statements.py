"""All statements that chains of query builders make in a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, chain_of, is_misread
from ci_gate.codemodel.builders.dialects import (
    Choice,
    Dialect,
    drizzle_choices,
    knex_choices,
    kysely_choices,
    only,
)
from ci_gate.codemodel.builders.drizzle import DrizzleReader
from ci_gate.codemodel.builders.drizzletables import DrizzleTables
from ci_gate.codemodel.builders.facts import Library, Statement
from ci_gate.codemodel.builders.knex import KnexReader
from ci_gate.codemodel.builders.kysely import KyselyReader, ctes_of
from ci_gate.codemodel.builders.literals import Literals
from ci_gate.codemodel.builders.roots import Rooted, Roots
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.origins import Origins

#: Functions that take promises as they are.
_GATHERS: Final = frozenset({"all", "allSettled", "race", "any", "resolve", "push"})
_RUNNING: Final = frozenset({"then", "catch", "finally", "asCallback", "stream", "pipe", "execute",
                             "executeTakeFirst", "executeTakeFirstOrThrow"})  # fmt: skip


class Builders:
    """Answers for one program; ``statements`` are those of the running service."""

    def __init__(self, model: CodeModel, origins: Origins, drizzle: DrizzleTables) -> None:
        self.model = model
        self.origins = origins
        self.drizzle = drizzle
        self.surroundings = origins.surroundings
        self._literals = Literals(model, origins)
        self._roots = Roots(model)
        self._of_call: dict[s.Call, Statement] = {}
        self._dialects: dict[Library, Dialect | None] = {}

    @property
    def libraries(self) -> frozenset[Library]:
        return self._roots.libraries

    @property
    def statements(self) -> Sequence[Statement]:
        return self._all

    def of_call(self, call: s.Node) -> Statement | None:
        """The statement whose chain ends with ``call``."""
        return self._by_call.get(call)

    def database(self, expr: s.Expr) -> Library | None:
        """The library of which an expression surely is the database."""
        return self._roots.database(expr)

    def dialect_of(self, library: Library) -> Dialect | None:
        """The one dialect that the program uses a builder for."""
        if library not in self._dialects:
            self._dialects[library] = only(self.choices_of(library))
        return self._dialects[library]

    def choices_of(self, library: Library) -> Sequence[Choice]:
        """Where the program says which database a builder is for."""
        match library:
            case "knex":
                return tuple(knex_choices(self.model, self.origins))
            case "kysely":
                return tuple(kysely_choices(self.model))
            case "drizzle":
                return tuple(drizzle_choices(self.model))

    @cached_property
    def _all(self) -> Sequence[Statement]:
        return tuple(self._find()) if self.libraries else ()

    @cached_property
    def _by_call(self) -> Mapping[s.Node, Statement]:
        return {statement.call: statement for statement in self._all}

    # --- finding them ---

    def _find(self) -> Iterator[Statement]:
        loose: list[tuple[Chain, FunctionInfo]] = []
        for function in self.model.functions.values():
            if function.module.language == "python" or is_outside(function.module.path):
                continue
            for chain in self._chains(function):
                rooted = self._roots.of(chain)
                if rooted is not None:
                    statement = self._read(rooted, chain.whole, function)
                    if statement is not None:
                        statement.awaited = chain.awaited
                        self._of_call[chain.whole] = statement
                elif isinstance(chain.root, s.Name) and not chain.attributes:
                    loose.append((chain, function))
        for chain, function in loose:
            self._continue(chain, function)
        for statement in self._of_call.values():
            statement.open = statement.open or self._is_open(statement)
        names = frozenset[str]().union(*(ctes_of(call) for call in self._of_call))
        for statement in self._of_call.values():
            _hide(statement, names)
        yield from self._of_call.values()

    def _chains(self, function: FunctionInfo) -> Iterator[Chain]:
        calls = self.model.calls_in(function)
        inner: set[s.Node] = set()
        for call in calls:
            below: s.Expr = call.func
            while isinstance(below, s.Attribute) or (
                isinstance(below, s.Await) and is_misread(below, call)
            ):
                below = below.value
            if isinstance(below, s.Call):
                inner.add(below)
        for call in calls:
            if call not in inner:
                chain = chain_of(call)
                if chain is not None:
                    yield chain

    def _read(self, rooted: Rooted, whole: s.Call, function: FunctionInfo) -> Statement | None:
        statement = Statement(rooted.library, function, whole, rooted.base)
        scope = self.model.function_scope(function)
        if rooted.library == "knex":
            KnexReader(self._literals, statement, scope).steps(rooted.steps)
            return statement if statement.sources or len(rooted.steps) > 1 else None
        if rooted.library == "kysely":
            KyselyReader(self._literals, statement, scope).steps(rooted.steps)
            return statement
        if rooted.library == "drizzle":
            reader = DrizzleReader(self.drizzle, statement, scope)
            if rooted.query is not None:
                reader.query(rooted.query, rooted.steps)
            else:
                reader.steps(rooted.steps)
            return statement
        return None

    # --- chains that go on elsewhere ---

    def _continue(self, chain: Chain, function: FunctionInfo) -> None:
        """``query.where(…)``, where ``query`` holds a chain begun before."""
        assert isinstance(chain.root, s.Name)
        scope = self.model.function_scope(function)
        begun = self._held(chain.root, scope)
        for statement in begun:
            if statement.library == "knex":
                KnexReader(self._literals, statement, scope).steps(chain.steps)
            elif statement.library == "kysely":
                KyselyReader(self._literals, statement, scope).steps(chain.steps)
            elif statement.library == "drizzle":
                DrizzleReader(self.drizzle, statement, scope).steps(chain.steps)

    def _held(self, name: s.Name, scope: Scope) -> list[Statement]:
        found: list[Statement] = []
        for binding in self.model.bindings(name.id, scope):
            if binding.kind != "value" or binding.path:
                continue
            statement = self._of_call.get(binding.node)  # type: ignore[call-overload]
            if statement is not None:
                found.append(statement)
        return found

    def _is_open(self, statement: Statement) -> bool:
        """May something else add tables to the statement?"""
        if statement.awaited:
            return False
        return self._goes_on(statement.path, statement.call, statement.function, 0)

    def _goes_on(self, path: str, call: s.Node, function: FunctionInfo, depth: int) -> bool:
        for enclosing in self.surroundings.of(path, call):
            node, branch = enclosing.node, enclosing.branch
            match node:
                case s.Await() | s.ExprStmt():
                    return False
                case s.Argument() | s.Sequence() | s.Conditional() | s.Binary() | s.Unary():
                    continue
                case s.Call() if branch == "args":
                    name = node.func.name if isinstance(node.func, s.Attribute) else ""
                    return name not in _GATHERS
                case s.Return():
                    return self._callers_go_on(function, depth)
                case s.Assign(targets=[s.Name(id=name)]):
                    return self._variable_goes_on(name, node, function, depth)
                case s.Attribute():
                    return True
            return True
        return True

    def _variable_goes_on(
        self, name: str, assigned: s.Assign, function: FunctionInfo, depth: int
    ) -> bool:
        home = function.node
        for node in s.walk(home):
            if not isinstance(node, s.Name) or node.id != name or node in assigned.targets:
                continue
            around = next(self.surroundings.of(function.module.path, node), None)
            if around is None:
                return True
            match around.node:
                case s.Attribute() | s.Await():
                    continue  # the rest of the chain is read where it stands
                case s.Assign() if around.branch == "targets":
                    continue
                case s.Return():
                    if self._callers_go_on(function, depth):
                        return True
                case _:
                    if self._goes_on(function.module.path, node, function, depth + 1):
                        return True
        return False

    def _callers_go_on(self, function: FunctionInfo, depth: int) -> bool:
        node = function.node
        if not isinstance(node, s.Function) or depth > 2:
            return True
        if node.is_async:
            return False  # what it gives is awaited by then
        edges = self.model.callers(function)
        if not function.name or function.name.startswith("<"):
            return True
        for edge in edges:
            if edge.reason == "call" and isinstance(edge.node, s.Call):
                around = next(self.surroundings.of(edge.caller.module.path, edge.node), None)
                if around is not None and isinstance(around.node, s.Attribute):
                    if around.node.name not in _RUNNING:
                        return True
                elif self._goes_on(edge.caller.module.path, edge.node, edge.caller, depth + 1):
                    return True
        return False


def _hide(statement: Statement, names: frozenset[str]) -> None:
    """What some statement calls a sub-query of its own may be no table in parts of it either."""
    if any(item.table in names for item in statement.sources):
        statement.open = True
        statement.sources = [
            replace(item, table=None) if item.table in names else item for item in statement.sources
        ]
