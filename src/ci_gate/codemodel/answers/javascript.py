"""Answers of Express, Fastify, Hono and Koa.

The response object's uses are collected over the whole handler, whatever their order; it is
followed into functions of the tree that it is handed to. Anything else that gets hold of it ends
the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.answers.core import Answer, Frame, Reader, Unknowable, own, returned
from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.surroundings import parents_below
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class _Words:
    """A framework's vocabulary. ``send``: name -> (position of the body, position of the status).
    ``passing``: names that say nothing of the answer."""

    position: int  # of the response object among the handler's parameters
    sets: frozenset[str]
    send: dict[str, tuple[int | None, int | None]]
    passing: frozenset[str]
    elsewhere: frozenset[str] = frozenset()  # names whose answer is no success


_HEADERS: Final = frozenset({
    "set", "header", "headers", "setHeader", "type", "contentType", "cookie", "clearCookie",
    "append", "vary", "links", "location", "attachment", "get", "getHeader", "removeHeader",
    "hasHeader", "setCookie", "etag", "expires", "lastModified",
})  # fmt: skip
_WORDS: Final[dict[str, _Words]] = {
    "express": _Words(
        1,
        frozenset({"status"}),
        {"json": (0, None), "jsonp": (0, None), "send": (0, None), "end": (None, None),
         "render": (None, None), "sendFile": (None, None), "download": (None, None),
         "sendStatus": (None, 0)},
        _HEADERS | {"locals", "req", "app", "headersSent", "statusCode"},
        frozenset({"redirect"}),
    ),
    "fastify": _Words(
        1,
        frozenset({"code", "status"}),
        {"send": (0, None), "view": (None, None), "sendFile": (None, None)},
        _HEADERS | {"log", "request", "sent", "server", "statusCode", "elapsedTime"},
        frozenset({"redirect", "callNotFound", "notFound", "badRequest", "unauthorized",
                   "forbidden", "internalServerError", "conflict"}),
    ),
    "hono": _Words(
        0,
        frozenset({"status"}),
        {"json": (0, 1), "text": (None, 1), "html": (None, 1), "body": (None, 1),
         "newResponse": (None, 1), "render": (None, None)},
        _HEADERS | {"req", "var", "env", "executionCtx", "event", "error"},
        frozenset({"redirect", "notFound"}),
    ),
    "koa": _Words(
        0,
        frozenset(),
        {},
        _HEADERS | {"req", "params", "query", "state", "app", "cookies", "is", "path",
                    "method", "url", "ip", "host", "querystring", "session", "accepts", "origin",
                    "request", "captures", "href", "length", "assert"},
        frozenset({"redirect", "throw"}),
    ),
}  # fmt: skip


@dataclass(slots=True, eq=False)
class _Seen:
    """What was seen of the response object so far. ``alone``: statuses set without an answer in
    the same chain; ``plain``: answers that set none; ``from_start``: a status that the handler sets
    whatever happens."""

    answers: list[Answer] = field(default_factory=list)
    alone: set[int] = field(default_factory=set)
    plain: list[Answer] = field(default_factory=list)
    from_start: int | None = None
    start_line: int = 0


class JavascriptAnswers(Reader):
    def __init__(self, model: CodeModel) -> None:
        super().__init__(model)
        self._parents: dict[s.Node, dict[s.Node, s.Node]] = {}

    def of(self, route: Route) -> list[Answer]:
        """All that the route may answer.

        Raises:
            Unknowable: something in it is not understood.
        """
        words = _WORDS.get(route.framework)
        handler = route.handlers[0] if route.handlers else None
        if words is None or handler is None or not isinstance(handler.node, s.Function):
            raise Unknowable
        if route.framework == "koa" and self._changed:
            raise Unknowable
        seen = _Seen()
        params = handler.node.params
        frame = self.frame(handler)
        if len(params) > words.position:
            param = params[words.position]
            if not param.name:
                raise Unknowable
            self._collect(words, param.name, frame, seen, outermost=True)
        elif route.framework != "fastify":
            raise Unknowable
        if route.framework == "fastify":
            self._returned(frame, params, seen)
        if route.framework == "hono":
            self._only_its_own(frame, params)
        return _settled(seen)

    @cached_property
    def _changed(self) -> bool:
        """Does a middleware of Koa give answers another status, outside its error handling?"""
        handlers = {route.handlers[0] for route in self.model.routes if route.handlers}
        for store in self.model.stores("status"):
            function = store.binding.scope.function
            if function in handlers or not isinstance(store.base, s.Name) or store.base.id != "ctx":
                continue
            caught = any(
                any(item is store.base for item in s.walk(handler))
                for node in s.walk(function.node)
                if isinstance(node, s.Try)
                for handler in node.handlers
            )
            if not caught and not self.sets_error(store):
                return True
        return False

    def _collect(
        self, words: _Words, name: str, frame: Frame, seen: _Seen, *, outermost: bool = False
    ) -> None:
        node = frame.function.node
        parents = self._parents_of(node)
        for item in s.walk(node):
            if (
                isinstance(item, s.Function)
                and item is not node
                and any(param.name == name for param in item.params)
            ):
                raise Unknowable
            if isinstance(item, s.Name) and item.id == name and item in parents:
                self._use(words, item, parents, frame, seen, outermost=outermost)

    def _use(
        self,
        words: _Words,
        name: s.Name,
        parents: dict[s.Node, s.Node],
        frame: Frame,
        seen: _Seen,
        *,
        outermost: bool,
    ) -> None:
        parent = parents[name]
        if isinstance(parent, s.Attribute) and parent.value is name:
            self._chain(words, name, parents, frame, seen, outermost=outermost)
        elif isinstance(parent, s.Argument):
            call = parents[parent]
            if not isinstance(call, s.Call) or parent.star:
                raise Unknowable
            self._handed_on(words, call, parent, frame, seen)
        elif isinstance(parent, s.Call) and parent.func is not name:
            argument = next((item for item in parent.args if item.value is name), None)
            if argument is None:
                raise Unknowable
            self._handed_on(words, parent, argument, frame, seen)
        elif not isinstance(parent, s.Return | s.ExprStmt | s.Param):
            raise Unknowable

    def _handed_on(
        self, words: _Words, call: s.Call, argument: s.Argument, frame: Frame, seen: _Seen
    ) -> None:
        function = self.function(call.func, frame)
        if function is None or function is frame.function:
            raise Unknowable
        inner = self.entered(call, function, frame)
        node = function.node
        position = call.args.index(argument)
        if not isinstance(node, s.Function) or position >= len(node.params):
            raise Unknowable
        name = node.params[position].name
        if not name:
            raise Unknowable
        there = _Seen()
        self._collect(words, name, inner, there)
        seen.answers += [item.seen_from(call, frame) for item in there.answers]
        seen.plain += [item.seen_from(call, frame) for item in there.plain]
        seen.alone |= there.alone

    def _chain(
        self,
        words: _Words,
        name: s.Name,
        parents: dict[s.Node, s.Node],
        frame: Frame,
        seen: _Seen,
        *,
        outermost: bool,
    ) -> None:
        """``res.status(201).set(…).json(x)``"""
        statuses: set[int] | None = None
        node: s.Node = name
        sent = False
        while isinstance(parent := parents.get(node), s.Attribute) and parent.value is node:
            word = parent.name
            above = parents.get(parent)
            call = above if isinstance(above, s.Call) and above.func is parent else None
            if call is None:
                self._attribute(words, parent, parents, frame, seen, outermost=outermost)
                return
            if word in words.sets:
                given = call.argument(0)
                if given is None:
                    raise Unknowable
                statuses = self.numbers(given, frame)
            elif word in words.send:
                sent = True
                self._sent(words.send[word], call, statuses, frame, seen)
            elif word in words.elsewhere:
                return
            elif word not in words.passing:
                raise Unknowable
            elif word in ("get", "getHeader", "req", "is", "accepts", "assert"):
                return
            node = call
        if statuses is not None and not sent:
            seen.alone |= statuses
            if outermost and len(statuses) == 1 and _unconditional(node, frame):
                seen.from_start, seen.start_line = next(iter(statuses)), node.line

    def _sent(
        self,
        positions: tuple[int | None, int | None],
        call: s.Call,
        statuses: set[int] | None,
        frame: Frame,
        seen: _Seen,
    ) -> None:
        body = call.argument(positions[0]) if positions[0] is not None else None
        status = call.argument(positions[1]) if positions[1] is not None else None
        if status is not None:
            if isinstance(status, s.Mapping):
                status = status.get("status")
                if status is None:
                    raise Unknowable
            statuses = self.numbers(status, frame)
        if statuses is None:
            seen.plain.append(Answer(200, call, frame, body))
        else:
            seen.answers += [Answer(number, call, frame, body) for number in statuses]

    def _attribute(
        self,
        words: _Words,
        attribute: s.Attribute,
        parents: dict[s.Node, s.Node],
        frame: Frame,
        seen: _Seen,
        *,
        outermost: bool,
    ) -> None:
        """``ctx.body = x``, ``ctx.status = 201``, ``res.statusCode = 201``, ``res.locals``."""
        parent = parents.get(attribute)
        set_here = isinstance(parent, s.Assign) and attribute in parent.targets
        if set_here and attribute.name in ("status", "statusCode"):
            assert isinstance(parent, s.Assign)
            if parent.value is None:
                raise Unknowable
            numbers = self.numbers(parent.value, frame)
            seen.alone |= numbers
            if outermost and len(numbers) == 1 and _unconditional(attribute, frame):
                seen.from_start, seen.start_line = next(iter(numbers)), 0
        elif set_here and attribute.name == "body" and words is _WORDS["koa"]:
            assert isinstance(parent, s.Assign)
            body = parent.value
            empty = isinstance(body, s.Literal) and body.kind in ("none", "undefined")
            seen.plain.append(Answer(204 if empty else 200, attribute, frame, body))
        elif attribute.name not in words.passing and attribute.name not in ("status", "body"):
            raise Unknowable

    def _returned(self, frame: Frame, params: Sequence[s.Param], seen: _Seen) -> None:
        """Fastify sends what a handler returns, unless it is the reply itself."""
        reply = params[1].name if len(params) > 1 else None
        for item in returned(frame.function):
            value = item.value.value if isinstance(item.value, s.Await) else item.value
            if value is None or (reply is not None and _rests_on(value, reply)):
                continue
            seen.plain.append(Answer(200, item, frame, value))

    def _only_its_own(self, frame: Frame, params: Sequence[s.Param]) -> None:
        """A Hono handler returns a Response; one that the context does not make is not known."""
        for item in returned(frame.function):
            value = item.value.value if isinstance(item.value, s.Await) else item.value
            if value is not None and not _rests_on(value, params[0].name):
                raise Unknowable

    def _parents_of(self, node: s.Node) -> dict[s.Node, s.Node]:
        found = self._parents.get(node)
        if found is None:
            found = self._parents[node] = parents_below(node)
        return found


def _settled(seen: _Seen) -> list[Answer]:
    """What may be answered, with the statuses that were set by themselves."""
    found = list(seen.answers)
    for item in seen.plain:
        settled = seen.from_start is not None and item.node.line >= seen.start_line
        statuses = {seen.from_start} if settled else seen.alone | {item.status}
        found += [
            Answer(status, item.node, item.frame, item.body, item.home)
            for status in statuses | seen.alone
            if status is not None
        ]
    if not found:
        raise Unknowable
    return found


def _unconditional(node: s.Node, frame: Frame) -> bool:
    """Does ``node`` stand in a statement of the function's own body, under no condition?"""
    function = frame.function.node
    for statement in function.body if isinstance(function, s.Function) else ():
        if isinstance(statement, s.ExprStmt | s.Assign | s.Return) and any(
            item is node for item in own(statement)
        ):
            return not any(
                isinstance(item, s.Conditional | s.Binary) and any(x is node for x in s.walk(item))
                for item in own(statement)
            )
    return False


def _rests_on(value: s.Expr, name: str) -> bool:
    """``reply``, ``reply.code(201).send(x)``, or a call that is handed it."""
    return any(isinstance(item, s.Name) and item.id == name for item in _spine(value))


def _spine(value: s.Expr) -> Iterator[s.Expr]:
    while True:
        yield value
        if isinstance(value, s.Call):
            yield from (item.value for item in value.args)
            value = value.func
        elif isinstance(value, s.Attribute | s.Await):
            value = value.value
        elif isinstance(value, s.Conditional):
            yield from _spine(value.body)
            value = value.orelse
        else:
            return
