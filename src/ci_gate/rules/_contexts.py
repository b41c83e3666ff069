"""The objects that frameworks hand to handlers: requests, replies and contexts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts

if TYPE_CHECKING:
    from re import Pattern

Kind = Literal[
    "express.Request", "express.Response", "fastify.Request", "fastify.Reply", "koa.Context",
    "hono.Context", "aiohttp.Request", "django.HttpRequest", "starlette.Request", "flask.Request",
]  # fmt: skip

#: What handlers get, by position, under names that say what it is.
_REQUEST: Final = regex(r"^_?req(?:uest)?$")
_REPLY: Final = regex(r"^_?(?:res(?:p|ponse)?|rep(?:ly)?)$")
_CONTEXT: Final = regex(r"^_?(?:c|ctx|context)$")
_POSITIONS: Final[dict[str, tuple[tuple[Kind, Pattern[str]], ...]]] = {
    "express": (("express.Request", _REQUEST), ("express.Response", _REPLY)),
    "fastify": (("fastify.Request", _REQUEST), ("fastify.Reply", _REPLY)),
    "koa": (("koa.Context", _CONTEXT),),
    "hono": (("hono.Context", _CONTEXT),),
}
#: Views of Python's frameworks that get the request as their first argument.
_VIEWS: Final[dict[str, Kind]] = {"aiohttp": "aiohttp.Request", "django": "django.HttpRequest"}
_ANNOTATIONS: Final[dict[str, Kind]] = {
    "aiohttp.web.Request": "aiohttp.Request",
    "aiohttp.web_request.Request": "aiohttp.Request",
    "django.http.HttpRequest": "django.HttpRequest",
    "django.http.request.HttpRequest": "django.HttpRequest",
    "fastapi.Request": "starlette.Request",
    "fastapi.requests.Request": "starlette.Request",
    "starlette.requests.Request": "starlette.Request",
}
_PROXIES: Final = frozenset({"flask.request", "flask.globals.request"})
_NAMES: Final = {
    "Request": _REQUEST, "HttpRequest": _REQUEST, "Response": _REPLY, "Reply": _REPLY,
    "Context": _CONTEXT,
}  # fmt: skip
_HOOKS: Final = frozenset({
    "__call__", "process_request", "process_view", "process_exception", "process_response",
})  # fmt: skip
_ERROR_HANDLER: Final = 4
_MAX_DEPTH: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """``function`` knows an object of this kind under ``name``."""

    function: FunctionInfo
    name: str
    kind: Kind

    def reads(self) -> Iterator[s.Name]:
        """Where the function, and the functions in it that see the name, read it."""
        stack: list[s.Node] = list(self.function.node.body)
        while stack:
            node = stack.pop()
            inner = node.function if isinstance(node, s.FunctionDef | s.FunctionExpr) else None
            if inner is not None and any(param.name == self.name for param in inner.params):
                continue
            if isinstance(node, s.Name) and node.id == self.name:
                yield node
            stack += s.children(node)


def held_objects(facts: Facts) -> tuple[Held, ...]:
    """All functions of the tree that get one, from the framework or from a handler."""
    return facts.once(_held)


def _held(facts: Facts) -> tuple[Held, ...]:
    model = facts.model
    found: dict[tuple[FunctionInfo, str], Held] = {}
    waiting = [
        (item, 0)
        for item in (*_of_routes(model), *_around(model), *_annotated(model), *_proxied(model))
    ]
    while waiting:
        item, depth = waiting.pop(0)
        key = (item.function, item.name)
        if key in found or is_outside(item.function.module.path) or _is_replaced(item):
            continue
        found[key] = item
        if depth < _MAX_DEPTH and item.kind != "flask.Request":
            waiting += ((given, depth + 1) for given in _handed_on(model, item))
    return tuple(found.values())


def _of_routes(model: CodeModel) -> Iterator[Held]:
    seen: set[tuple[FunctionInfo, str]] = set()
    for route in model.routes:
        for function in route.handlers:
            node = function.node
            if (function, route.framework) in seen or not isinstance(node, s.Function):
                continue
            seen.add((function, route.framework))
            params = [param for param in node.params if param.name not in ("this", "self", "cls")]
            if route.framework in _POSITIONS:
                if route.framework == "express" and len(params) == _ERROR_HANDLER:
                    params = params[1:]
                for param, (given, names) in zip(params, _POSITIONS[route.framework], strict=False):
                    if _is_named(param, names):
                        yield Held(function, param.name, given)
                continue
            kind = _VIEWS.get(route.framework)
            if kind is None or function is not route.handlers[0] or not params:
                continue
            if _is_named(params[0], _REQUEST) and params[0].annotation is None:
                yield Held(function, params[0].name, kind)


def _around(model: CodeModel) -> Iterator[Held]:
    """What stands around the views: what the project's own decorators put in their place, and
    middleware."""
    seen: set[FunctionInfo] = set()
    for route in model.routes:
        kind = _VIEWS.get(route.framework)
        view = route.handlers[0] if route.handlers else None
        if kind is None or view is None or not isinstance(view.node, s.Function):
            continue
        for decorator in view.node.decorators:
            func = decorator.func if isinstance(decorator, s.Call) else decorator
            for value in model.evaluate(func):
                function = value.function if isinstance(value, FunctionValue) else None
                if function is None or function in seen:
                    continue
                seen.add(function)
                for node in s.walk(function.node):
                    inner = node.function if isinstance(node, s.FunctionDef) else None
                    wrapper = model.function_of(inner) if inner is not None else None
                    if inner is None or wrapper is None or not inner.params:
                        continue
                    param = inner.params[0]
                    if _is_named(param, _REQUEST) and param.annotation is None:
                        yield Held(wrapper, param.name, kind)
    for function in model.functions.values():
        node = function.node
        if function.module.language != "python" or not isinstance(node, s.Function):
            continue
        params = [param for param in node.params if param.name != "self"]
        if not params or not _is_named(params[0], _REQUEST) or params[0].annotation is not None:
            continue
        if function.cls is not None and function.name in _HOOKS:
            made = model.method(function.cls, "__init__")
            given = made.node.params if made and isinstance(made.node, s.Function) else []
            if [item.name for item in given][1:2] == ["get_response"]:
                yield Held(function, params[0].name, "django.HttpRequest")
        for decorator in node.decorators if function.cls is None else ():
            if s.last_name(decorator) == "middleware" and _is_aiohttp(model, decorator):
                yield Held(function, params[0].name, "aiohttp.Request")


def _is_aiohttp(model: CodeModel, expr: s.Expr) -> bool:
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path.startswith("aiohttp.") for value in values
    )


def _annotated(model: CodeModel) -> Iterator[Held]:
    """Python: parameters that are annotated as a request."""
    for function in model.functions.values():
        node = function.node
        if function.module.language != "python" or not isinstance(node, s.Function):
            continue
        for param in node.params:
            written = param.annotation
            if written is None or s.last_name(written) not in ("Request", "HttpRequest"):
                continue
            values = model.evaluate(written, model.scope_in(function))
            kinds = {
                _ANNOTATIONS.get(value.path) if isinstance(value, ExternalValue) else None
                for value in values
            }
            kind = next(iter(kinds)) if len(kinds) == 1 else None
            if kind is not None:
                yield Held(function, param.name, kind)


def _proxied(model: CodeModel) -> Iterator[Held]:
    """Flask's ``request``, in each function that reads it."""
    for function in model.functions.values():
        if function.module.language != "python" or "flask" not in _imported(function):
            continue
        for node in model.own_nodes(function):
            if isinstance(node, s.Name) and node.id == "request":
                values = model.evaluate(node)
                if values and all(
                    isinstance(value, ExternalValue) and value.path in _PROXIES for value in values
                ):
                    yield Held(function, node.id, "flask.Request")
                break


def _imported(function: FunctionInfo) -> set[str]:
    return {item.specifier.split(".")[0] for item in function.module.imports}


def _is_named(param: s.Param, names: Pattern[str]) -> bool:
    plain = param.kind == "positional" and param.pattern is None
    return plain and names.match(param.name) is not None


def _is_replaced(item: Held) -> bool:
    """Does the function give the name another value?"""
    return any(
        isinstance(target, s.Name) and target.id == item.name
        for node in s.walk(item.function.node)
        if isinstance(node, s.Assign)
        for target in node.targets
    )


def _handed_on(model: CodeModel, item: Held) -> Iterator[Held]:
    names = _NAMES[item.kind.split(".")[1]]
    by_call: defaultdict[s.Node, list[FunctionInfo]] = defaultdict(list)
    for edge in model.callees(item.function):
        if edge.reason == "call":
            by_call[edge.node].append(edge.callee)
    for call, callees in by_call.items():
        if not isinstance(call, s.Call) or any(argument.star for argument in call.args):
            continue
        for place, argument in enumerate(call.args):
            value = argument.value
            if not isinstance(value, s.Name) or value.id != item.name:
                continue
            for callee in callees:
                param = _parameter(model, call, callee, place, argument.keyword)
                if param is not None and _is_named(param, names):
                    yield Held(callee, param.name, item.kind)


def _parameter(
    model: CodeModel, call: s.Call, callee: FunctionInfo, place: int, keyword: str | None
) -> s.Param | None:
    node = callee.node
    if not isinstance(node, s.Function):
        return None
    if keyword is not None:
        return next((param for param in node.params if param.name == keyword), None)
    values = model.evaluate(call.func)
    if not values or not all(isinstance(value, FunctionValue) for value in values):
        return None
    params = [param for param in node.params if param.name not in ("self", "cls", "this")]
    return params[place] if place < len(params) else None
