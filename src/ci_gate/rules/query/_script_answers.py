"""What a JavaScript handler sends: Express, Fastify, Koa and Hono each in their own words."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s

#: Methods that send a payload.
_SENDS: Final = frozenset({"json", "send", "jsonp"})
#: Methods that answer with something else, or hand the request on.
_OTHER: Final = frozenset({
    "render", "redirect", "sendFile", "sendfile", "download", "end", "sendStatus", "pipe", "write",
    "text", "html", "body", "stream", "view", "notFound", "newResponse", "hijack", "callNotFound",
})  # fmt: skip
_MAX_CHAIN: Final = 6


def answers(handler: s.Function, framework: str) -> list[s.Expr] | None:
    """All payloads that a handler sends itself; None where one cannot be told. Refusals (a status
    from 400 on) are none."""
    if not handler.params or not all(param.name for param in handler.params[:2]):
        return None
    names = [param.name for param in handler.params]
    response = names[0] if framework in ("koa", "hono") else (names[1] if names[1:] else "")
    found: list[s.Expr] = []
    own = _own_nodes(handler)
    for node in s.walk(handler):
        if isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
            chain = _chain(node, response)
            if chain is None:
                continue
            if node not in own or node.func.name in _OTHER:
                return None
            if node.func.name not in _SENDS or _refuses(node, chain):
                continue
            payload = node.argument(0)
            if payload is None:
                return None
            found.append(payload)
        elif isinstance(node, s.Assign) and framework == "koa":
            for target in node.targets:
                if isinstance(target, s.Attribute) and _is(target.value, response):
                    if target.name == "body" and node.value is not None and node in own:
                        found.append(node.value)
                    elif target.name in ("body", "status"):
                        return None
        elif isinstance(node, s.Name) and node.id in ("next", "done") and framework != "koa":
            return None
    if framework == "fastify":
        found += _returned(handler, response)
    return found or None


def _own_nodes(handler: s.Function) -> set[s.Node]:
    return {node for statement in handler.body for node in s.walk(statement, into_functions=False)}


def _chain(call: s.Call, response: str) -> list[s.Call] | None:
    """The calls before this one (``res.status(200).json(x)``), if they begin at the response."""
    found: list[s.Call] = []
    node: s.Expr = call
    for _ in range(_MAX_CHAIN):
        if not isinstance(node, s.Call) or not isinstance(node.func, s.Attribute):
            break
        found.append(node)
        node = node.func.value
    return found[1:] if response and _is(node, response) else None


def _refuses(call: s.Call, chain: list[s.Call]) -> bool:
    """Is the answer's status that of an error?"""
    given = [call.argument(1), *(one.argument(0) for one in chain)]
    return any(
        isinstance(item, s.Literal) and isinstance(item.value, int) and item.value >= 400
        for item in given
    )


def _returned(handler: s.Function, response: str) -> list[s.Expr]:
    """What a Fastify handler returns that it has not sent."""
    values = [item.value for item in s.returns_in(handler) if item.value is not None]
    return [
        value
        for value in values
        if not _is(value, response)
        and not (isinstance(value, s.Call) and _chain(value, response) is not None)
    ]


def _is(node: s.Expr, name: str) -> bool:
    return isinstance(node, s.Name) and node.id == name
