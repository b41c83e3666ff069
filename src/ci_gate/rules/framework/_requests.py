"""What handlers of the Node frameworks read from the request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.data import dataclass
from ci_gate.regex import regex

_OBJECT: Final = frozenset({"hasOwnProperty", "toString", "valueOf"})
_IDENTIFIER: Final = regex(r"^[A-Za-z_$][\w$]*$")


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """``req.params.slug``: ``name`` at ``node`` of a handler."""

    function: FunctionInfo
    name: str
    node: s.Node


def request_parameter(function: FunctionInfo) -> s.Param | None:
    """The parameter of an Express, Koa, Fastify or Hono handler that holds the request: the
    second one of error handlers, the first one of all others."""
    node = function.node
    if not isinstance(node, s.Function) or not node.params:
        return None
    params = [param for param in node.params if param.name != "this"]
    place = 1 if len(params) == 4 else 0
    return params[place] if place < len(params) and params[place].kind == "positional" else None


class PathParameters:
    """Which path parameters handlers ask for."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model

    @cached_property
    def _replaced(self) -> bool:
        """Does some code put another object in the place of the parameters?"""
        return any(
            not (isinstance(store.base, s.Name) and store.base.id in ("this", "self"))
            for store in self._model.stores("params")
        )

    def _is_written(self, name: str) -> bool:
        """Does some code set the parameter itself (``req.params.slug = …``)?"""
        return self._replaced or any(
            isinstance(store.base, s.Attribute) and store.base.name == "params"
            for store in self._model.stores(name)
        )

    def read_by(self, function: FunctionInfo, framework: str) -> Sequence[Read]:
        """Those that the handler itself asks for and cannot do without, each once."""
        param = request_parameter(function)
        if param is None or not isinstance(function.node, s.Function):
            return ()
        found: dict[str, Read] = {}
        optional: set[str] = set()
        aliases: set[str] = set()
        if param.pattern is not None:
            if not isinstance(param.pattern, s.Mapping) or framework in ("koa", "hono"):
                return ()
            inner = _target(param.pattern.get("params"))
            if isinstance(inner, s.Name):
                aliases.add(inner.id)
            elif isinstance(inner, s.Mapping):
                for name, node, needed in _entries(inner):
                    if needed:
                        found.setdefault(name, Read(function, name, node))
        for node in s.walk(function.node):
            for name, place, needed in _at(node, param.name, aliases, framework):
                if needed:
                    found.setdefault(name, Read(function, name, place))
                else:
                    optional.add(name)
        return [
            item
            for item in found.values()
            if item.name not in optional and not self._is_written(item.name)
        ]


def matched(function: FunctionInfo) -> Sequence[Read]:
    """The names that an aiohttp handler takes out of ``request.match_info``, each once."""
    node = function.node
    if not isinstance(node, s.Function):
        return ()
    given = [param.name for param in node.params if param.name not in ("self", "cls")]
    found: dict[str, Read] = {}
    asked: set[str] = set()
    for inner in s.walk(node):
        match inner:
            case s.Subscript(
                value=s.Attribute(value=owner, name="match_info"),
                index=s.Literal(value=str(name)),
            ) if given and isinstance(owner, s.Name) and owner.id == given[0]:
                found.setdefault(name, Read(function, name, inner))
            case s.Binary(left=s.Literal(value=str(name)), op="in" | "not in"):
                asked.add(name)
            case s.Handler() if _takes_key_errors(inner):
                return ()
    return [item for item in found.values() if item.name not in asked]


def _takes_key_errors(handler: s.Handler) -> bool:
    if handler.type is None:
        return True
    return any(
        isinstance(node, s.Name) and node.id in ("KeyError", "LookupError", "Exception")
        for node in s.walk(handler.type)
    )


def _at(
    node: s.Node, request: str, aliases: set[str], framework: str
) -> Iterator[tuple[str, s.Node, bool]]:
    match node:
        case s.Binary(op="or" | "??", left=left) | s.If(test=left) | s.Conditional(test=left):
            name = _name(left, request, aliases, framework)
            if name is not None:
                yield name, left, False
        case s.Binary(op="in", left=s.Literal(value=str(name)), right=right) if _is_params(
            right, request, aliases
        ):
            yield name, node, False
        case s.Assign(targets=[s.Mapping() as pattern], value=value) if value is not None:
            if _is_params(value, request, aliases) or (
                framework == "hono" and _is_param_call(value, request)
            ):
                yield from _entries(pattern)
            elif isinstance(value, s.Name) and value.id == request:
                inner = _target(pattern.get("params"))
                if isinstance(inner, s.Mapping):
                    yield from _entries(inner)
        case s.Attribute() | s.Subscript() | s.Call():
            name = _name(node, request, aliases, framework)
            if name is not None:
                yield name, node, True


def _name(node: s.Expr, request: str, aliases: set[str], framework: str) -> str | None:
    """The parameter that an expression reads."""
    match node:
        case s.Attribute(value=value, name=name) if _is_params(value, request, aliases):
            return name if name not in _OBJECT else None
        case s.Subscript(value=value, index=s.Literal(value=str(name))) if _is_params(
            value, request, aliases
        ):
            return name if _IDENTIFIER.match(name) else None
        case s.Call(args=[s.Argument(value=s.Literal(value=str(name)))]) if (
            framework == "hono" and _is_param_method(node, request)
        ):
            return name if _IDENTIFIER.match(name) else None
    return None


def _is_params(node: s.Expr, request: str, aliases: set[str]) -> bool:
    match node:
        case s.Attribute(value=s.Name(id=owner), name="params"):
            return owner == request and bool(request)
        case s.Name(id=name):
            return name in aliases
    return False


def _is_param_call(node: s.Expr, request: str) -> bool:
    return isinstance(node, s.Call) and not node.args and _is_param_method(node, request)


def _is_param_method(node: s.Call, request: str) -> bool:
    match node.func:
        case s.Attribute(value=s.Attribute(value=s.Name(id=owner), name="req"), name="param"):
            return owner == request and bool(request)
    return False


def _target(node: s.Expr | None) -> s.Expr | None:
    return node.target if isinstance(node, s.AssignExpr) else node


def _entries(pattern: s.Mapping) -> Iterator[tuple[str, s.Node, bool]]:
    """The names of an object pattern; those with a default can be done without."""
    for entry in pattern.entries:
        if isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
            yield entry.key.value, entry, not isinstance(entry.value, s.AssignExpr)
