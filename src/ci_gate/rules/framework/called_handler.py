from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.routing.views import VERBS
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._registrations import function_of, registering, written

_FRAMEWORKS: Final = ("express", "koa", "hono", "fastify")
_REGISTER: Final = frozenset({*VERBS, "del", "all", "use", "on", "route", "addHook"})
#: Options of Fastify's routes that hold functions.
_HOOKS: Final = frozenset({
    "onRequest", "preParsing", "preValidation", "preHandler", "preSerialization", "onSend",
    "onResponse", "onError", "handler",
})  # fmt: skip
#: How many parameters tell a handler from a function that makes one.
_OF_HANDLER: Final = 2
_REQUESTS: Final = frozenset({"request", "req"})
_MAX_RETURNS: Final = 8
_KOA_ROUTERS: Final = frozenset({
    "@koa/router()", "@koa/router.default()", "koa-router()", "koa-router.default()",
})  # fmt: skip
#: Functions of libraries that make middleware.
_MAKERS: Final = regex(
    r"^(?:express(?:\.default)?\.(?:json|urlencoded|text|raw)"
    r"|(?:cors|helmet|morgan|compression|cookie-parser|express-session|koa-bodyparser|koa-body"
    r"|koa-logger|koa-helmet|koa-compress|@koa/cors|@koa/bodyparser)(?:\.default)?"
    r"|hono/(?:cors|logger|csrf|etag|compress|secure-headers|pretty-json|request-id)\.\w+)$"
)


class CalledHandler(Rule):
    """A handler is called where it is to be registered, or a function that makes handlers is
    registered without being called; with Koa also a router in the place of its middleware.

    `router.get('/orders', requireUser(), list)` where `requireUser` is `(req, res, next) => …`;
    `router.get('/orders', requireRole, list)` where `requireRole` is `(role) => (req, res, next) =>
    …`.

    ## Why is this bad?
    Called without a request, the handler raises TypeError when the routes are set up, or gives a
    promise or nothing: the framework refuses it, or the check never runs. A maker that is not
    called answers nothing and hands nothing on: with Express every request to the route hangs,
    with Koa it ends in 404.

    ## Fix
    Hand over what the framework is to call: `requireUser`, `requireRole('admin')`.

    ## Silent on
    Functions that could not be found, that may return a function, or that take other parameters
    than a handler does; makers that are registered by wrappers.

    ## Source
    Express, "Using middleware"; Fastify, "Hooks"; Koa, "Guide"; Hono, "Middleware".
    """

    id = "framework/called-handler"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = _FRAMEWORKS

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        seen: set[s.Node] = set()
        for made in registering(model, _FRAMEWORKS):
            for expr in _given(made.call, made.framework) if made.name in _REGISTER else ():
                if expr not in seen:
                    seen.add(expr)
                    yield from self._one(model, made.path, expr, made.framework)

    def _one(self, model: CodeModel, path: str, expr: s.Expr, framework: str) -> Iterator[Finding]:
        name = written(expr)
        if isinstance(expr, s.Call):
            function = _function(model, expr.func)
            if function is not None and not expr.args and _is_handler(model, function, framework):
                given = "a promise" if _is_async(function) else "what it returns, no function"
                yield self.finding(
                    path,
                    expr,
                    message=f"`{name}` is called where it is to be handed over: it is the handler "
                    "itself.",
                    why="It runs once, without a request, when the routes are set up: it raises "
                    f"TypeError there, or the framework gets {given}. No request is checked by it.",
                    fix=f"Write `{name.removesuffix('()')}` without the call.",
                    subject=f"{name} called",
                    related=_related(function, "the handler"),
                )
            return
        if framework == "koa" and _is_router(model, expr):
            yield self.finding(
                path,
                expr,
                message=f"The router `{name}` is handed over, and not its middleware.",
                why="TypeError: middleware must be a function! The service does not start.",
                fix=f"Write `{name}.routes()`.",
                subject=f"{name} without routes()",
            )
            return
        function = _function(model, expr)
        made = _is_maker(model, expr)
        if made or (function is not None and _makes_handlers(model, function)):
            hangs = "ends in 404" if framework in ("koa", "hono") else "hangs until it times out"
            yield self.finding(
                path,
                expr,
                message=f"`{name}` is handed over, and not the handler that it makes.",
                why="The framework calls it with the request; it gives a function that nobody "
                f"calls, and every request that comes here {hangs}.",
                fix=f"Call it: `{name}(…)`.",
                subject=f"{name} not called",
                related=_related(function, "it returns the handler")
                if function is not None
                else [],
            )


def _given(call: s.Call, framework: str) -> Iterator[s.Expr]:
    """What is handed over to be called, also in lists and in Fastify's options."""
    stack: list[s.Expr] = [argument.value for argument in call.args if not argument.star]
    while stack:
        expr = stack.pop()
        match expr:
            case s.Name() | s.Attribute() | s.Call(new=False):
                yield expr
            case s.Sequence(items=items):
                stack.extend(items)
            case s.Mapping(entries=entries) if framework == "fastify":
                stack.extend(
                    entry.value
                    for entry in entries
                    if isinstance(entry.key, s.Literal) and entry.key.value in _HOOKS
                )


def _function(model: CodeModel, expr: s.Expr) -> FunctionInfo | None:
    """The one function that is meant, where a framework can call it as it is."""
    function = function_of(model, expr)
    node = function.node if function is not None else None
    plain = isinstance(node, s.Function) and not node.is_generator and not node.decorators
    return function if plain else None


def _is_maker(model: CodeModel, expr: s.Expr) -> bool:
    """Is it a library's function that makes middleware?"""
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and _MAKERS.match(value.path) for value in values
    )


def _is_router(model: CodeModel, expr: s.Expr) -> bool:
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path in _KOA_ROUTERS for value in values
    )


def _is_async(function: FunctionInfo) -> bool:
    return isinstance(function.node, s.Function) and function.node.is_async


def _params(function: FunctionInfo) -> list[s.Param]:
    assert isinstance(function.node, s.Function)
    return [param for param in function.node.params if param.name != "this"]


def _is_handler(model: CodeModel, function: FunctionInfo, framework: str) -> bool:
    """Does it take a request, and surely give no function?"""
    params = _params(function)
    plain = all(param.default is None and param.kind == "positional" for param in params)
    hook = framework == "fastify" and len(params) == 1 and params[0].name in _REQUESTS
    if (len(params) < _OF_HANDLER and not hook) or not plain:
        return False
    if _is_async(function):
        return True
    names = {param.name for param in params}
    return all(_is_no_function(expr, names) for expr in model.returned(function))


def _is_no_function(expr: s.Expr, names: set[str]) -> bool:
    """A constant, or what a method of the response or request gives."""
    match expr:
        case s.Literal() | s.Mapping() | s.Sequence() | s.Template() | s.Await():
            return True
        case s.Name(id=name):
            return name == "undefined"
        case s.Call(func=func):
            root: s.Expr = func
            while isinstance(root, s.Attribute | s.Call):
                root = root.value if isinstance(root, s.Attribute) else root.func
            return isinstance(root, s.Name) and root.id in names
        case s.Unary(op="void"):
            return True
    return False


def _makes_handlers(model: CodeModel, function: FunctionInfo) -> bool:
    """Is a function with the parameters of a handler all that it gives?"""
    params = _params(function)
    returned = list(model.returned(function))
    if len(params) >= _OF_HANDLER or not returned or len(returned) > _MAX_RETURNS:
        return False
    if _is_async(function) or any(param.name in ("ctx", "c", "req", "context") for param in params):
        return False
    return all(_is_made(model, expr) for expr in returned)


def _is_made(model: CodeModel, expr: s.Expr) -> bool:
    if isinstance(expr, s.FunctionExpr):
        inner = expr.function
    else:
        found = _function(model, expr) if isinstance(expr, s.Name) else None
        if found is None or not isinstance(found.node, s.Function):
            return False
        inner = found.node
    plain = [param for param in inner.params if param.name and param.default is None]
    return len(plain) == len(inner.params) >= _OF_HANDLER


def _related(function: FunctionInfo | None, message: str) -> list[Related]:
    if function is None:
        return []
    return [Related(function.module.path, function.node.line, message)]
