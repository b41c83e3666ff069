from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule

_ANSWERS: Final = frozenset({"json", "text", "html", "body", "redirect", "notFound", "newResponse"})

#: Methods of schemas that look at a value as it is.
_CHECKS: Final = frozenset({"parse", "safeParse", "parseAsync", "safeParseAsync"})


class HonoMissingReturn(Rule):
    """A handler of Hono makes a response and does not return it.

    ## Why is this bad?
    `c.json(…)` only makes the response; what the handler returns is sent. Without the return the
    request goes on, and at its end Hono fails with "Context is not finalized. Did you forget to
    return a Response object": 500 for the client.

    ## Fix
    Write `return c.json(…)`.

    ## Silent on
    Functions that are not registered on a Hono application where that can be seen.

    ## Source
    Hono, "Context": handlers return a Response.
    """

    id = "hono/missing-return"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("hono",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for function, context in _handlers(facts):
            for node in s.walk(function.node):
                match node:
                    case s.ExprStmt(value=value):
                        call = value.value if isinstance(value, s.Await) else value
                        name = _answer(call, context)
                        if name:
                            yield self._finding(function, node, f"{context}.{name}")

    def _finding(self, function: FunctionInfo, node: s.Node, what: str) -> Finding:
        return self.finding(
            function.module.path,
            node,
            message=f"The response that `{what}(…)` makes is not returned.",
            why=(
                "Hono sends what the handler returns: the handler goes on, and without a returned "
                "response the request fails with 'Context is not finalized' and status 500."
            ),
            fix=f"Write `return {what}(…)`.",
            subject=f"{what} is not returned",
        )


class HonoBodyNotAwaited(Rule):
    """The body of a Hono request is read without `await`.

    ## Why is this bad?
    `c.req.json()` gives a promise. What is taken out of it without `await` is undefined, so every
    field of the request is missing, and an invalid body is an unhandled rejection.

    ## Fix
    Write `await c.req.json()`.

    ## Silent on
    Promises that are handed on, or awaited later.

    ## Source
    Hono, "HonoRequest": `json()`, `text()`, `parseBody()` are asynchronous.
    """

    id = "hono/body-not-awaited"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("hono",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for function, context in _handlers(facts):
            for node, name in _taken(function.node, context):
                yield self.finding(
                    function.module.path,
                    node,
                    message=f"`{context}.req.{name}()` gives a promise, and it is not awaited.",
                    why="What is taken out of the promise is undefined: the fields are missing.",
                    fix=f"Write `await {context}.req.{name}()`.",
                    subject=f"{name} is not awaited",
                )


def _handlers(facts: Facts) -> Iterator[tuple[FunctionInfo, str]]:
    """The handlers of Hono's routes, with the name of their context."""
    seen: set[FunctionInfo] = set()
    for route in facts.model.routes:
        for function in route.handlers if route.framework == "hono" else ():
            node = function.node
            if function in seen or not isinstance(node, s.Function) or not node.params:
                continue
            seen.add(function)
            name = node.params[0].name
            if name in ("c", "ctx", "context") and not is_outside(function.module.path):
                yield function, name


def _answer(expr: s.Expr, context: str) -> str:
    match expr:
        case s.Call(func=s.Attribute(value=s.Name(id=owner), name=name)):
            return name if owner == context and name in _ANSWERS else ""
    return ""


def _taken(node: s.Node, context: str) -> Iterator[tuple[s.Node, str]]:
    """Where something is taken out of the promise itself, or it is checked as if it were the
    body."""
    for inner in s.walk(node):
        match inner:
            case s.Call(func=s.Attribute(name=name), args=[s.Argument(value=given), *_]) if (
                name in _CHECKS and (read := _body(given, context))
            ):
                yield given, read
            case s.Assign(targets=[s.Mapping()], value=value) if value is not None:
                name = _body(value, context)
                if name:
                    yield value, name
            case s.Attribute(value=value, name=taken) if taken not in ("then", "catch", "finally"):
                name = _body(value, context)
                if name:
                    yield value, name


def _body(expr: s.Expr, context: str) -> str:
    match expr:
        case s.Call(
            func=s.Attribute(value=s.Attribute(value=s.Name(id=owner), name="req"), name=name),
        ) if owner == context and name in ("json", "text", "parseBody", "formData", "arrayBuffer"):
            return name
    return ""
