"""What each file does, as far as it tells its role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.codemodel.entities import find_entities
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, ImportEdge
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.stack.known import DRIVERS, ORMS

WEB_PACKAGES: Final = frozenset({
    "flask", "fastapi", "starlette", "rest_framework", "express", "koa", "fastify", "hono",
    "werkzeug", "@koa/router", "koa-router", "flask_restful", "flask_restx", "sanic", "quart",
})  # fmt: skip
_WEB_MODULES: Final = ("aiohttp.web", "django.http", "django.shortcuts", "django.views",
                       "django.urls")  # fmt: skip
_DATA_BASES: Final = (
    "pydantic.", "enum.", "typing.NamedTuple", "typing.TypedDict", "typing_extensions.TypedDict",
    "marshmallow.", "msgspec.Struct", "Error", "Exception", "attr.", "attrs.", "BaseException",
)  # fmt: skip
_BUILTIN_ERRORS: Final = ("Error", "Exception", "Warning")


@dataclass(slots=True)
class Content:
    """The signs of one file."""

    routes: bool = False  # declares routes
    handlers: bool = False  # holds the view of a route
    handed: bool = False  # a view that is written inline hands it the request
    web: bool = False  # imports a web framework at run time
    entities: bool = False
    accesses: int = 0  # calls that run statements or build them
    driver: bool = False  # imports an ORM or a database driver at run time
    abstract: bool = False  # nothing but interfaces
    data_only: bool = False  # nothing but types, errors, constants
    imported_by: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)


def read(model: CodeModel, access: DataAccess) -> dict[str, Content]:
    """The signs of every file."""
    found = {path: Content() for path in model.modules}
    for route in model.routes:
        found[route.module].routes = True
        for handler in route.handlers[:1]:
            found[handler.module.path].handlers = True
            for callee in _handed_on(model, handler):
                found[callee.module.path].handed = True
    for entity in find_entities(model):
        if entity.path in found:
            found[entity.path].entities = True
    for path, accesses in access.by_module().items():
        found[path].accesses = sum(a.kind in ("query", "write", "build") for a in accesses)
    for _, handing in access.handed:
        found[handing.function.module.path].accesses += 1
    for edge in model.import_edges:
        if edge.target in found and edge.target != edge.source and not edge.type_only:
            found[edge.source].imports.add(edge.target)
            found[edge.target].imported_by.add(edge.source)
        elif is_web(edge):
            found[edge.source].web = True
        elif not edge.type_only and (edge.package in ORMS or edge.package in DRIVERS):
            found[edge.source].driver = True
    for path, module in model.modules.items():
        own = found[path]
        own.abstract, own.data_only = _definitions(model, module)
        if module.language != "python" and (own.routes or own.handlers or own.accesses):
            own.data_only = False
    return found


def _handed_on(model: CodeModel, handler: FunctionInfo) -> Iterator[FunctionInfo]:
    """What ``(req, res) => controller.show(req, res)`` calls."""
    node = handler.node
    if handler.module.language == "python" or not isinstance(node, s.Function) or not node.params:
        return
    request = node.params[0].name
    for edge in model.callees(handler):
        match edge.node:
            case s.Call(args=[s.Argument(value=s.Name(id=name)), *_]) if name == request:
                yield edge.callee


def is_web(edge: ImportEdge) -> bool:
    """Does the import bring in a web framework at run time?"""
    if edge.package is None or edge.type_only:
        return False
    specifier = edge.node.specifier
    if edge.package == "aiohttp":
        return specifier.startswith("aiohttp.web") or edge.symbol == "web"
    if edge.package == "django":
        return specifier.startswith(_WEB_MODULES)
    return edge.package in WEB_PACKAGES


def _definitions(model: CodeModel, module: s.Module) -> tuple[bool, bool]:
    """Is the file nothing but interfaces? Nothing but data, errors and constants?"""
    classes = [st.cls for st in module.body if isinstance(st, s.ClassDef)]
    functions = any(isinstance(st, s.FunctionDef) for st in module.body)
    functions = functions or any(
        isinstance(st, s.Assign) and isinstance(st.value, s.FunctionExpr) for st in module.body
    )
    if functions or (module.language != "python" and any(map(_holds_functions, _values(module)))):
        return False, False
    infos = [model.classes.get(f"{module.path}::{cls.name}") for cls in classes]
    abstract = bool(classes) and all(info is not None and is_interface(info) for info in infos)
    data = all(info is not None and is_data(model, info) for info in infos)
    return abstract, data and not _calls(module.body)


def _values(module: s.Module) -> Iterator[s.Expr]:
    """What the names at the top of a module stand for, and what it exports."""
    for statement in module.body:
        if isinstance(statement, s.Assign) and statement.value is not None:
            yield statement.value
    yield from (export.value for export in module.exports if export.value is not None)


def _holds_functions(expr: s.Expr) -> bool:
    """A function, a class, or an object of functions (``const loans = { list() { … } }``)."""
    match expr:
        case s.FunctionExpr() | s.ClassExpr():
            return True
        case s.Mapping(entries=entries):
            return any(_holds_functions(entry.value) for entry in entries)
    return False


def _calls(body: Iterable[s.Stmt]) -> bool:
    """Does top-level code do more than define things?"""
    return any(isinstance(st, s.ExprStmt) and isinstance(st.value, s.Call) for st in body)


def is_interface(cls: ClassInfo) -> bool:
    """A class of signatures: a Protocol, an ABC, a TypeScript interface."""
    if cls.node.kind == "interface":
        return True
    methods = [st.function for st in cls.node.body if isinstance(st, s.FunctionDef)]
    return bool(methods) and all(m.bodiless for m in methods)


def is_data(model: CodeModel, cls: ClassInfo) -> bool:
    """A class that only holds data or names an error."""
    node = cls.node
    if node.kind in ("interface", "enum"):
        return True
    for decorator in node.decorators:
        target = decorator.func if isinstance(decorator, s.Call) else decorator
        name = target.id if isinstance(target, s.Name) else getattr(target, "name", "")
        if name in ("dataclass", "define", "frozen", "attrs", "s"):
            return True
    for base in node.bases:
        if isinstance(base.value, s.Name) and base.value.id.endswith(_BUILTIN_ERRORS):
            return True
    for value in model.ancestors(cls):
        if isinstance(value, ExternalValue) and value.path.startswith(_DATA_BASES):
            return True
        if (
            isinstance(value, ClassValue)
            and value.cls is not cls
            and value.cls.name.endswith(_BUILTIN_ERRORS)
        ):
            return True
    methods = [st for st in node.body if isinstance(st, s.FunctionDef)]
    return not methods and not node.bases
