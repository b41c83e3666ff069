"""aiohttp: applications, route tables, class views, sub-applications."""

from __future__ import annotations

from collections.abc import Callable

from ci_gate.codemodel.routing import paths
from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    LibraryObject,
    ListVal,
    Native,
    Value,
    bare,
    items_of,
    library_part,
)
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.views import VERBS, class_methods, class_of, methods_of


class RouteDef(LibraryObject):
    """``web.get(path, handler)``: a route that is not registered yet."""

    def __init__(self, method: str, path: str, handler: Value, args: Args) -> None:
        super().__init__()
        self.method = method
        self.path = path
        self.handler = handler
        self.args = args


class RouteTable(LibraryObject):
    """``web.RouteTableDef()``: a list of routes filled by decorators."""

    def __init__(self) -> None:
        super().__init__()
        self.routes: list[RouteDef] = []

    def attribute(self, machine: Machine, name: str) -> Value | None:
        del machine
        if name in VERBS or name == "view":
            return Native(lambda args: self._decorator(name, args.text(0, "path"), args))
        if name == "route":
            return Native(
                lambda args: self._decorator(args.text(0) or HOLE, args.text(1, "path"), args)
            )
        return None

    def _decorator(self, method: str, path: str | None, args: Args) -> Value:
        def register(inner: Args) -> Value:
            view = inner.get(0) or UNKNOWN
            self.routes.append(RouteDef(method, path or HOLE, view, args))
            return view

        return Native(register)


class WebApplication(Router):
    """A ``web.Application``; its ``router`` is the same object."""

    framework = "aiohttp"
    join = staticmethod(paths.plain)
    template = staticmethod(paths.braces)

    def attribute(self, machine: Machine, name: str) -> Value | None:
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "add_route": self._add_route,
            "add_view": lambda machine, args: self._add(machine, "view", args),
            "add_routes": self._add_routes,
            "add_subapp": self._add_subapp,
            "add_resource": self._add_resource,
            "add_static": lambda _machine, _args: NONE,
        }
        action = actions.get(name)
        if action is not None:
            return Native(lambda args: action(machine, args))
        verb = name.removeprefix("add_")
        if name.startswith("add_") and verb in VERBS:
            return Native(lambda args: self._add(machine, verb, args))
        if name == "router":
            return self
        if name == "middlewares":
            return _Middlewares(self, machine)
        return None

    def register(self, machine: Machine, route: RouteDef) -> None:
        args = route.args
        method = "ANY" if route.method == "*" else route.method.upper()
        cls = class_of(route.handler)
        if cls is not None and machine.method(cls, "__call__") is None:
            around = methods_of(machine, cls, ("__init__", "_iter"))
            for verb, handlers in class_methods(machine, cls).items():
                if method in {"VIEW", "ANY", verb}:
                    self.add((verb,), route.path, [*handlers, *around], args.module, args.span)
            return
        if method.isalpha() and method != "VIEW":
            handlers = machine.handlers([route.handler])
            self.add((method,), route.path, handlers, args.module, args.span)
        else:
            self.mount_unknown(route.path)

    def _add(self, machine: Machine, method: str, args: Args) -> Value:
        handler = args.get(1, "handler") or UNKNOWN
        self.register(machine, RouteDef(method, args.text(0, "path") or "", handler, args))
        return NONE

    def _add_route(self, machine: Machine, args: Args) -> Value:
        handler = args.get(2, "handler") or UNKNOWN
        method, path = args.text(0, "method") or HOLE, args.text(1, "path") or ""
        self.register(machine, RouteDef(method, path, handler, args))
        return NONE

    def _add_routes(self, machine: Machine, args: Args) -> Value:
        for value in items_of(args.get(0, "routes")):
            item = bare(value)
            if isinstance(item, RouteTable):
                for route in item.routes:
                    self.register(machine, route)
            elif isinstance(item, RouteDef):
                self.register(machine, item)
            else:
                self.mount_unknown("")
        return NONE

    def _add_subapp(self, machine: Machine, args: Args) -> Value:
        del machine
        app = library_part(args.get(1, "subapp"))
        if isinstance(app, Router):
            self.mount((args.text(0, "prefix") or "").rstrip("/"), app)
        else:
            self.mount_unknown((args.text(0, "prefix") or "").rstrip("/"))
        return NONE

    def _add_resource(self, machine: Machine, args: Args) -> Value:
        path = args.text(0, "path") or ""
        resource = LibraryObject()

        def add_route(inner: Args) -> Value:
            handler = inner.get(1, "handler") or UNKNOWN
            self.register(machine, RouteDef(inner.text(0, "method") or HOLE, path, handler, inner))
            return NONE

        resource.attrs["add_route"] = Native(add_route)
        return resource


class _Middlewares(LibraryObject):
    """``app.middlewares``, a list that can be appended to."""

    def __init__(self, app: WebApplication, machine: Machine) -> None:
        super().__init__()

        def add(args: Args) -> Value:
            app.hooks += machine.handlers(args.positional)
            return NONE

        self.attrs["append"] = Native(add)
        self.attrs["extend"] = Native(add)


def _application(machine: Machine, args: Args) -> Router:
    made = WebApplication(is_app=True)
    given = args.get(None, "middlewares")
    if given is not None:
        made.hooks += machine.handlers([given])
    return machine.created(made, args)


def _table(machine: Machine, args: Args) -> Value:
    del machine, args
    return RouteTable()


def _route_def(machine: Machine, args: Args) -> Value:
    del machine
    handler = args.get(2, "handler") or UNKNOWN
    return RouteDef(args.text(0, "method") or HOLE, args.text(1, "path") or "", handler, args)


def _short(method: str) -> Callable[[Machine, Args], Value]:
    def make(machine: Machine, args: Args) -> Value:
        del machine
        return RouteDef(method, args.text(0, "path") or "", args.get(1, "handler") or UNKNOWN, args)

    return make


def _ignored(machine: Machine, args: Args) -> Value:
    del machine, args
    return ListVal([])


EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "aiohttp.web.Application": _application,
    "aiohttp.web.RouteTableDef": _table,
    "aiohttp.web.route": _route_def,
    "aiohttp.web.static": _ignored,
    **{f"aiohttp.web.{verb}": _short(verb) for verb in (*VERBS, "view")},
}
TYPED = {"aiohttp.web.Application": _application, "aiohttp.web.UrlDispatcher": _application}
PACKAGES = ("aiohttp",)
