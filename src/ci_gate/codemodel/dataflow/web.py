"""Data of the request, in each framework's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import convert
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Func,
    Library,
    Many,
    Method,
    Params,
    Ref,
    Request,
    Source,
    Thing,
    Typed,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.entities.declarations import Declaration, declarations, is_field
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Route, Scope
from ci_gate.codemodel.values import (
    ClassValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    Value,
)
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

Part = Literal["query", "path", "body", "header"]

_PARTS: Final[dict[str, Part]] = {
    "args": "query", "GET": "query", "query_params": "query", "query": "query",
    "match_info": "path", "path_params": "path", "view_args": "path", "kwargs": "path",
    "form": "body", "POST": "body", "data": "body", "json": "body", "files": "body",
    "headers": "header", "META": "header", "cookies": "header", "COOKIES": "header",
    "values": "query", "validated_data": "body",
}  # fmt: skip
_BODY_CALLS: Final = frozenset({"json", "get_json", "body", "form", "post", "read", "get_data"})
#: The query string as it came, which holds every parameter.
_WHOLE_QUERY: Final = frozenset({"query_string", "full_path", "path_qs", "raw_path"})
_REQUESTS: Final = regex(
    r"^(?:flask\.request|(?:flask|werkzeug)\.(?:wrappers\.)?Request\(\)"
    r"|(?:fastapi|starlette)\.(?:requests\.)?(?:Request|HTTPConnection)\(\)"
    r"|aiohttp\.web\.(?:BaseRequest|Request)\(\)"
    r"|django\.(?:core\.handlers\.\w+\.|http\.)(?:\w+\.)?\w*Request\(\)"
    r"|rest_framework\.request\.Request\(\)|quart\.request)$"
)
_NUMBERS: Final = frozenset({"int", "float", "bool", "UUID", "Decimal", "date", "datetime",
                             "PositiveInt", "NonNegativeInt", "conint", "UUID4"})  # fmt: skip
_FASTAPI_PARTS: Final[dict[str, Part]] = {
    "Query": "query", "Path": "path", "Body": "body", "Header": "header", "Cookie": "header",
    "Form": "body", "File": "body",
}  # fmt: skip
_CONTAINERS: Final = frozenset({
    "list", "set", "frozenset", "tuple", "dict", "List", "Set", "FrozenSet", "Tuple", "Dict",
    "Sequence", "Mapping", "Iterable",
})  # fmt: skip
_MARKERS: Final = regex(r"^fastapi\.(?:\w+\.)?(?:Query|Path|Body|Header|Cookie|Form|File)\(\)")
CONTEXTS: Final = frozenset({"flask.g", "quart.g"})
VIEW_ATTRIBUTES: Final = frozenset({"request", "kwargs"})
_VIEWS: Final = regex(r"^(?:rest_framework\.|django\.views\.|aiohttp\.web\.View|flask\.views)")
_PYDANTIC: Final = regex(r"^(?:pydantic\.|sqlmodel\.)")


# --- entry points --------------------------------------------------------------------------------


def entry_arguments(machine: Machine, info: FunctionInfo, route: Route | None) -> Args:
    """What the framework passes to a handler (or to one of its dependencies)."""
    node = info.node
    if not isinstance(node, s.Function):
        return Args(None)
    keywords: list[tuple[str, Val]] = []
    path = set(re.findall(r"\{(\w+)", route.path)) if route is not None else set()
    params = list(node.params)
    if info.cls is not None and node.kind != "static" and params:
        params = params[1:]
    for index, param in enumerate(params):
        if param.kind in ("*", "**") or not param.name:
            continue
        machine.homes[param] = info.module.path
        value = _parameter(machine, info, param, index, path, route)
        if value is not None:
            keywords.append((param.name, value))
    return Args(None, (), tuple(keywords))


def _parameter(
    machine: Machine,
    info: FunctionInfo,
    param: s.Param,
    index: int,
    path: set[str],
    route: Route | None,
) -> Val | None:
    scope = machine.model.scope_in(info)
    values = machine.model.lookup(param.name, scope)
    if param.name in path:
        typed = (
            _is_number(machine, param.annotation, scope)
            or _has_converter(info, param.name)
            or any(isinstance(v, InstanceValue) and _is_enum(machine, v.cls) for v in values)
        )
        return taken(machine, "path", param.name, param, typed=typed)
    if any(isinstance(value, ExternalValue) and _REQUESTS.match(value.path) for value in values):
        return of(Request())
    framework = route.framework if route is not None else ""
    if framework in ("django", "aiohttp") and index == 0 and not values:
        return of(Request())
    if framework == "django" and param.name == "request":
        return of(Request())
    if framework == "fastapi" and param.annotation is not None:
        return _fastapi(machine, info, param, values)
    return None


def _has_converter(info: FunctionInfo, name: str) -> bool:
    """The route's rule lets no text through: ``<int:number>``."""
    node = info.node
    if not isinstance(node, s.Function):
        return False
    rule = re.compile(rf"<(?:int|float|uuid)(?:\([^)]*\))?:{re.escape(name)}>")
    return any(
        isinstance(inner, s.Literal) and isinstance(inner.value, str) and rule.search(inner.value)
        for decorator in node.decorators
        for inner in s.walk(decorator)
    )


def _fastapi(
    machine: Machine, info: FunctionInfo, param: s.Param, values: frozenset[Value]
) -> Val | None:
    if provider(machine, info, param) is not None:
        return None
    scope = machine.model.scope_in(info)
    marker = _marker(machine, info, param)
    if marker is None and _is_given(machine, info, param):
        return None
    part: Part = _FASTAPI_PARTS.get(marker or "", "query")
    if marker is None and param.annotation is not None and _is_container(param.annotation):
        part = "body"
    for value in values:
        if isinstance(value, InstanceValue):
            if _is_enum(machine, value.cls):
                return taken(machine, part, param.name, param, typed=True)
            if marker is None:
                part = "body"
            thing = Thing("object", value.cls)
            thing.fields.update(model_fields(machine, value.cls, part))
            return of(machine.allocate(thing))
        if isinstance(value, ExternalValue) and not _MARKERS.match(value.path):
            return convert.library(machine, value.path)
    typed = _is_number(machine, param.annotation, scope) or _is_closed(machine, info, param)
    return taken(machine, part, param.name, param, typed=typed)


def _is_container(annotation: s.Expr) -> bool:
    """A list or mapping without a marker comes from the body, whatever is in it."""
    while isinstance(annotation, s.Binary):  # list[Item] | None
        annotation = annotation.left
    if not isinstance(annotation, s.Subscript):
        return False
    outer = annotation.value
    name = outer.name if isinstance(outer, s.Attribute) else getattr(outer, "id", "")
    if name == "Optional" and isinstance(annotation.index, s.Expr):
        return _is_container(annotation.index)
    return name in _CONTAINERS


def _marker(machine: Machine, info: FunctionInfo, param: s.Param) -> str | None:
    """``Query``, ``Body``, … of a FastAPI parameter."""
    for call in _markers(machine, info, param):
        func = call.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if name in _FASTAPI_PARTS:
            return name
    return None


def _is_given(machine: Machine, info: FunctionInfo, param: s.Param) -> bool:
    """Something else than the request gives the parameter: a dependency, or another call that is
    its default."""
    return isinstance(param.default, s.Call) or any(
        s.last_name(call.func) in ("Depends", "Security") for call in _markers(machine, info, param)
    )


def _markers(machine: Machine, info: FunctionInfo, param: s.Param) -> list[s.Call]:
    """The calls that say what a parameter is: its default, and those in ``Annotated``."""
    found: list[s.Call] = []
    if isinstance(param.default, s.Call):
        found.append(param.default)
    scope = machine.model.scope_in(info)
    if param.annotation is not None:
        found += [call for call, _ in machine.model.metadata(param.annotation, scope)]
    return found


def _is_closed(machine: Machine, info: FunctionInfo, param: s.Param) -> bool:
    """A pattern says what the parameter may be."""
    return any(
        call.argument(keyword="pattern") is not None or call.argument(keyword="regex") is not None
        for call in _markers(machine, info, param)
    )


def provider(
    machine: Machine, info: FunctionInfo, param: s.Param
) -> Func | FunctionValue | ClassValue | None:
    """The function or class that ``Depends(...)`` names for a parameter."""
    scope = machine.model.scope_in(info)
    candidates = []
    if isinstance(param.default, s.Call):
        candidates.append((param.default, scope))
    if param.annotation is not None:
        candidates += machine.model.metadata(param.annotation, scope)
    for call, home in candidates:
        found = machine.model.provider(call, home)
        for value in found:
            if isinstance(value, FunctionValue | ClassValue):
                made = call.argument(0, "dependency")
                if isinstance(made, s.Call) and isinstance(value, FunctionValue):
                    return _made_provider(machine, made, home) or value
                return value
            if isinstance(value, InstanceValue) and (given := call.argument(0, "dependency")):
                called = _called_object(machine, given, home)
                if called is not None:
                    return called
        func = call.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if name == "Depends" and not call.args and param.annotation is not None:
            for value in machine.model.lookup(param.name, scope):
                if isinstance(value, InstanceValue):
                    return ClassValue(value.cls)
    return None


def _made_provider(machine: Machine, made: s.Call, scope: Scope) -> Func | None:
    """The function that a call makes (``Depends(get_repository(Articles))``), with its frame."""
    item = convert.before_request(machine, made, scope).only()
    return item if isinstance(item, Func) else None


def _called_object(machine: Machine, given: s.Expr, scope: Scope) -> Func | None:
    """The method that calling an object of the tree runs (``Depends(Allowed("admin"))``)."""
    item = convert.before_request(machine, given, scope).only()
    if not isinstance(item, Ref | Typed):
        return None
    cls = machine.thing(item).cls if isinstance(item, Ref) else item.cls
    method = machine.model.method(cls, "__call__") if cls is not None else None
    return Func(method, of(item)) if method is not None else None


def model_fields(machine: Machine, cls: ClassInfo, part: Part) -> dict[object, Val]:
    """The fields of a pydantic model (or dataclass) filled from the request."""
    fields: dict[object, Val] = {}
    lineage = [cls, *(v.cls for v in machine.model.ancestors(cls) if isinstance(v, ClassValue))]
    for owner in lineage:
        for item in declarations(owner, machine.model):
            if item.annotation is None or item.name in fields or not is_field(item):
                continue
            for value in machine.model.annotated(item.annotation, item.scope):
                if isinstance(value, InstanceValue) and value.cls is not cls and (
                    len(fields) < 40 and not _is_enum(machine, value.cls)
                ):  # fmt: skip
                    inner = Thing("object", value.cls)
                    inner.fields.update(_flat_fields(machine, value.cls, part))
                    fields[item.name] = of(machine.allocate(inner))
                    break
            else:
                typed = _is_typed(machine, item) or is_validated(machine, cls, item.name)
                fields[item.name] = taken(machine, part, item.name, item.node, typed=typed)
    return fields


def is_validated(machine: Machine, cls: ClassInfo, name: str) -> bool:
    """Does a validator of the pydantic model look at the field?"""
    lineage = [cls, *(v.cls for v in machine.model.ancestors(cls) if isinstance(v, ClassValue))]
    return any(
        _validates(statement.function, name)
        for owner in lineage
        for statement in owner.node.body
        if isinstance(statement, s.FunctionDef)
    )


def _validates(function: s.Function, name: str) -> bool:
    for decorator in function.decorators:
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        made_by = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if made_by in ("validator", "field_validator") and isinstance(decorator, s.Call):
            if any(_is_text(item.value, (name, "*")) for item in decorator.args):
                return True
        elif made_by in ("root_validator", "model_validator") and any(
            _is_text(node, (name,)) or (isinstance(node, s.Attribute) and node.name == name)
            for node in s.walk(function)
        ):
            return True
    return False


def _is_text(node: s.Node, texts: tuple[str, ...]) -> bool:
    return isinstance(node, s.Literal) and node.value in texts


def _is_typed(machine: Machine, item: Declaration) -> bool:
    """The field is a number or of an enumeration."""
    if item.annotation is None or _is_number(machine, item.annotation, item.scope):
        return item.annotation is not None
    return any(
        isinstance(value, InstanceValue) and _is_enum(machine, value.cls)
        for value in machine.model.annotated(item.annotation, item.scope)
    )


def _flat_fields(machine: Machine, cls: ClassInfo, part: Part) -> dict[object, Val]:
    fields: dict[object, Val] = {}
    for owner in [cls, *(v.cls for v in machine.model.ancestors(cls) if isinstance(v, ClassValue))]:
        for item in declarations(owner, machine.model):
            if is_field(item) and item.name not in fields:
                typed = _is_typed(machine, item)
                fields[item.name] = taken(machine, part, item.name, item.node, typed=typed)
    return fields


def _is_enum(machine: Machine, cls: ClassInfo) -> bool:
    return any(
        isinstance(value, ExternalValue) and value.path.startswith("enum.")
        for value in machine.model.ancestors(cls)
    )


def _is_number(machine: Machine, annotation: s.Expr | None, scope: Scope) -> bool:
    """The annotation leaves no text through."""
    if annotation is None:
        return False
    names = _names(annotation)
    for node in s.walk(annotation):
        if isinstance(node, s.Name) and node.id not in _NUMBERS and node.id != "str":
            alias = machine.model.definition(node, scope)
            if alias is not None and isinstance(alias[0], s.Subscript | s.Binary):
                names |= _names(alias[0])
    return "str" not in names if names & _NUMBERS else "Literal" in names


def _names(annotation: s.Expr) -> set[str]:
    return {
        node.id if isinstance(node, s.Name) else node.name
        for node in s.walk(annotation)
        if isinstance(node, s.Name | s.Attribute)
    }


def taken(
    machine: Machine, part: Part, name: str | None, node: s.Node, *, typed: bool = False
) -> Val:
    """Request data, as it is first held."""
    source = Source(part, name, node, typed)
    machine.run.read.add(source)
    if machine.active:
        machine.homes.setdefault(node, machine.active[-1].module.path)
    return Val((), frozenset({source}))


# --- what lives as long as the request ---------------------------------------------------------


def context_attribute(machine: Machine, item: Library, name: str, node: s.Expr) -> Val:
    """``g.name``: what this run put there, else what the program puts there."""
    if name in machine.context:
        return machine.context[name]
    if name in ("get", "pop", "setdefault"):
        return of(Method(item, name))
    return convert.converted(machine, machine.model.evaluate(node))


def context_value(machine: Machine, args: Args) -> Val:
    """``g.get(name, default)``, ``getattr(g, name, default)`` of what is not set yet."""
    names = [item.value for value in args.positional for item in value.items
             if isinstance(item, Const)]  # fmt: skip
    for name in names[:1]:
        if isinstance(name, str) and name in machine.context:
            return machine.context[name]
    return args.positional[-1] if len(args.positional) > 1 else NONE


def is_set(machine: Machine, holder: Val, name: Val) -> bool:
    """This run has put something there under the name."""
    item, constant = holder.only(), name.only()
    return (
        isinstance(item, Library)
        and item.path in CONTEXTS
        and isinstance(constant, Const)
        and constant.value in machine.context
    )


# --- the request object --------------------------------------------------------------------------


def global_name(machine: Machine, expr: s.Name, frame: Frame) -> Val | None:
    """``request`` where the framework has it as a global."""
    if expr.id != "request":
        return None
    for value in machine.model.lookup(expr.id, machine.scope(frame)):
        if isinstance(value, ExternalValue) and _REQUESTS.match(value.path):
            return of(Request())
    return None


def is_request(path: str) -> bool:
    return _REQUESTS.match(path) is not None


def request_attribute(machine: Machine, name: str) -> Val:
    if name == "method":
        machine.methods_read += 1
        route = machine.run.route
        return of(Const(route.method)) if route is not None and route.method != "ANY" else UNKNOWN
    if name in ("rel_url", "url"):
        return of(Request())
    if name in _WHOLE_QUERY:
        return wholesale(machine, Params("query"))
    if name in _BODY_CALLS and name not in ("form",):
        return of(Method(Request(), name))
    part = _PARTS.get(name)
    if part is not None:
        return of(Params(part))
    if name in ("user", "auth", "app", "state", "session"):
        return UNKNOWN
    return of(Method(Request(), name))


def request_method(name: str, args: Args) -> Val | None:
    if name in _BODY_CALLS:
        return of(Params("body"))
    return UNKNOWN if name == "get" and args.positional else None


def parameter(machine: Machine, params: Params, key: Val, node: s.Node) -> Val:
    """``request.args[key]``."""
    constant = key.only()
    if isinstance(constant, Const) and isinstance(constant.value, str) and key.known:
        if params.part == "body":
            return Val((Params("body"),), taken(machine, "body", constant.value, node).sources)
        return taken(machine, params.part, constant.value, node, typed=params.typed)
    names = [item.value for item in key.items if isinstance(item, Const)]
    if names and key.known:
        return merged(
            taken(machine, params.part, str(name), node, typed=params.typed) for name in names
        )
    machine.run.wildcard = True
    return taken(machine, params.part, None, node)


def parameters_method(
    machine: Machine, params: Params, name: str, args: Args, node: s.Expr
) -> Val | None:
    if name in ("get", "getone", "pop", "getlist", "getall", "get_all"):
        key = args.get(0, "key")
        if key is None:
            return None
        value = parameter(machine, params, key, node)
        kind = args.get(2, "type")
        if kind is not None and any(isinstance(item, Library) for item in kind.items):
            value = Val((), frozenset(_typed(source) for source in value.sources))
            machine.run.read |= value.sources
        default = args.get(1, "default")
        if name in ("getlist", "getall"):
            return Val((Many(value),), value.sources)
        if default is not None and value.items:
            return merged((value, default))
        if default is not None and default.items:
            return Val(default.items, value.sources, partial=True)
        return value
    if name in ("items", "to_dict", "dict", "keys", "values", "copy", "lists", "multi_items"):
        return wholesale(machine, params)
    return None


def wholesale(machine: Machine, params: Params) -> Val:
    """All of the parameters taken at once."""
    machine.run.wildcard = True
    node = machine.model.make_up(s.Name((1, 1, 1, 1), params.part))
    source = Source(params.part, None, node)
    machine.run.read.add(source)
    return Val((), frozenset({source}))


def _typed(source: Source) -> Source:
    return Source(source.part, source.name, source.node, typed=True)


# --- class-based views ---------------------------------------------------------------------------


def is_view(machine: Machine, cls: ClassInfo) -> bool:
    return any(
        isinstance(value, ExternalValue) and _VIEWS.match(value.path)
        for value in machine.model.ancestors(cls)
    )


def view_attribute(machine: Machine, name: str) -> Val:
    del machine
    return of(Request()) if name == "request" else of(Params("path"))


__all__ = ["Frame", "Ref", "Typed", "entry_arguments", "is_request", "provider", "taken"]
