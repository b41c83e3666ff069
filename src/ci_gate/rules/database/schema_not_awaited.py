from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

_MAKES: Final = regex(
    r"^(?:sequelize\.(?:Sequelize\(\)|\w*Model)\.sync|knex\(\)\.migrate\.latest"
    r"|umzug\.Umzug\(\)\.up)$"
)
_NAMES: Final = frozenset({"sync", "latest", "up"})
#: Drivers whose calls are done when they return.
_SYNCHRONOUS: Final = frozenset({"better-sqlite3", "node:sqlite", "bun:sqlite"})
_LISTENS: Final = frozenset({"listen", "serve"})


class SchemaNotAwaited(Rule):
    """The service goes on while its tables are still being made.

    `sequelize.sync()`, `knex.migrate.latest()` or a function of the project's own that makes the
    tables is called, and nobody waits for it (`void` too): the server listens, or the start
    goes on, beside it.

    ## Why is this bad?
    On a fresh database the first statements fail with "no such table", on each start anew where the
    tables are altered. When making them fails, the rejection is not handled and ends the process,
    after the service was reported ready. A test on a database that is there already passes.

    ## Fix
    Put `await` before the call, or start to listen in its `then`.

    ## Silent on
    Promises that are kept, returned, handed on or chained (`then`, `catch`); calls in functions
    that neither are async nor listen afterwards; drivers that wait by themselves; tests and
    scripts.

    ## Source
    Sequelize, "Model Synchronization"; Knex, "Migrations"; Node.js, "Event: 'unhandledRejection'".
    """

    id = "database/schema-not-awaited"
    group = "database"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        makers = _makers(facts)
        names = {*_NAMES, *(function.name for function in makers)}
        for name in sorted(names):
            for call, scope in facts.model.calls_named(name):
                path = scope.module.path
                if scope.module.language == "python" or is_outside(path):
                    continue
                maker = _maker(facts.model, call, makers)
                if maker is not None and _goes_on(facts.model, path, call):
                    yield self._found(path, call, name, maker)

    def _found(self, path: str, call: s.Call, name: str, maker: FunctionInfo | str) -> Finding:
        related = []
        if isinstance(maker, FunctionInfo):
            line = maker.node.line
            related.append(Related(maker.module.path, line, "it makes the tables"))
        return self.finding(
            path,
            spot(call),
            message=f"Nobody waits for {name}(), which makes the tables: the service goes on "
            "beside it.",
            why="On a fresh database the first statements find no table, and an error while they "
            "are made ends the process as an unhandled rejection.",
            fix=f"Write `await` before {name}().",
            subject=f"{name} not awaited",
            related=related,
        )


def _makers(facts: Facts) -> frozenset[FunctionInfo]:
    """The async functions of the tree that create tables themselves."""
    found: set[FunctionInfo] = set()
    for read in facts.sql.all:
        call = read.call
        function, node = call.function, call.function.node
        if function.module.language == "python" or not call.runs or is_outside(call.path):
            continue
        if call.driver is None or call.driver.name in _SYNCHRONOUS:
            continue
        if not isinstance(node, s.Function) or not node.is_async:
            continue
        if any(
            isinstance(statement, exp.Create) and statement.kind == "TABLE"
            for variant in read.variants
            for statement in variant.parsed.statements
        ):
            found.add(function)
    return frozenset(found)


def _maker(
    model: CodeModel, call: s.Call, makers: frozenset[FunctionInfo]
) -> FunctionInfo | str | None:
    """What surely makes tables when it is called."""
    values = model.evaluate(call.func)
    if len(values) != 1:
        return None
    value = next(iter(values))
    if isinstance(value, ExternalValue):
        return value.path if _MAKES.match(value.path) else None
    if isinstance(value, FunctionValue) and value.function in makers:
        return value.function
    return None


def _goes_on(model: CodeModel, path: str, call: s.Call) -> bool:
    """Is the promise dropped where the code could wait, or before it listens?"""
    around = model.surroundings.of(path, call)
    first = next(around, None)
    if first is not None and isinstance(first.node, s.Unary) and first.node.op == "void":
        first = next(around, None)
    if first is None or not isinstance(first.node, s.ExprStmt):
        return False
    body = model.modules[path].body
    for enclosing in around:
        node = enclosing.node
        if isinstance(node, s.Function):
            if node.is_async:
                return True
            body = node.body
            break
    return any(_listens(statement, call) for statement in body)


def _listens(statement: s.Node, call: s.Call) -> bool:
    return any(node.span > call.span for node in _listening(statement))


def _listening(statement: s.Node) -> Iterator[s.Node]:
    for node in s.walk(statement, into_functions=False):
        if (
            isinstance(node, s.Call)
            and getattr(node.func, "name", getattr(node.func, "id", "")) in _LISTENS
        ):
            yield node
