"""Where Django's `transaction.atomic` stands around code."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.values import ExternalValue

_ATOMIC = ("django.db.transaction.atomic", "django.db.transaction.Atomic")


def is_atomic(model: CodeModel, expr: s.Expr) -> bool:
    """``transaction.atomic``, ``transaction.atomic()``."""
    if isinstance(expr, s.Call):
        if any(
            item.keyword == "savepoint"
            and isinstance(item.value, s.Literal)
            and item.value.value is False
            for item in expr.args
        ):
            return False
        expr = expr.func
    return any(
        isinstance(value, ExternalValue) and value.path in _ATOMIC for value in model.evaluate(expr)
    )


def is_decorated(model: CodeModel, function: FunctionInfo) -> bool:
    """Is the function one transaction by its decorator?"""
    node = function.node
    return isinstance(node, s.Function) and any(
        is_atomic(model, decorator) for decorator in node.decorators
    )
