"""Hono and ``@hono/zod-openapi``."""

from __future__ import annotations

import re
from collections.abc import Callable

from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    DictVal,
    ListVal,
    Native,
    Value,
    bare,
    items_of,
    library_part,
)
from ci_gate.codemodel.routing.express import may_be_path, paths_and_rest
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.views import VERBS, methods, texts, view_last

_METHODS = {**{verb: verb.upper() for verb in VERBS}, "all": "ANY"}


class HonoApp(Router):
    """A ``Hono`` instance; every method gives an instance to chain on."""

    framework = "hono"

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix, is_app=True)
        self.last_path = ""

    def attribute(self, machine: Machine, name: str) -> Value | None:
        if name in _METHODS:
            return Native(lambda args: self._verb(machine, _METHODS[name], args))
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "use": self._use,
            "on": self._on,
            "route": self._route,
            "basePath": self._base_path,
            "mount": self._mount,
            "openapi": self._openapi,
            "openAPIRegistry": lambda _machine, _args: NONE,
        }
        action = actions.get(name)
        if action is not None:
            return Native(lambda args: action(machine, args))
        if name in {"onError", "notFound", "doc", "doc31"}:
            return Native(lambda _: self)
        return None

    def _verb(self, machine: Machine, method: str, args: Args) -> Value:
        found, rest = paths_and_rest(args.positional)
        if found is None and len(rest) > 1 and may_be_path(rest[0]):
            found, rest = [HOLE], rest[1:]
        if found is None:
            found = [self.last_path]
        self.last_path = found[-1] if found else ""
        if rest:
            handlers = view_last(machine, rest)
            for path in found:
                self.add((method,), path, handlers, args.module, args.span)
        return self

    def _use(self, machine: Machine, args: Args) -> Value:
        found, rest = paths_and_rest(args.positional)
        for path in found or [""]:
            self.before(machine.handlers(rest), path, args)
        return self

    def _on(self, machine: Machine, args: Args) -> Value:
        allowed = methods(args.get(0))
        handlers = view_last(machine, args.positional[2:])
        for path in texts(args.get(1)):
            if allowed:
                self.add(allowed, path, handlers, args.module, args.span)
            else:
                self.mount_unknown(path)
        return self

    def _route(self, machine: Machine, args: Args) -> Value:
        del machine
        inner = library_part(args.get(1))
        if isinstance(inner, Router):
            self.mount(args.text(0) or "", inner)
        else:
            self.mount_unknown(args.text(0) or "")
        return self

    def _base_path(self, machine: Machine, args: Args) -> Value:
        made = HonoApp(args.text(0) or "")
        machine.created(made, args)
        self.mount("", made)
        return made

    def _mount(self, machine: Machine, args: Args) -> Value:
        del machine
        inner = library_part(args.get(1))
        if isinstance(inner, Router):
            self.mount(args.text(0) or "", inner)
        else:
            self.mount_unknown(args.text(0) or "")
        return self

    def _openapi(self, machine: Machine, args: Args) -> Value:
        route = args.get(0)
        route = None if route is None else bare(route)
        if isinstance(route, DictVal):
            allowed = methods(route.entries.get("method", UNKNOWN))
            path = re.sub(r"\{(\w+)\}", r":\1", route.text("path") or HOLE)
            handlers = view_last(
                machine, [route.entries.get("middleware", NONE), *args.positional[1:2]]
            )
            self.add(allowed or (), path, handlers, args.module, args.span)
        else:
            self.mount_unknown("")
        return self


def _app(machine: Machine, args: Args) -> Router:
    return machine.created(HonoApp(), args)


def _create_route(machine: Machine, args: Args) -> Value:
    del machine
    return args.get(0) or UNKNOWN


def _handlers(machine: Machine, args: Args) -> Value:
    del machine
    return ListVal([item for value in args.positional for item in items_of(value)])


EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "hono.Hono": _app,
    "hono/tiny.Hono": _app,
    "hono/quick.Hono": _app,
    "@hono/zod-openapi.OpenAPIHono": _app,
    "@hono/zod-openapi.createRoute": _create_route,
    "hono/factory.createFactory().createHandlers": _handlers,
    "hono/factory.createFactory().createApp": _app,
    "hono/factory.createMiddleware": _create_route,
    "hono/factory.createFactory().createMiddleware": _create_route,
}
TYPED = {"hono.Hono": _app, "@hono/zod-openapi.OpenAPIHono": _app}
PACKAGES = ("hono", "@hono/zod-openapi", "hono/factory", "hono/tiny", "hono/quick")
