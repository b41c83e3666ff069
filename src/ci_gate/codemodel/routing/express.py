"""Express: applications and routers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    Args,
    Const,
    External,
    FuncVal,
    ListVal,
    Native,
    Opaque,
    Value,
    bare,
    items_of,
    library_part,
)
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.views import VERBS, texts, view_last
from ci_gate.codemodel.values import ExternalValue

_METHODS = {**{verb: verb.upper() for verb in VERBS}, "del": "DELETE", "all": "ANY"}


def paths_and_rest(values: Sequence[Value]) -> tuple[list[str] | None, list[Value]]:
    """Paths given first (None when there is none) and what follows them."""
    if not values:
        return None, []
    first = values[0]
    if isinstance(first, Const) and isinstance(first.value, str):
        return [first.value], list(values[1:])
    if isinstance(first, ListVal):
        items = items_of(first)
        if items and all(isinstance(item, Const) or _regex(item) for item in items):
            return texts(first), list(values[1:])
    if _regex(first):
        return [HOLE], list(values[1:])
    return None, list(values)


def _regex(value: Value) -> bool:
    return (
        isinstance(value, Opaque)
        and isinstance(value.expr, s.Literal)
        and value.expr.kind == "regex"
    )


def may_be_path(value: Value) -> bool:
    """Whether a value that is no function may stand for a path that is not known."""
    return isinstance(value, Opaque) and not isinstance(value.expr, s.Call)


def may_route(machine: Machine, value: Value, under: Sequence[str] | None) -> bool:
    """Whether what is used may answer requests in a way that is not seen: anything unknown, and
    what a library gives where it is used under a path."""
    inner = bare(value)
    if isinstance(inner, External):
        return bool(under) and not inner.path.endswith((".static()", "-static()", "multer()"))
    if not isinstance(inner, Opaque) or machine.handlers([inner]):
        return False
    if inner.expr is None:
        return True
    known = machine.model.evaluate(inner.expr)
    external = bool(known) and all(isinstance(item, ExternalValue) for item in known)
    return not external or bool(under)


class ExpressRouter(Router):
    """An ``express()`` application or an ``express.Router()``."""

    framework = "express"

    def attribute(self, machine: Machine, name: str) -> Value | None:
        if name in _METHODS:
            return Native(lambda args: self._verb(machine, _METHODS[name], args))
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "use": self._use,
            "route": self._route,
            "param": self._param,
        }
        action = actions.get(name)
        return None if action is None else Native(lambda args: action(machine, args))

    def _verb(self, machine: Machine, method: str, args: Args) -> Value:
        found, rest = paths_and_rest(args.positional)
        if found is None and len(rest) > 1 and may_be_path(rest[0]):
            found, rest = [HOLE], rest[1:]
        if found is None or not rest:
            return self if found is None else NONE
        if method == "ANY" and passes_on(rest[-1]):
            for path in found:
                self.before(machine.handlers(rest), path)
            return self
        handlers = view_last(machine, rest)
        for path in found:
            self.add((method,), path, handlers, args.module, args.span)
        return self

    def _use(self, machine: Machine, args: Args) -> Value:
        found, rest = paths_and_rest(args.positional)
        if found is None and len(rest) > 1 and may_be_path(rest[0]):
            found, rest = [HOLE], rest[1:]
        ahead: list[Value] = []
        for value in (item for part in rest for item in items_of(part)):
            router = library_part(value)
            if isinstance(router, Router):
                for path in found or [""]:
                    self.mount(path, router, machine.handlers(ahead))
            elif not is_error_handler(value):
                ahead.append(value)
                if may_route(machine, value, found):
                    for path in found or [""]:
                        self.mount_unknown(path)
        handlers = machine.handlers(ahead)
        for path in found or [""]:
            self.before(handlers, path, args)
        return self

    def _param(self, machine: Machine, args: Args) -> Value:
        self.hooks += machine.handlers(args.positional[1:])
        return self

    def _route(self, machine: Machine, args: Args) -> Value:
        found, _ = paths_and_rest(args.positional)
        return PathRoute(machine, self, found or [HOLE])


class PathRoute(Router):
    """``router.route(path)``: methods are chained onto it."""

    def __init__(self, machine: Machine, router: Router, found: list[str]) -> None:
        super().__init__()
        self.before_all: list[Value] = []
        for name, method in _METHODS.items():
            self.attrs[name] = Native(partial(self._add, machine, router, found, method))

    def _add(
        self, machine: Machine, router: Router, found: list[str], method: str, args: Args
    ) -> Value:
        if method == "ANY" and args.positional and passes_on(args.positional[-1]):
            self.before_all += args.positional
            return self
        handlers = view_last(machine, [*self.before_all, *args.positional])
        for path in found:
            router.add((method,), path, handlers, args.module, args.span)
        return self


def is_error_handler(value: Value) -> bool:
    """``(err, req, res, next) => …``"""
    value = bare(value)
    return (
        isinstance(value, FuncVal)
        and isinstance(value.info.node, s.Function)
        and len(value.info.node.params) == 4
    )


def passes_on(value: Value) -> bool:
    """Whether a function calls ``next()``: middleware, not the end of a route."""
    value = bare(value)
    if not (isinstance(value, FuncVal) and isinstance(value.info.node, s.Function)):
        return False
    params = value.info.node.params
    return len(params) == 3 and any(
        isinstance(node, s.Call)
        and not node.args
        and isinstance(node.func, s.Name)
        and node.func.id == params[2].name
        for node in s.walk(value.info.node)
    )


def _app(machine: Machine, args: Args) -> Router:
    return machine.created(ExpressRouter(is_app=True), args)


def _router(machine: Machine, args: Args) -> Router:
    return machine.created(ExpressRouter(), args)


EXTERNALS = {
    "express": _app,
    "express.default": _app,
    "express.Router": _router,
    "express.default.Router": _router,
    "express-promise-router": _router,
    "router": _router,
}
TYPED = {
    "express.Express": _app,
    "express.Application": _app,
    "express.Router": _router,
    "express.IRouter": _router,
}
PACKAGES = ("express", "express-promise-router")
