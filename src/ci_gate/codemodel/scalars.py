"""JavaScript expressions that are surely one value, and no list or object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import Scope

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

_TYPES: Final = frozenset({"number", "string", "boolean", "bigint", "null", "undefined"})
_CONVERSIONS: Final = frozenset({
    "Number", "String", "Boolean", "BigInt", "parseInt", "parseFloat", "randomUUID",
})  # fmt: skip
_OPERATORS: Final = frozenset({
    "+", "-", "*", "/", "%", "**", "==", "!=", "<", ">", "<=", ">=", "&", "|", "^",
})  # fmt: skip
_MAX_DEPTH: Final = 8


def is_scalar(model: CodeModel, expr: s.Expr, scope: Scope, depth: int = 0) -> bool:
    """Is it a number, text, truth value or nothing, whatever the program does?"""
    if depth > _MAX_DEPTH:
        return False
    match expr:
        case s.Literal() | s.Template(tag=None) | s.Unary(op="-" | "+" | "not" | "typeof"):
            return True
        case s.Binary(op=op, left=left, right=right):
            return op in _OPERATORS or (
                op in ("or", "and", "??")
                and is_scalar(model, left, scope, depth + 1)
                and is_scalar(model, right, scope, depth + 1)
            )
        case s.Conditional(body=body, orelse=orelse):
            return all(is_scalar(model, each, scope, depth + 1) for each in (body, orelse))
        case s.Call(func=s.Name(id=name) | s.Attribute(name=name)):
            return name in _CONVERSIONS
        case s.Name(id=name):
            bindings = model.bindings(name, scope)
            return bool(bindings) and all(
                _is_bound_to_one(model, item.node, item.scope, item.kind, bool(item.path), depth)
                for item in bindings
            )
    return False


def _is_bound_to_one(
    model: CodeModel, node: s.Node, scope: Scope, kind: str, projected: bool, depth: int
) -> bool:
    if projected:
        return False
    if isinstance(node, s.Param):
        return node.annotation is not None and is_scalar_type(node.annotation)
    if kind != "value" or isinstance(node, s.Assign):
        return False
    return is_scalar(model, node, scope, depth + 1)  # type: ignore[arg-type]


def is_scalar_type(annotation: s.Expr) -> bool:
    match annotation:
        case s.Name(id=name):
            return name in _TYPES
        case s.Literal():
            return True
        case s.Binary(op="|", left=left, right=right):
            return is_scalar_type(left) and is_scalar_type(right)
    return False
