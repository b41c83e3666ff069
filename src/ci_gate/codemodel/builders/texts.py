"""Constant texts in the arguments of builder calls."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ConstantValue


def text_of(model: CodeModel, expr: s.Expr | None) -> str | None:
    """The one text that an expression is; None where that is not known."""
    match expr:
        case None:
            return None
        case s.Literal(value=str(text), kind="string"):
            return text
        case s.Template(parts=parts, tag=None):
            texts = [text_of(model, part) for part in parts]
            return None if None in texts else "".join(item for item in texts if item is not None)
        case s.Name() | s.Attribute() if _is_fixed(model, expr):
            values = model.evaluate(expr)
            value = next(iter(values)) if len(values) == 1 else None
            if isinstance(value, ConstantValue) and isinstance(value.value, str):
                return value.value
    return None


def texts_of(model: CodeModel, expr: s.Expr | None) -> list[str] | None:
    """The texts of a list, or the one text; None where not all are known."""
    if isinstance(expr, s.Sequence):
        texts = [text_of(model, item) for item in expr.items]
        return None if None in texts else [item for item in texts if item is not None]
    text = text_of(model, expr)
    return None if text is None else [text]


def _is_fixed(model: CodeModel, expr: s.Expr) -> bool:
    """Does it rest on no parameter and no field, which others may set to something else?"""
    while isinstance(expr, s.Attribute):
        expr = expr.value
    if not isinstance(expr, s.Name) or expr.id in ("this", "super"):
        return False
    try:
        bindings = model.bindings(expr.id, model.scope_of(expr))
    except KeyError:
        return False
    return bool(bindings) and all(item.kind != "param" for item in bindings)
