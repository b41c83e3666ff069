"""Koa with its routers (``@koa/router``, ``koa-router``, ``koa-joi-router``, ``koa-mount``)."""

from __future__ import annotations

from collections.abc import Callable

from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    Const,
    DictVal,
    LibraryObject,
    ListVal,
    Native,
    Value,
    bare,
    items_of,
    library_part,
)
from ci_gate.codemodel.routing.express import may_be_path, may_route, paths_and_rest
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.views import VERBS, methods, view_last

_METHODS = {**{verb: verb.upper() for verb in VERBS}, "del": "DELETE", "all": "ANY"}


class KoaMount(LibraryObject):
    """``mount(prefix, app)``, to be used on an application."""

    def __init__(self, prefix: str, target: Value) -> None:
        super().__init__()
        self.prefix = prefix
        self.target = target


class KoaRouter(Router):
    """A Koa application or router."""

    framework = "koa"

    def attribute(self, machine: Machine, name: str) -> Value | None:
        if name in _METHODS and not self.is_app:
            return Native(lambda args: self._verb(machine, _METHODS[name], args))
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "use": self._use,
            "register": self._register,
            "param": self._param,
            "prefix": self._set_prefix,
            "route": self._route_object,
            "routes": lambda _machine, _args: self,
            "middleware": lambda _machine, _args: self,
            "allowedMethods": lambda _machine, _args: NONE,
        }
        action = actions.get(name)
        return None if action is None else Native(lambda args: action(machine, args))

    def _verb(self, machine: Machine, method: str, args: Args) -> Value:
        values = list(args.positional)
        if len(values) > 2 and _text(values[0]) and _pathlike(values[1]):
            values = values[1:]
        found, rest = paths_and_rest(values)
        if found is None and len(rest) > 1 and may_be_path(rest[0]):
            found, rest = [HOLE], rest[1:]
        if found is None:
            found = [""]
        if rest:
            handlers = view_last(machine, [item for item in rest if not _options(item)])
            for path in found:
                self.add((method,), path, handlers, args.module, args.span)
        return self

    def _use(self, machine: Machine, args: Args) -> Value:
        found, rest = paths_and_rest(args.positional)
        ahead: list[Value] = []
        for value in (item for part in rest for item in items_of(part)):
            part = library_part(value)
            if isinstance(part, KoaMount):
                for target in items_of(part.target):
                    inner = library_part(target)
                    if isinstance(inner, Router):
                        self.mount(part.prefix, inner, machine.handlers(ahead))
                    else:
                        self.before(machine.handlers([target]), part.prefix)
                        if may_route(machine, target, [part.prefix]):
                            self.mount_unknown(part.prefix)
            elif isinstance(part, Router):
                for path in found or [""]:
                    self.mount(path, part, machine.handlers(ahead))
            else:
                ahead.append(value)
                if may_route(machine, value, found):
                    for path in found or [""]:
                        self.mount_unknown(path)
        for path in found or [""]:
            self.before(machine.handlers(ahead), path, args)
        return self

    def _register(self, machine: Machine, args: Args) -> Value:
        found, _ = paths_and_rest(args.positional[:1])
        allowed = methods(args.get(1))
        if allowed:
            handlers = view_last(machine, args.positional[2:])
            for path in found or [HOLE]:
                self.add(allowed, path, handlers, args.module, args.span)
        return self

    def _param(self, machine: Machine, args: Args) -> Value:
        self.hooks += machine.handlers(args.positional[1:])
        return self

    def _set_prefix(self, machine: Machine, args: Args) -> Value:
        del machine
        self.prefix = (args.text(0) or "") + self.prefix
        return self

    def _route_object(self, machine: Machine, args: Args) -> Value:
        """``router.route({method, path, handler})`` of koa-joi-router."""
        for value in items_of(args.get(0)):
            item = bare(value)
            if not isinstance(item, DictVal) or "handler" not in item.entries:
                continue
            allowed = methods(item.entries.get("method", UNKNOWN))
            found, _ = paths_and_rest([item.entries.get("path", UNKNOWN)])
            before = item.entries.get("pre")
            values = [*([before] if before else []), item.entries["handler"]]
            for path in found or [HOLE]:
                handlers = view_last(machine, values)
                self.add(allowed or (), path, handlers, args.module, args.span)
        return self


def _text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)


def _pathlike(value: Value) -> bool:
    return paths_and_rest([value])[0] is not None


def _options(value: Value) -> bool:
    return isinstance(value, DictVal)


def _app(machine: Machine, args: Args) -> Router:
    return machine.created(KoaRouter(is_app=True), args)


def _router(machine: Machine, args: Args) -> Router:
    options = args.get(0)
    prefix = options.text("prefix") if isinstance(options, DictVal) else None
    return machine.created(KoaRouter(prefix or ""), args)


def _mount(machine: Machine, args: Args) -> Value:
    del machine
    if len(args.positional) < 2:
        return KoaMount("", args.get(0) or UNKNOWN)
    return KoaMount(args.text(0) or "", args.positional[1])


def _compose(machine: Machine, args: Args) -> Value:
    del machine
    return ListVal(items_of(args.get(0)))


_ROUTERS = ("@koa/router", "koa-router", "koa-joi-router", "koa-tree-router", "koa-better-router")
EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "koa": _app,
    "koa.default": _app,
    "koa-mount": _mount,
    "koa-compose": _compose,
    **dict.fromkeys(_ROUTERS, _router),
    **{f"{name}.Router": _router for name in _ROUTERS},
    **{f"{name}.default": _router for name in _ROUTERS},
}
TYPED = {"koa": _app, "koa.default": _app, **dict.fromkeys(_ROUTERS, _router)}
PACKAGES = ("koa", *_ROUTERS)
