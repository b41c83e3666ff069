from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_SIGNALS: Final = frozenset({"on_startup", "on_shutdown", "on_cleanup", "on_response_prepare"})
_ADDING: Final = ("append", "extend", "insert")
_APPLICATIONS: Final = frozenset({"aiohttp.web.Application()", "aiohttp.web_app.Application()"})
_REQUEST_AND_HANDLER: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """``function`` is registered at ``node``; ``place`` is what for."""

    place: str
    function: FunctionInfo
    path: str
    node: s.Node


class AppHook(Rule):
    """An aiohttp application is given a function that it cannot use: a signal handler that is not
    async, a cleanup context that does not yield, middleware without `@web.middleware`.

    ## Why is this bad?
    aiohttp awaits what a signal handler returns and runs a cleanup context up to its `yield`: the
    service does not start (`object NoneType can't be used in 'await' expression`), or does not end.
    A function without the decorator is taken for the old form of middleware, that gets the
    application in the place of the request: every request ends with an error.

    ## Fix
    `async def`, one `yield` in a cleanup context, `@web.middleware` on middleware.

    ## Silent on
    Functions that could not be found, that return something, or that stand under a decorator;
    middleware whose first parameter is not called a request.

    ## Source
    aiohttp, "Web Server Advanced": "Signals", "Cleanup Context", "Middlewares".
    """

    id = "aiohttp/app-hook"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("aiohttp",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[str, FunctionInfo]] = set()
        for given in _given(facts.model):
            function = given.function
            told = _judged(given)
            if told is None or (given.place, function) in seen or is_outside(given.path):
                continue
            seen.add((given.place, function))
            message, why, fix = told
            assert isinstance(function.node, s.Function)
            yield self.finding(
                function.module.path,
                s.Node(function.node.name_span),
                message=message,
                why=why,
                fix=fix,
                subject=f"{function.name} for {given.place}",
                related=[Related(given.path, given.node.line, "registered here")],
            )


def _given(model: CodeModel) -> Iterator[_Given]:
    for word in _ADDING:
        for call, scope in model.calls_named(word):
            func = call.func
            held = func.value if isinstance(func, s.Attribute) else None
            if not isinstance(held, s.Attribute) or not _is_application(model, held.value):
                continue
            if held.name in _SIGNALS or held.name in ("cleanup_ctx", "middlewares"):
                for argument in call.args:
                    yield from _functions(model, held.name, argument.value, scope.module.path)
    for call, scope in model.calls_named("Application"):
        if _is_application(model, call):
            given = call.argument(None, "middlewares")
            if given is not None:
                yield from _functions(model, "middlewares", given, scope.module.path)


def _functions(model: CodeModel, place: str, expr: s.Expr, path: str) -> Iterator[_Given]:
    for item in expr.items if isinstance(expr, s.Sequence) else [expr]:
        values = model.evaluate(item)
        value = next(iter(values)) if len(values) == 1 else None
        if isinstance(value, FunctionValue) and isinstance(value.function.node, s.Function):
            yield _Given(place, value.function, path, item)


def _is_application(model: CodeModel, expr: s.Expr) -> bool:
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path in _APPLICATIONS for value in values
    )


def _judged(given: _Given) -> tuple[str, str, str] | None:
    """What is wrong, why and what to do; None where nothing is."""
    function = given.function
    node = function.node
    if not isinstance(node, s.Function) or node.decorators or node.bodiless:
        return None
    if given.place == "middlewares":
        params = [param.name for param in node.params if param.name != "self"]
        if not node.is_async or len(params) != _REQUEST_AND_HANDLER:
            return None
        if params[0] not in ("request", "req"):
            return None
        return (
            f"The middleware `{function.name}` is not marked with `@web.middleware`.",
            "aiohttp takes it for the old form and gives it the application for the request: every "
            "request is answered with 500.",
            "Put `@web.middleware` on it.",
        )
    if given.place == "cleanup_ctx":
        if node.is_async and node.is_generator:
            return None
        return (
            f"The cleanup context `{function.name}` is no async generator.",
            "aiohttp runs it up to its `yield` when the service starts: the start fails.",
            "Make it `async def` with one `yield` between what starts and what ends.",
        )
    if node.is_async and not node.is_generator:
        return None
    if any(item.value is not None for item in s.returns_in(node)):
        return None
    return (
        f"`{function.name}` is registered for `{given.place}`, and is not a coroutine function.",
        "TypeError: aiohttp awaits what it returns, and it returns nothing that can be awaited.",
        "Make it `async def`.",
    )
