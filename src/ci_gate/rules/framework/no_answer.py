from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule

#: What a handler of Koa reads of its context without answering.
_READ: Final = frozenset({
    "params", "query", "request", "headers", "header", "path", "method", "ip", "querystring", "url",
    "state", "get", "host",
})  # fmt: skip
#: What a reply of Fastify is given before it is sent.
_PREPARING: Final = frozenset({"code", "status", "header", "headers", "type"})
_SOCKETS: Final = frozenset({"socket", "connection", "conn", "ws"})
_WHY: Final = {
    "express": "Express waits for an answer that nobody sends: every request to the route hangs "
    "until the client gives up.",
    "fastify": "Fastify sends what the handler returns, and it returns nothing: the request hangs, "
    "with FST_ERR_PROMISE_NOT_FULFILLED in the log of an async handler.",
    "koa": "Koa answers 404 where no handler sets `ctx.body` or `ctx.status`, although the work is "
    "done.",
    "hono": "Hono fails with 'Context is not finalized': every request to the route is answered "
    "with 500, although the work is done.",
}
_FIX: Final = {
    "express": "End with `{name}.json(…)`, `{name}.sendStatus(204)` or the like.",
    "fastify": "Return the payload, or `reply.code(204).send()`.",
    "koa": "Set `ctx.body`, or `ctx.status = 204`.",
    "hono": "Return `c.json(…)` or `c.body(null, 204)`.",
}

#: What becomes of a request that a middleware keeps.
_STOPS: Final = {
    "express": "Every request to the route hangs until the client gives up: its handler is never "
    "called.",
    "koa": "Koa answers 404: the handler behind it is never called.",
    "hono": "Hono fails with 'Context is not finalized': the handler behind it is never called.",
}
_ANSWERING: Final = frozenset({
    "body", "status", "redirect", "throw", "res", "respond", "json", "text", "html", "finalized",
})  # fmt: skip


class NoAnswer(Rule):
    """A handler comes to its end without an answer on any way.

    `app.delete('/orders/:id', async (request) => { await orders.remove(request.params.id); })`
    under Fastify; `(req, res) => { … }` without a mention of `res` under Express. Also middleware
    of a route that neither answers nor calls `next()`.

    ## Why is this bad?
    The work is done, and the client waits until its time-out (Express, Fastify), or gets 404 (Koa)
    or 500 (Hono).

    ## Fix
    Send or return an answer; 204 where there is nothing to say.

    ## Silent on
    Handlers that return a value (under Koa where middleware takes what `next()` gives), mention the
    response or `next`, hand the context on, end with a throw or are empty; handlers that are
    registered through wrappers which answer themselves.

    ## Source
    Express, "Response methods"; Fastify, "Routes: Promise resolution"; Koa, "Response"; Hono,
    "Context".
    """

    id = "framework/no-answer"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express", "fastify", "koa", "hono")

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[FunctionInfo] = set()
        yield from self._stopping(facts)
        for route in facts.model.routes:
            function = route.handlers[0] if route.handlers else None
            if function is None or function in seen or route.framework not in _WHY:
                continue
            seen.add(function)
            if is_outside(function.module.path) or route.method in ("ANY", "USE"):
                continue
            name = _silent(facts.model, function, route.framework)
            if name is None:
                continue
            yield self.finding(
                function.module.path,
                function.node,
                message=f"The handler of {route.endpoint} never answers.",
                why=_WHY[route.framework],
                fix=_FIX[route.framework].format(name=name or "res"),
                subject=f"{function.name or route.endpoint} never answers",
            )

    def _stopping(self, facts: Facts) -> Iterator[Finding]:
        """Middleware before the handler, at which every request ends."""
        seen: set[FunctionInfo] = set()
        for route in facts.model.routes:
            for function in route.handlers[1:] if route.framework in _STOPS else ():
                if function in seen or is_outside(function.module.path):
                    continue
                seen.add(function)
                if _stops(facts.model, function, route.framework):
                    yield self.finding(
                        function.module.path,
                        function.node,
                        message=f"The middleware {function.name or 'of a route'} neither answers "
                        f"nor calls `next()` ({route.endpoint}).",
                        why=_STOPS[route.framework],
                        fix="Call `next()` at its end.",
                        subject=f"{function.name} never goes on",
                    )


def _stops(model: CodeModel, function: FunctionInfo, framework: str) -> bool:
    node = function.node
    if not isinstance(node, s.Function) or len(node.params) != (3 if framework == "express" else 2):
        return False
    if node.is_generator or not node.body or isinstance(node.body[-1], s.Raise):
        return False
    names = {item.id for item in s.walk(node) if isinstance(item, s.Name)}
    params = [param.name for param in node.params]
    if not all(params) or not names.isdisjoint([*params[1:], "arguments"]):
        return False
    if model.returned(function):
        return False
    answering = frozenset({"res"}) if framework == "express" else _ANSWERING
    if any(isinstance(item, s.Attribute) and item.name in answering for item in s.walk(node)):
        return False
    return not _is_handed_on(model, node, params[0], answering)


def _is_handed_on(
    model: CodeModel, node: s.Function, context: str, answering: frozenset[str]
) -> bool:
    """Does another function get the request that may answer it?"""
    for call in s.walk(node):
        if not isinstance(call, s.Call) or not any(
            isinstance(item.value, s.Name) and item.value.id == context for item in call.args
        ):
            continue
        found = model.evaluate(call.func)
        own = [value.function.node for value in found if isinstance(value, FunctionValue)]
        if not own or len(own) != len(found):
            return True
        if any(
            isinstance(part, s.Attribute) and part.name in answering
            for inner in own
            for part in s.walk(inner)
        ):
            return True
    return False


def _silent(model: CodeModel, function: FunctionInfo, framework: str) -> str | None:
    """The name of the response, where the handler surely does not answer; else None."""
    node = function.node
    if not isinstance(node, s.Function) or node.is_generator or not node.body or node.decorators:
        return None
    params = [param.name for param in node.params if param.name != "this"]
    if not all(params) or any(param.kind != "positional" for param in node.params):
        return None
    returned = bool(model.returned(function))
    if (returned and framework != "koa") or isinstance(node.body[-1], s.Raise):
        return None
    if returned and _is_result_used(model):
        return None
    uses = [item for item in s.walk(node) if isinstance(item, s.Name)]
    names = {item.id for item in uses}
    if "arguments" in names:
        return None
    match framework:
        case "express":
            known = len(params) in (2, 3) and names.isdisjoint(params[1:])
            return params[1] if known and not _reads(node, params[0], "res") else None
        case "fastify":
            known = len(params) <= 2 and _only_prepares(node, params[1:])
            return "reply" if known and not _SOCKETS & set(params) else None
        case "koa":
            known = len(params) in (1, 2) and names.isdisjoint(params[1:])
            return params[0] if known and _only_read(node, params[0]) else None
        case "hono":
            known = len(params) in (1, 2) and names.isdisjoint(params[1:])
            return params[0] if known and not _reads(node, params[0], "res") else None
    return None


def _only_prepares(node: s.Function, replies: list[str]) -> bool:
    """Is the reply not named, or only given a status and headers (`reply.code(200)`)?"""
    parents: dict[s.Node, s.Node] = {}
    for item in s.walk(node):
        for child in s.children(item):
            parents[child] = item
    for item in s.walk(node):
        if not isinstance(item, s.Name) or item.id not in replies:
            continue
        current: s.Node = item
        while True:
            read = parents.get(current)
            call = parents.get(read) if read is not None else None
            if not isinstance(read, s.Attribute) or read.name not in _PREPARING:
                return False
            if not isinstance(call, s.Call) or call.func is not read or _is_empty_status(call):
                return False
            current = call
            if isinstance(parents.get(current), s.ExprStmt):
                break
    return True


def _is_empty_status(call: s.Call) -> bool:
    """``reply.code(204)``, with which Fastify sends an answer of nothing."""
    given = call.argument(0)
    return not isinstance(given, s.Literal) or str(given.value) in ("204", "304")


def _is_result_used(model: CodeModel) -> bool:
    """Does some middleware of the program take what ``next()`` gives?"""
    return any(
        isinstance(part, s.Await)
        and isinstance(part.value, s.Call)
        and isinstance(part.value.func, s.Name)
        and part.value.func.id in ("next", "_next")
        for module in model.modules.values()
        if module.language != "python"
        for statement in model.nodes_of(module, s.Assign)
        if statement.value is not None
        for part in s.walk(statement.value)
    )


def _reads(node: s.Function, owner: str, name: str) -> bool:
    """``req.res``: the response by another way; or the owner itself is handed on."""
    for item in s.walk(node):
        if isinstance(item, s.Attribute) and item.name == name:
            return True
        given = item.value if isinstance(item, s.Argument) else None
        if isinstance(given, s.Name) and given.id == owner:
            return True
    return False


def _only_read(node: s.Function, context: str) -> bool:
    """Is nothing of the context used but what says something of the request?"""
    reads = sum(
        isinstance(item, s.Attribute)
        and isinstance(item.value, s.Name)
        and item.value.id == context
        and item.name in _READ
        for item in s.walk(node)
    )
    mentions = sum(isinstance(item, s.Name) and item.id == context for item in s.walk(node))
    return reads == mentions
