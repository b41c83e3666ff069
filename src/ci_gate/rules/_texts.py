"""What is surely a text or number, by what is written about its type."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import FunctionValue, InstanceValue

_SCALARS: Final = frozenset({"str", "int"})
_LISTS: Final = frozenset({
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "Iterable", "Collection",
    "tuple", "Tuple", "Iterator",
})  # fmt: skip
_MAX_DEPTH: Final = 4


def is_scalar(model: CodeModel, expr: s.Expr) -> bool:
    """Is it a text or number, or None?"""
    if isinstance(expr, s.Literal):
        return expr.kind in ("string", "number")
    if isinstance(expr, s.Template):
        return True
    return _is_written(_annotation(model, expr), many=False) or _is_element(model, expr)


def is_integer(model: CodeModel, expr: s.Expr) -> bool:
    """Is it a number, also as a mapped column's annotation says?"""
    if isinstance(expr, s.Literal):
        return expr.kind == "number"
    annotation = _annotation(model, expr)
    if isinstance(annotation, s.Subscript) and _last(annotation.value) == "Mapped":
        annotation = annotation.index
    return isinstance(annotation, s.Name) and annotation.id == "int"


def are_scalars(model: CodeModel, expr: s.Expr) -> bool:
    """Is it a list of texts or numbers?"""
    if isinstance(expr, s.Sequence):
        return bool(expr.items) and all(is_scalar(model, item) for item in expr.items)
    if isinstance(expr, s.Comprehension):
        return isinstance(expr.element, s.Template | s.Literal)
    return _is_written(_annotation(model, expr), many=True)


def _annotation(model: CodeModel, expr: s.Expr, depth: int = 0) -> s.Expr | None:
    """The annotation of what ``expr`` names or calls."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(expr, s.Await):
        expr = expr.value
    if isinstance(expr, s.Call):
        found = [item for item in model.evaluate(expr.func) if isinstance(item, FunctionValue)]
        node = found[0].function.node if len(found) == 1 else None
        return node.returns if isinstance(node, s.Function) else None
    if isinstance(expr, s.Attribute):
        values = model.evaluate(expr.value)
        classes = [item.cls for item in values if isinstance(item, InstanceValue)]
        if len(classes) != 1 or len(values) != 1:
            return None
        fields = model.fields(classes[0], expr.name)
        return fields[0].annotation if len(fields) == 1 else None
    if isinstance(expr, s.Name):
        bindings = model.bindings(expr.id, model.scope_of(expr))
        if len(bindings) != 1:
            return None
        only = bindings[0]
        if only.path:
            return None
        if only.annotation is not None:
            return only.annotation
        if only.kind == "param" and isinstance(only.node, s.Param):
            return only.node.annotation
        if only.kind == "value" and isinstance(only.node, s.Call | s.Attribute | s.Name):
            return _annotation(model, only.node, depth + 1)
    return None


def _is_element(model: CodeModel, expr: s.Expr) -> bool:
    """Is it the variable of a loop over texts?"""
    if not isinstance(expr, s.Name):
        return False
    scope = model.scope_of(expr)
    loops = [item for item in _loops(model, scope.function) if _is_named(item.target, expr.id)]
    bindings = model.bindings(expr.id, scope)
    return len(loops) == len(bindings) == 1 and are_scalars(model, loops[0].iter)


def _loops(model: CodeModel, function: FunctionInfo) -> list[s.For]:
    return [item for item in model.own_nodes(function) if isinstance(item, s.For)]


def _is_named(target: s.Expr, name: str) -> bool:
    return isinstance(target, s.Name) and target.id == name


def _is_written(annotation: s.Expr | None, *, many: bool) -> bool:
    if isinstance(annotation, s.Binary) and annotation.op == "|":
        sides = [item for item in (annotation.left, annotation.right) if not _is_none(item)]
        return bool(sides) and all(_is_written(item, many=many) for item in sides)
    if not many:
        return isinstance(annotation, s.Name) and annotation.id in _SCALARS
    if not isinstance(annotation, s.Subscript) or _last(annotation.value) not in _LISTS:
        return False
    index = annotation.index
    if isinstance(index, s.Sequence):
        index = index.items[0] if index.items else index
    return isinstance(index, s.Name) and index.id in _SCALARS


def _is_none(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and expr.kind == "none"


def _last(expr: s.Expr) -> str:
    if isinstance(expr, s.Attribute):
        return expr.name
    return expr.id if isinstance(expr, s.Name) else ""
