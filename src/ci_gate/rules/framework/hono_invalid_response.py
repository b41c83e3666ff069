from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule

_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "options", "all", "on"})
_WITH_BODY: Final = frozenset({"json", "text", "html"})
#: Statuses whose answer has no body.
_EMPTY: Final = frozenset({101, 204, 205, 304})
#: Middleware of Hono's own that checks no input.
_LIBRARY: Final = frozenset({
    "cors", "logger", "secureHeaders", "prettyJSON", "requestId", "compress", "csrf", "etag", "jwt",
    "bearerAuth", "basicAuth", "timing", "timeout", "bodyLimit", "cache",
})  # fmt: skip
_CONTEXTS: Final = frozenset({"c", "ctx", "context"})


class HonoInvalidResponse(Rule):
    """A handler of Hono answers with what is no answer.

    It returns a plain object or text, as handlers of Fastify may; it gives a body to a status that
    has none (`c.json({}, 204)`); or it reads `c.req.valid('json')` on a route that has no validator
    for it.

    ## Why is this bad?
    Hono sends a `Response` and nothing else: a plain object ends in "Context is not finalized" or a
    TypeError, status 500. The constructor of `Response` throws where 204 comes with a body. Without
    its validator `c.req.valid('json')` gives undefined, and taking something out of it throws.

    ## Fix
    Return `c.json(object)`; for 204, `c.body(null, 204)`; put the validator before the handler.

    ## Silent on
    Handlers that something is wrapped around; what is returned and could not be followed; routes
    with middleware that could not be followed, for validators.

    ## Source
    Hono, "Context" and "Validation"; MDN, "Response: Response() constructor": null body statuses.
    """

    id = "hono/invalid-response"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("hono",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for function, call, context in _handlers(model):
            for value in model.returned(function):
                if _is_plain(model, value):
                    yield self._plain(function, value)
            for node in s.walk(function.node):
                if isinstance(node, s.Call) and _has_body_for_none(node, context):
                    yield self._empty(function, node)
            for read, target in _valid(function.node, context):
                if not _may_validate(model, call, function, target):
                    yield self._unvalidated(function, read, target)
                    break

    def _plain(self, function: FunctionInfo, value: s.Expr) -> Finding:
        return self.finding(
            function.module.path,
            value,
            message="The handler returns a plain value, and Hono sends a Response only.",
            why="The request fails with 'Context is not finalized' or a TypeError: status 500.",
            fix="Return `c.json(…)`.",
            subject="plain value returned",
        )

    def _empty(self, function: FunctionInfo, call: s.Call) -> Finding:
        return self.finding(
            function.module.path,
            call,
            message="A body is given to a status that has none.",
            why="`new Response(body, { status: 204 })` throws a TypeError: the client gets 500, "
            "after the work was done.",
            fix="Return `c.body(null, 204)`.",
            subject="body with an empty status",
        )

    def _unvalidated(self, function: FunctionInfo, read: s.Node, target: str) -> Finding:
        return self.finding(
            function.module.path,
            read,
            message=f"`c.req.valid('{target}')` is read, and the route has no validator for "
            f"'{target}'.",
            why="It gives undefined: taking something out of it throws, and nothing was checked.",
            fix=f"Put the validator for '{target}' before the handler.",
            subject=f"valid {target} without validator",
        )


def _handlers(model: CodeModel) -> Iterator[tuple[FunctionInfo, s.Call, str]]:
    """The handlers that are written where Hono's routes are registered, with the call that
    registers them and the name of their context."""
    seen: set[FunctionInfo] = set()
    for route in model.routes:
        function = route.handlers[0] if route.handlers else None
        if route.framework != "hono" or function is None or function in seen:
            continue
        seen.add(function)
        node = function.node
        passed = model.argument_of(node)
        if passed is None or not isinstance(node, s.Function) or not node.params:
            continue
        call, name = passed[0], node.params[0].name
        func = call.func
        if is_outside(function.module.path) or name not in _CONTEXTS:
            continue
        if isinstance(func, s.Attribute) and func.name in _METHODS:
            yield function, call, name


def _is_plain(model: CodeModel, expr: s.Expr, depth: int = 0) -> bool:
    """Is it surely an object that is written out, or text?"""
    if isinstance(expr, s.Await):
        expr = expr.value
    if isinstance(expr, s.Mapping | s.Template | s.Sequence):
        return not (isinstance(expr, s.Template) and expr.tag is not None)
    if isinstance(expr, s.Literal):
        return isinstance(expr.value, str)
    if not isinstance(expr, s.Call) or depth:
        return False
    values = model.evaluate(expr.func)
    if len(values) != 1 or not isinstance(value := next(iter(values)), FunctionValue):
        return False
    given = model.returned(value.function)
    return bool(given) and all(
        isinstance(item, s.Mapping) and _is_plain(model, item, 1) for item in given
    )


def _has_body_for_none(call: s.Call, context: str) -> bool:
    match call:
        case s.Call(func=s.Attribute(value=s.Name(id=owner), name=name)) if (
            owner == context and name in _WITH_BODY
        ):
            status = call.argument(1)
            return isinstance(status, s.Literal) and status.value in _EMPTY
    return False


def _valid(node: s.Node, context: str) -> Iterator[tuple[s.Node, str]]:
    for item in s.walk(node):
        match item:
            case s.Call(
                func=s.Attribute(
                    value=s.Attribute(value=s.Name(id=owner), name="req"), name="valid"
                ),
                args=[s.Argument(value=s.Literal(value=str(target)))],
            ) if owner == context:
                yield item, target


def _may_validate(model: CodeModel, call: s.Call, handler: FunctionInfo, target: str) -> bool:
    for argument in call.args:
        value = argument.value
        if argument.star or _speaks_of(model, value, handler, target):
            return True
    for name in ("use", "on"):
        for other, scope in model.calls_named(name):
            if scope.module.language != "python" and any(
                _speaks_of(model, item.value, handler, target) for item in other.args
            ):
                return True
    return False


def _speaks_of(model: CodeModel, expr: s.Expr, handler: FunctionInfo, target: str) -> bool:
    """May it be a validator for the part of the request? A call that names another part, text, and
    a function of the tree that names none are none."""
    if isinstance(expr, s.Literal | s.Template):
        return False
    if isinstance(expr, s.FunctionExpr):
        return expr.function is not handler.node and _names(expr, target)
    if isinstance(expr, s.Call):
        texts = [item.value.value for item in expr.args if isinstance(item.value, s.Literal)]
        if texts:
            return target in texts
        values = model.evaluate(expr.func)
    else:
        values = model.evaluate(expr)
        written = (
            model.definition(expr, model.scope_of(expr))
            if not values or any(isinstance(value, ExternalValue) for value in values)
            else None
        )
        if written is not None and _wraps(written[0]):
            return _names(written[0], target)
    own = [item.function for item in values if isinstance(item, FunctionValue)]
    if values and len(own) == len(values):
        return any(_names(function.node, target) for function in own)
    return not _is_library(expr)


def _wraps(expr: s.Expr) -> bool:
    """``createMiddleware(async (c, next) => …)``: all of it is written there."""
    return isinstance(expr, s.Call) and all(
        isinstance(item.value, s.FunctionExpr) for item in expr.args
    )


def _names(node: s.Node, target: str) -> bool:
    return any(
        (isinstance(item, s.Literal) and item.value == target)
        or (isinstance(item, s.Name) and "valid" in item.id.lower())
        for item in s.walk(node)
    )


def _is_library(expr: s.Expr) -> bool:
    name = s.last_name(expr.func if isinstance(expr, s.Call) else expr)
    return name in _LIBRARY
