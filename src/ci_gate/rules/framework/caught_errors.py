from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule


class CaughtErrors(Rule):
    """Middleware of Hono catches the errors of the handlers behind it, and no `onError` is set.

    `app.use(async (c, next) => { try { await next(); } catch (err) { return c.json(…, 422); } })`

    ## Why is this bad?
    Hono catches what a handler throws itself, before `next()` returns: the `catch` never runs, and
    every error is answered with status 500 and "Internal Server Error".

    ## Fix
    `app.onError((err, c) => c.json(…, 422))`.

    ## Silent on
    Applications with `onError`; middleware that reads `c.error`; a `catch` that does not answer.

    ## Source
    Hono, "App: Error Handling" and "Middleware: Context access inside Middleware arguments";
    `hono/compose`.
    """

    id = "hono/caught-errors"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("hono",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        if any(True for _ in model.calls_named("onError")):
            return
        seen: set[FunctionInfo] = set()
        for route in model.routes:
            for function in route.handlers[1:] if route.framework == "hono" else ():
                if function in seen or is_outside(function.module.path):
                    continue
                seen.add(function)
                caught = _caught(function)
                if caught is not None:
                    yield self.finding(
                        function.module.path,
                        caught,
                        message=f"{function.name or 'A middleware'} catches the errors of "
                        "`next()`, and Hono has caught them before.",
                        why="The `catch` never runs: without `onError` every error of a handler is "
                        "answered with 500, whatever it was to say.",
                        fix="Answer errors in `app.onError((err, c) => …)`.",
                        subject=f"{function.name} catches errors",
                    )


def _caught(function: FunctionInfo) -> s.Handler | None:
    """The handler of the errors of ``await next()``, where it answers."""
    node = function.node
    if not isinstance(node, s.Function) or len(node.params) != 2:
        return None
    context, following = (param.name for param in node.params)
    if any(
        isinstance(item, s.Attribute) and item.name == "error" and _is_named(item.value, context)
        for item in s.walk(node)
    ):
        return None
    for item in s.walk(node, into_functions=False):
        if not isinstance(item, s.Try) or not any(_waits(part, following) for part in item.body):
            continue
        for handler in item.handlers:
            if any(_is_named(part, context) for part in s.walk(handler)):
                return handler
    return None


def _waits(node: s.Node, name: str) -> bool:
    return any(
        isinstance(part, s.Await)
        and isinstance(part.value, s.Call)
        and _is_named(part.value.func, name)
        for part in s.walk(node, into_functions=False)
    )


def _is_named(node: s.Node, name: str) -> bool:
    return isinstance(node, s.Name) and node.id == name
