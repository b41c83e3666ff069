from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.domain import FuncVal, bare
from ci_gate.findings import Finding, Position, Replacement
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._routers import routers, steps

_WHY_KOA: Final = (
    "Koa answers as soon as this middleware ends: what the later ones set arrives too late "
    "(404 Not Found), and their errors are unhandled rejections."
)
_WHY_HONO: Final = (
    "Hono goes on as soon as this middleware ends: a later handler that awaits anything has no "
    "response by then ('Context is not finalized', status 500), and its errors are unhandled "
    "rejections."
)


class KoaNextNotAwaited(Rule):
    """A Koa middleware calls `next()` and neither awaits nor returns it.

    ## Why is this bad?
    Koa answers as soon as the first middleware ends: what the later ones set arrives too late, so
    the client gets 404 Not Found, and their errors are unhandled rejections.

    ## Fix
    Write `await next()` or `return next()`.

    ## Silent on
    A promise that is kept, awaited later or handed on; middleware that takes the answer over
    (`ctx.respond = false`); functions that are not seen to be middleware of Koa.

    ## Source
    Koa, "Guide": middleware must return or await `next()`.
    """

    id = "framework/koa-next-not-awaited"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("koa",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for function, call in _dropped(facts.model, "koa"):
            yield _finding(self, function, call, _WHY_KOA)


class HonoNextNotAwaited(Rule):
    """A Hono middleware calls `next()` and neither awaits nor returns it.

    ## Why is this bad?
    Hono goes on as soon as the middleware ends. A later handler that awaits anything has made no
    response by then: the request fails with "Context is not finalized" and status 500, and errors
    of the handler are unhandled rejections that end the process.

    ## Fix
    Write `await next()` or `return next()`.

    ## Silent on
    A promise that is kept, awaited later or handed on; functions that are not seen to be
    middleware of Hono.

    ## Source
    Hono, "Middleware": "`await next()`".
    """

    id = "hono/next-not-awaited"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("hono",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for function, call in _dropped(facts.model, "hono"):
            yield _finding(self, function, call, _WHY_HONO)


def _finding(rule: Rule, function: FunctionInfo, call: s.Call, why: str) -> Finding:
    node = function.node
    is_async = isinstance(node, s.Function) and node.is_async
    assert isinstance(call.func, s.Name)
    name = call.func.id
    start = Position(call.span[0], call.span[1])
    return rule.finding(
        function.module.path,
        call,
        message=f"This middleware calls `{name}()` and neither awaits nor returns it.",
        why=why,
        fix=f"Write `{'await' if is_async else 'return'} {name}()`.",
        subject=f"{function.name} drops {name}()",
        replacement=Replacement(start, start, "await ") if is_async else None,
    )


def _dropped(model: CodeModel, framework: str) -> Iterator[tuple[FunctionInfo, s.Call]]:
    """The calls of ``next`` whose promise nobody looks at."""
    for function in _middleware(model, framework):
        node = function.node
        if not isinstance(node, s.Function) or is_outside(function.module.path):
            continue
        names = [param.name for param in node.params if param.name != "this"]
        if len(names) != 2 or node.is_generator or _takes_over(node):
            continue
        for inner in s.walk(node, into_functions=False):
            match inner:
                case s.ExprStmt(value=s.Call(func=s.Name(id=name)) as call) if name == names[1]:
                    yield function, call


def _middleware(model: CodeModel, framework: str) -> Iterator[FunctionInfo]:
    found: dict[FunctionInfo, None] = {}
    for route in model.routes:
        if route.framework == framework:
            found.update(dict.fromkeys(route.handlers))
    for router in routers(model, framework):
        for step in steps(router):
            for value in step.values if step.name == "use" else ():
                middleware = bare(value)
                if isinstance(middleware, FuncVal):
                    found[middleware.info] = None
    return iter(found)


def _takes_over(node: s.Function) -> bool:
    """Does the middleware write the answer itself (``ctx.respond = false``)?"""
    return any(
        isinstance(target, s.Attribute) and target.name == "respond"
        for inner in s.walk(node)
        if isinstance(inner, s.Assign)
        for target in inner.targets
    )
