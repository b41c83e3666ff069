from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.paths.slices import names_in, root
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo, Route
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._coroutines import Parents

_MAKERS: Final = frozenset(
    {"sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine"}
)
_SCRIPT_NAMES: Final = ("Sequelize", "Pool", "PrismaClient", "DataSource", "createPool", "knex")
_OF_SCRIPTS: Final = regex(
    r"^(?:sequelize(?:\.default)?\.Sequelize|sequelize-typescript\.Sequelize|pg(?:\.default)?\.Pool"
    r"|@prisma/client\.PrismaClient|typeorm\.DataSource|mysql2(?:/promise)?(?:\.default)?\.createPool"
    r"|knex(?:\.(?:default|knex))?)$"
)
_CACHES: Final = regex(r"cache|once|singleton|memo", re.IGNORECASE)
#: Parameters that are the same for every request.
_FIXED: Final = regex(r"settings|config|conf$|cfg|^env|self|cls", re.IGNORECASE)
_ENDING: Final = ("dispose", "setdefault")
_ENDING_SCRIPTS: Final = ("end", "close", "destroy", "$disconnect", "disconnect")
_MAX_DEPTH: Final = 6

Chain = tuple[tuple[s.Node, FunctionInfo], ...]


class EnginePerRequest(Rule):
    """Each request makes an engine, and so a connection pool, of its own.

    In the handler or dependency itself, or in a function that they call. In Node: Sequelize, pg's
    `new Pool()`, `new PrismaClient()`, TypeORM's `new DataSource()`, `createPool()` of mysql2 and
    `knex()` in what runs for each request.

    ## Why is this bad?
    An engine is made once for a process. A new one for each request opens new connections and keeps
    them in a pool that nobody uses again; the limits of the pool mean nothing. Under load the
    database refuses connections ("too many clients already"); a handful of requests works.

    ## Fix
    Make the engine and the session factory once, when the module is imported or the application
    starts, and take a session from the factory for each request.

    ## Silent on
    Functions whose result is cached or stored; engines made under a condition (the first time),
    without a pool (`poolclass`), disposed of again, or for an address that comes with the request.

    ## Source
    SQLAlchemy, "Working with Engines and Connections": the Engine is most efficient when created
    just once at the module level of an application, not per-object or per-function call.
    """

    id = "database/engine-per-request"
    group = "database"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        routes: dict[FunctionInfo, Route] = {}
        for name in ("create_engine", "create_async_engine", *_SCRIPT_NAMES):
            for call, scope in model.calls_named(name):
                function = scope.function
                if (
                    (scope.module.language == "python") == (name in _SCRIPT_NAMES)
                    or is_outside(scope.module.path)
                    or not isinstance(function.node, s.Function)
                    or not _makes(model, call)
                ):
                    continue
                if not routes:
                    routes = {
                        handler: route for route in model.routes for handler in route.handlers
                    }
                found = _from_request(model, routes, ((call, function),))
                if found is not None:
                    yield self._finding(call, *found)

    def _finding(self, call: s.Call, route: Route, chain: Chain) -> Finding:
        function = chain[0][1]
        return self.finding(
            function.module.path,
            call,
            message=f"{function.name or 'The handler'} makes a new engine, and so a new connection"
            f" pool, each time that {route.endpoint} is called",
            why="Each engine opens connections of its own and keeps them; under load the database"
            " runs out of connections.",
            fix="Make the engine once, when the application starts, and take a session or"
            " connection from it for each request.",
            subject=f"{function.name} makes an engine",
            related=[
                Related(caller.module.path, node.line, "called from here for each request")
                for node, caller in chain[1:4]
            ],
        )


def _makes(model: CodeModel, call: s.Call) -> bool:
    if any(item.keyword == "poolclass" or item.star for item in call.args):
        return False
    return any(
        isinstance(value, ExternalValue)
        and (value.path in _MAKERS or _OF_SCRIPTS.match(value.path) is not None)
        for value in model.evaluate(call.func)
    )


def _from_request(
    model: CodeModel, routes: dict[FunctionInfo, Route], chain: Chain
) -> tuple[Route, Chain] | None:
    """The route whose request comes to the call, with the calls on the way."""
    node, function = chain[-1]
    if _is_kept(model, node, function) or _comes_along(node, function):
        return None
    if function in routes:
        return routes[function], chain
    if len(chain) > _MAX_DEPTH:
        return None
    for edge in model.callers(function):
        if edge.reason != "call" or any(edge.caller is caller for _, caller in chain):
            continue
        if isinstance(edge.caller.node, s.Function) and not is_outside(edge.caller.module.path):
            found = _from_request(model, routes, (*chain, (edge.node, edge.caller)))
            if found is not None:
                return found
    return None


def _is_kept(model: CodeModel, node: s.Node, function: FunctionInfo) -> bool:
    """Is what the call gives stored, made under a condition, or disposed of?"""
    if not isinstance(function.node, s.Function):
        return True
    if any(_CACHES.search(name) for item in function.node.decorators for name in _names(item)):
        return True
    parents = Parents(function)
    around = parents.of.get(node)
    while around is not None:
        if isinstance(around, s.If | s.Conditional | s.Binary | s.AssignExpr):
            return True
        if isinstance(around, s.Assign):
            names = _bound(around, function)
            path = function.module.path
            return (
                names is None
                or any(model.set_by_functions(name, path) for name in names)
                or _goes_on(parents, names, function)
            )
        around = parents.of.get(around)
    return _disposes(parents, function)


def _bound(assign: s.Assign, function: FunctionInfo) -> set[str] | None:
    """The names that get a value; None where it is put into something that is not the request's."""
    names: set[str] = set()
    assert isinstance(function.node, s.Function)
    params = {param.name for param in function.node.params} - {"self", "cls"}
    python = function.module.language == "python"
    for target in assign.targets:
        if isinstance(target, s.Name | s.Mapping | s.Sequence) and (python or assign.declaration):
            names |= names_in(target)
        elif not isinstance(target, s.Attribute) or root(target) not in params:
            return None
    return names


def _goes_on(parents: Parents, names: set[str], function: FunctionInfo) -> bool:
    """Is what is under the name put into something that may outlive the call, or disposed of?"""
    return _disposes(parents, function) or any(
        isinstance(node, s.Assign)
        and any(isinstance(item, s.Attribute | s.Subscript) for item in node.targets)
        and node.value is not None
        and bool(names & names_in(node.value))
        for node in parents.nodes
    )


def _disposes(parents: Parents, function: FunctionInfo) -> bool:
    endings = _ENDING if function.module.language == "python" else _ENDING_SCRIPTS
    return any(isinstance(node, s.Attribute) and node.name in endings for node in parents.nodes)


def _comes_along(node: s.Node, function: FunctionInfo) -> bool:
    """Is the call given something that may be another one for each request?"""
    if not isinstance(node, s.Call) or not isinstance(function.node, s.Function):
        return True
    given = {item.name for item in function.node.params if not _FIXED.search(item.name)}
    for assign in s.walk(function.node):
        if isinstance(assign, s.Assign) and assign.value and given & names_in(assign.value):
            given = given.union(*map(names_in, assign.targets))
    return any(given & names_in(item.value) for item in node.args)


def _names(expr: s.Expr) -> list[str]:
    return [
        node.id if isinstance(node, s.Name) else node.name
        for node in s.walk(expr)
        if isinstance(node, s.Name | s.Attribute)
    ]
