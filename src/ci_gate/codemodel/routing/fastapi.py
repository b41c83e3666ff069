"""FastAPI and Starlette."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.routing import paths
from ci_gate.codemodel.routing.domain import (
    NONE,
    UNKNOWN,
    Args,
    ClassVal,
    External,
    FuncVal,
    Instance,
    LibraryObject,
    Native,
    Value,
    bare,
    items_of,
    library_part,
)
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.views import VERBS, class_methods, class_of, methods

_MAX_DEPENDENCIES = 200


class Dependency(LibraryObject):
    """``Depends(target)``; without a target the annotation beside it says what to call."""

    def __init__(self, target: Value | None) -> None:
        super().__init__()
        self.target = target


class StarletteRoute(LibraryObject):
    """``Route(path, endpoint)`` or ``Mount(path, …)`` in a list of routes."""

    def __init__(self, args: Args, nested: bool) -> None:
        super().__init__()
        self.args = args
        self.nested = nested


class ApiRouter(Router):
    """An ``APIRouter``, a ``FastAPI`` or ``Starlette`` application."""

    join = staticmethod(paths.plain)
    template = staticmethod(paths.braces)

    def __init__(self, framework: str, prefix: str = "", *, is_app: bool = False) -> None:
        super().__init__(prefix, is_app=is_app)
        self.framework = framework

    def attribute(self, machine: Machine, name: str) -> Value | None:
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "api_route": self._route,
            "route": self._route,
            "add_api_route": self._add_route,
            "add_route": self._add_route,
            "include_router": self._include,
            "mount": self._mount,
            "middleware": self._middleware,
            "add_middleware": self._add_middleware,
        }
        action = actions.get(name)
        if action is not None:
            return Native(lambda args: action(machine, args))
        if name in {*VERBS, "trace"}:
            return Native(lambda args: self._route(machine, args, (name,)))
        if name == "router":
            return self
        if name == "routes":
            return RouteList(self, machine)
        return None

    def _route(self, machine: Machine, args: Args, verbs: tuple[str, ...] | None = None) -> Value:
        def register(inner: Args) -> Value:
            view = inner.get(0) or UNKNOWN
            self.register(machine, args.text(0, "path") or "", view, args, verbs)
            return view

        return Native(register)

    def register(
        self,
        machine: Machine,
        path: str,
        view: Value,
        args: Args,
        verbs: tuple[str, ...] | None = None,
    ) -> None:
        given = args.get(None, "methods")
        allowed = verbs or (methods(given) if given is not None and given != NONE else None)
        if given is not None and given != NONE and allowed is None:
            self.mount_unknown(path)
            return
        extra = [args.keywords["dependencies"]] if "dependencies" in args.keywords else []
        cls = class_of(view)
        if cls is not None:
            for verb, handlers in class_methods(machine, cls).items():
                self.add((verb,), path, handlers, args.module, args.span)
            return
        handlers = with_dependencies(machine, [view, *extra])
        self.add(allowed or ("GET",), path, handlers, args.module, args.span)

    def _add_route(self, machine: Machine, args: Args) -> Value:
        view = args.get(1, "endpoint") or args.get(1, "route")
        if view is not None:
            self.register(machine, args.text(0, "path") or "", view, args)
        return NONE

    def _include(self, machine: Machine, args: Args) -> Value:
        router = library_part(args.get(0, "router"))
        if isinstance(router, Router):
            extra = args.get(None, "dependencies")
            handlers = with_dependencies(machine, [] if extra is None else [extra])
            self.mount(args.text(None, "prefix") or "", router, handlers)
        else:
            self.mount_unknown(args.text(None, "prefix") or "")
        return NONE

    def _mount(self, machine: Machine, args: Args) -> Value:
        del machine
        app = library_part(args.get(1, "app"))
        if isinstance(app, Router):
            self.mount((args.text(0, "path") or "").rstrip("/"), app)
        elif not _serves_files(args.get(1, "app")):
            self.mount_unknown(args.text(0, "path") or "")
        return NONE

    def _middleware(self, machine: Machine, args: Args) -> Value:
        del args

        def register(inner: Args) -> Value:
            self.hooks += machine.handlers(inner.positional)
            return inner.get(0) or NONE

        return Native(register)

    def _add_middleware(self, machine: Machine, args: Args) -> Value:
        self.hooks += machine.handlers([args.get(0, "middleware_class") or UNKNOWN])
        dispatch = args.get(None, "dispatch")
        if dispatch is not None:
            self.hooks += machine.handlers([dispatch])
        return NONE

    def extend(self, machine: Machine, routes: Iterable[Value]) -> None:
        """Take in a list of Starlette's route objects."""
        for value in routes:
            item = bare(value)
            if not isinstance(item, StarletteRoute):
                self.mount_unknown("")
                continue
            args = item.args
            path = args.text(0, "path") or ""
            if not item.nested:
                self.register(machine, path, args.get(1, "endpoint") or UNKNOWN, args)
                continue
            inner = library_part(args.get(1, "app"))
            if not isinstance(inner, Router):
                inner = ApiRouter(self.framework)
                machine.created(inner)
                inner.extend(machine, items_of(args.get(None, "routes")))
            self.mount(path.rstrip("/"), inner)


def _serves_files(app: Value | None) -> bool:
    app = None if app is None else bare(app)
    return isinstance(app, External) and app.path.endswith("StaticFiles()")


class RouteList(LibraryObject):
    """``app.routes``, which routes can be appended to."""

    def __init__(self, router: ApiRouter, machine: Machine) -> None:
        super().__init__()
        self.router = router
        self.attrs["append"] = Native(lambda args: self._extend(machine, args.positional))
        self.attrs["extend"] = Native(lambda args: self._extend(machine, items_of(args.get(0))))

    def _extend(self, machine: Machine, values: list[Value]) -> Value:
        self.router.extend(machine, values)
        return NONE


def with_dependencies(machine: Machine, values: Iterable[Value]) -> list[FunctionInfo]:
    """The handlers of ``values`` and of all they depend on, each once."""
    found: dict[FunctionInfo, None] = {}
    seen: set[int] = set()
    waiting = [item for value in values for item in items_of(value)]
    while waiting and len(seen) < _MAX_DEPENDENCIES:
        value = waiting.pop(0)
        if isinstance(value, Dependency):
            if value.target is not None:
                waiting.append(value.target)
            continue
        found.update(dict.fromkeys(machine.handlers([value])))
        for function in _functions(machine, value):
            if id(function.info) not in seen:
                seen.add(id(function.info))
                waiting += _needed_by(machine, function)
    return list(found)


def _functions(machine: Machine, value: Value) -> list[FuncVal]:
    inner = bare(value)
    if isinstance(inner, FuncVal):
        return [inner]
    if isinstance(inner, ClassVal):
        method = machine.method(inner, "__init__")
        return [] if method is None else [method]
    if isinstance(inner, Instance):
        method = machine.method(inner.cls, "__call__")
        return [] if method is None else [method]
    return []


def _needed_by(machine: Machine, function: FuncVal) -> list[Value]:
    node = function.info.node
    needed: list[Value] = []
    for param in node.params if isinstance(node, s.Function) else ():
        given = UNKNOWN if param.default is None else machine.evaluate(param.default, function.env)
        annotated: Value = UNKNOWN
        if isinstance(param.annotation, s.Name | s.Attribute | s.Subscript):
            annotated = machine.evaluate(param.annotation, function.env)
        for item in (given, annotated):
            if isinstance(item, Dependency):
                empty = item.target is None and isinstance(annotated, ClassVal)
                needed.append(annotated if empty else item)
    return needed


def _depends(machine: Machine, args: Args) -> Value:
    del machine
    return Dependency(args.get(0, "dependency"))


def _fastapi(machine: Machine, args: Args) -> Router:
    made = machine.created(ApiRouter("fastapi", is_app=True), args)
    return _configured(machine, made, args)


def _api_router(machine: Machine, args: Args) -> Router:
    made = machine.created(ApiRouter("fastapi", args.text(None, "prefix") or ""))
    return _configured(machine, made, args)


def _starlette(machine: Machine, args: Args) -> Router:
    made = ApiRouter("fastapi", is_app=True)
    return _configured(machine, machine.created(made, args), args, position=1)


def _starlette_router(machine: Machine, args: Args) -> Router:
    return _configured(machine, machine.created(ApiRouter("fastapi")), args, position=0)


def _configured(machine: Machine, made: Router, args: Args, position: int | None = None) -> Router:
    extra = args.get(None, "dependencies")
    if extra is not None:
        made.hooks += with_dependencies(machine, [extra])
    if isinstance(made, ApiRouter):
        made.extend(machine, items_of(args.get(position, "routes")))
    return made


def _route(machine: Machine, args: Args) -> Value:
    del machine
    return StarletteRoute(args, nested=False)


def _mount(machine: Machine, args: Args) -> Value:
    del machine
    return StarletteRoute(args, nested=True)


EXTERNALS = {
    "fastapi.FastAPI": _fastapi,
    "fastapi.applications.FastAPI": _fastapi,
    "fastapi.APIRouter": _api_router,
    "fastapi.routing.APIRouter": _api_router,
    "fastapi.Depends": _depends,
    "fastapi.Security": _depends,
    "fastapi.params.Depends": _depends,
    "starlette.applications.Starlette": _starlette,
    "starlette.routing.Router": _starlette_router,
    "starlette.routing.Route": _route,
    "starlette.routing.Mount": _mount,
    "fastapi.routing.Mount": _mount,
}
TYPED = {
    "fastapi.FastAPI": _fastapi,
    "fastapi.APIRouter": _api_router,
    "starlette.applications.Starlette": _starlette,
}
PACKAGES = ("fastapi", "starlette")
