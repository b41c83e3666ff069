from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule

#: What a request of Node's own server has, and nothing else that could be a body.
_INCOMING: Final = frozenset({"method", "headers", "url"})
_MAX_DEPTH: Final = 5


class RequestDuplex(Rule):
    """A Fetch request is made with a stream as its body and without `duplex: 'half'`.

    An adapter from Node's server to an application that takes Fetch requests: `new Request(url,
    { method: req.method, headers: req.headers, body: req })`.

    ## Why is this bad?
    Node refuses it: "RequestInit: duplex option is required when sending a body". Each request that
    has a body (POST, PUT, PATCH) fails with 500, or ends the process; GET works.

    ## Fix
    Add `duplex: 'half'`, or let `serve()` of `@hono/node-server` make the request.

    ## Silent on
    Options that are not written where they are given or in a variable of the same function,
    spreads, bodies of which it is not seen that they are streams (Node's request itself, or what
    `Readable.toWeb()` gives).

    ## Source
    Fetch standard, "RequestInit": `duplex`; constraint decay, arXiv 2605.06445: "duplex option is
    required when sending a body".
    """

    id = "framework/request-duplex"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for call, scope in model.calls_named("Request"):
            path = scope.module.path
            if (
                not call.new
                or scope.module.language == "python"
                or is_outside(path)
                or (isinstance(call.func, s.Name) and model.bindings(call.func.id, scope))
            ):
                continue
            body = _streamed(model, call.argument(1), scope)
            if body is not None:
                yield self.finding(
                    path,
                    body,
                    message="The request gets a stream as its body, and no `duplex`.",
                    why="Node throws TypeError: RequestInit: duplex option is required when "
                    "sending a body. Each request that has one fails.",
                    fix="Add `duplex: 'half'` to the options.",
                    subject="Request with a streamed body",
                )


def _streamed(model: CodeModel, options: s.Expr | None, scope: Scope) -> s.Expr | None:
    """The body, where it is a stream and the options say nothing of ``duplex``."""
    options = _plain(options)
    given: list[tuple[str, s.Expr]] = []
    if isinstance(options, s.Name):
        bindings = model.bindings(options.id, scope)
        if len(bindings) != 1 or bindings[0].kind != "value" or bindings[0].scope is not scope:
            return None
        given += _set_on(scope, options.id)
        options = _plain(bindings[0].node)
    if not isinstance(options, s.Mapping) or any(entry.key is None for entry in options.entries):
        return None
    for entry in options.entries:
        if not isinstance(entry.key, s.Literal):
            return None
        given.append((str(entry.key.value), entry.value))
    if any(name == "duplex" for name, _ in given):
        return None
    read = {name for _, value in given for name in _incoming(value)}
    return next(
        (
            body
            for name, value in given
            if name == "body"
            for body in _choices(value, 0)
            if _is_stream(model, body, scope, read)
        ),
        None,
    )


def _set_on(scope: Scope, name: str) -> Iterator[tuple[str, s.Expr]]:
    """``init.body = req``."""
    node = scope.function.node if scope.function is not None else scope.module
    for part in s.walk(node):
        match part:
            case s.Assign(
                targets=[s.Attribute(value=s.Name(id=held), name=attribute)], value=value
            ) if held == name and value is not None:
                yield attribute, value


def _incoming(value: s.Node) -> Iterator[str]:
    """``req.method``: the name is a request of Node's server."""
    for part in s.walk(value):
        match part:
            case s.Attribute(value=s.Name(id=holder), name=name) if name in _INCOMING:
                yield holder


def _choices(value: s.Expr, depth: int) -> Iterator[s.Expr]:
    """What the value may be: ``hasBody ? req : undefined``."""
    value = _plain(value) or value
    match value:
        case s.Conditional(body=body, orelse=orelse) if depth < _MAX_DEPTH:
            yield from _choices(body, depth + 1)
            yield from _choices(orelse, depth + 1)
        case s.Binary(op="and" | "or" | "??", right=right) if depth < _MAX_DEPTH:
            yield from _choices(right, depth + 1)
        case _:
            yield value


def _is_stream(model: CodeModel, body: s.Expr, scope: Scope, requests: set[str]) -> bool:
    match body:
        case s.Name(id=name):
            bindings = model.bindings(name, scope)
            if len(bindings) != 1 or bindings[0].path:
                return False
            if bindings[0].kind == "param":
                return name in requests
            made = _plain(bindings[0].node) if bindings[0].kind == "value" else None
            return isinstance(made, s.Call) and _is_web_stream(made)
        case s.Call():
            return _is_web_stream(body)
    return False


def _is_web_stream(call: s.Call) -> bool:
    match call.func:
        case s.Attribute(value=s.Name(id="Readable") | s.Attribute(name="Readable"), name="toWeb"):
            return True
    return False


def _plain(value: s.Node | None) -> s.Expr | None:
    """Without what only TypeScript sees (``init as any``)."""
    while isinstance(value, s.Unknown) and len(value.children) == 1:
        value = value.children[0]
    return value if isinstance(value, s.Expr) else None
