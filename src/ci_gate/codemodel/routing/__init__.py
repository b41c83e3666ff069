"""The route tables of the frameworks: every endpoint of a service, with what handles it."""

from __future__ import annotations

import posixpath
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, RouteTable
from ci_gate.codemodel.places import is_test
from ci_gate.codemodel.routing import (
    aiohttp,
    builtin,
    django,
    express,
    fastapi,
    fastify,
    flask,
    hono,
    koa,
    rest_framework,
)
from ci_gate.codemodel.routing.domain import (
    Args,
    ClassVal,
    FuncVal,
    Value,
    bare,
)
from ci_gate.codemodel.routing.graph import Router, resolve
from ci_gate.codemodel.routing.machine import Factory, Machine

_FRAMEWORKS = (flask, fastapi, aiohttp, express, fastify, hono, koa)
_EXTERNALS: Mapping[str, Factory] = {
    **builtin.EXTERNALS,
    **flask.EXTERNALS,
    **fastapi.EXTERNALS,
    **aiohttp.EXTERNALS,
    **express.EXTERNALS,
    **fastify.EXTERNALS,
    **hono.EXTERNALS,
    **koa.EXTERNALS,
    **django.EXTERNALS,
    **rest_framework.EXTERNALS,
}
_TYPED: Mapping[str, Factory] = {
    path: factory for module in _FRAMEWORKS for path, factory in module.TYPED.items()
}
_PACKAGES = frozenset(package for module in (*_FRAMEWORKS, django) for package in module.PACKAGES)
_CREATORS = frozenset(
    path
    for module in _FRAMEWORKS
    for path, factory in module.EXTERNALS.items()
    if factory.__name__ in {"_app", "_application", "_fastapi", "_starlette", "_instance"}
)
_RECURSION_LIMIT = 12_000


def find_routes(model: CodeModel) -> RouteTable:
    """The endpoints of the services in the tree, sorted by path and method.

    Modules of tests are left out. Set-up code that no other set-up code runs (an application
    factory, a plugin loaded by name) is started by itself.
    """
    starting = _starting_modules(model)
    if not starting:
        return RouteTable(())
    machine = Machine(model, _EXTERNALS)
    with _deep_recursion():
        for path in starting:
            machine.root()
            with suppress(RecursionError):
                machine.env_of(path)
        _run_the_rest(machine, starting)
        resolution = resolve(machine.routers)
        found, unknown = resolution.routes, resolution.unknown
        machine.root()
        configuration = django.UrlConf(machine)
        with suppress(RecursionError):
            found += configuration.collect()
        unknown += configuration.unknown
    unique = {
        (item.framework, item.endpoint, item.handlers, item.module): item
        for item in found
        if item.handlers or item.method not in {"OPTIONS", "HEAD"}
    }
    ordered = sorted(
        unique.values(), key=lambda item: (item.path, item.method, item.module, item.span)
    )
    if machine.exhausted:
        unknown.append("/")
    return RouteTable(
        tuple(ordered),
        tuple(sorted(set(unknown))),
        tuple(machine.routers),
        tuple(resolution.late),
    )


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _starting_modules(model: CodeModel) -> list[str]:
    """The modules from which imports lead to a framework, tests aside."""
    importers: dict[str, set[str]] = defaultdict(set)
    waiting: list[str] = []
    for edge in model.import_edges:
        if edge.type_only or is_test(edge.source):
            continue
        if edge.target is not None:
            importers[edge.target].add(edge.source)
            for step in edge.via:
                importers[step.path].add(edge.source)
        elif not edge.unresolved and _is_framework(edge.node.specifier):
            waiting.append(edge.source)
    found: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += importers[path]
    return sorted(found, key=lambda path: (posixpath.basename(path) == "urls.py", path))


def _is_framework(specifier: str) -> bool:
    return specifier in _PACKAGES or specifier.split(".", maxsplit=1)[0] in _PACKAGES


# --- what nothing in the tree starts -------------------------------------------------------------


def _run_the_rest(machine: Machine, starting: list[str]) -> None:
    model = machine.model
    wanted = set(starting)
    left = [
        info
        for info in model.functions.values()
        if info.module.path in wanted
        and isinstance(info.node, s.Function)
        and (info.parent is None or not isinstance(info.parent.node, s.Function))
    ]
    for info in left:
        if info not in machine.entered and _creates_app(machine, info):
            with suppress(RecursionError):
                _start(machine, info, {})
    for info in left:
        if info not in machine.entered:
            given = _framework_params(machine, info)
            if given:
                with suppress(RecursionError):
                    _start(machine, info, given)


def _creates_app(machine: Machine, info: FunctionInfo) -> bool:
    env = machine.env_of(info.module.path)
    python = info.module.language == "python"
    for call in machine.model.calls_in(info):
        func = call.func
        if not isinstance(func, s.Name | s.Attribute):
            continue
        if python and s.last_name(func) not in machine.class_names:
            continue
        value = bare(machine.evaluate(func, env))
        if getattr(value, "path", None) in _CREATORS:
            return True
        if isinstance(value, ClassVal) and _CREATORS & set(machine.external_bases(value)):
            return True
    return False


def _framework_params(machine: Machine, info: FunctionInfo) -> dict[str, Value]:
    """Parameters that are annotated as a framework's application or router."""
    node = info.node
    if info.cls is not None or not isinstance(node, s.Function):
        return {}
    env = machine.env_of(info.module.path)
    found: dict[str, Value] = {}
    for param in node.params:
        annotation = param.annotation
        while isinstance(annotation, s.Subscript):
            annotation = annotation.value
        if isinstance(annotation, s.Name | s.Attribute):
            path = getattr(machine.evaluate(annotation, env), "path", None)
            factory = _TYPED.get(path) if isinstance(path, str) else None
            if factory is not None:
                made = factory(machine, Args([], {}, info.module.path, node.span))
                if isinstance(made, Router):
                    made.made = None
                if isinstance(made, fastify.FastifyInstance):
                    made.is_app = False
                if made is not None:
                    found[param.name] = made
    return found


def _start(machine: Machine, info: FunctionInfo, given: Mapping[str, Value]) -> None:
    machine.root()
    env = machine.env_of(info.module.path)
    node = info.node
    if not isinstance(node, s.Function):
        return
    args = Args([], dict(given), info.module.path, node.span)
    if info.cls is not None:
        holder = machine.lookup(info.cls.name, env)
        cls = bare(holder) if holder is not None else None
        if isinstance(cls, ClassVal):
            made = machine.instantiate(cls, args)
            if info not in machine.entered and node.kind != "static":
                machine.invoke(FuncVal(info, env, made, cls), args)
        return
    machine.invoke(FuncVal(info, env), args)


__all__ = ["find_routes"]
