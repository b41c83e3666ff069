"""SQL text that is handed to a function of the tree which runs what it is given.

``self._db.fetch_all("SELECT …")`` reaches the database as ``connection.execute("SELECT …")`` does,
where ``fetch_all`` does no more than hand its text on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.sqllex import verb
from ci_gate.data import dataclass

_MAX_WRAPPERS: Final = 60
_MAX_DEPTH: Final = 6
_READS: Final = frozenset({"select", "with"})
_WRITES: Final = frozenset({"insert", "update", "delete", "replace", "merge"})


@dataclass(frozen=True, slots=True)
class HandedText:
    """A call in ``caller`` that hands SQL text to ``wrapper``."""

    node: s.Call
    caller: FunctionInfo
    wrapper: FunctionInfo
    writes: bool


def handed_texts(
    model: CodeModel, running: Iterable[tuple[FunctionInfo, s.Call]]
) -> Iterator[HandedText]:
    """The calls that hand SQL text on, of functions that hand their own parameter to one of the
    calls ``running``, as the text that it runs."""
    queue: list[tuple[FunctionInfo, s.Param]] = []
    for function, call in running:
        param = _parameter(function, _unwrapped(call.argument(0)))
        if param is not None and (function, param) not in queue:
            queue.append((function, param))
    for function, param in queue:  # grows
        position = _position(function, param)
        for edge in model.callers(function):
            if edge.reason != "call" or not isinstance(edge.node, s.Call):
                continue
            given = _unwrapped(edge.node.argument(position, param.name))
            outer = _parameter(edge.caller, given)
            if outer is not None:
                if (edge.caller, outer) not in queue and len(queue) < _MAX_WRAPPERS:
                    queue.append((edge.caller, outer))
                continue
            word = verb(_beginning(model, given, model.scope_of(edge.node)) + " ")
            if word in _READS or word in _WRITES:
                yield HandedText(edge.node, edge.caller, function, word in _WRITES)


def _parameter(function: FunctionInfo, expr: s.Expr | None) -> s.Param | None:
    """The function's own parameter that the expression is."""
    node = function.node
    if not isinstance(expr, s.Name) or not isinstance(node, s.Function):
        return None
    return next((item for item in node.params if item.name == expr.id), None)


def _position(function: FunctionInfo, param: s.Param) -> int:
    """Which argument of a call the parameter is."""
    node = function.node
    assert isinstance(node, s.Function)
    bound = function.module.language == "python" and function.cls is not None
    bound = bound and bool(node.params) and node.params[0].name in ("self", "cls")
    return node.params.index(param) - bound


def _unwrapped(expr: s.Expr | None) -> s.Expr | None:
    """The text in ``text(…)``."""
    if isinstance(expr, s.Call) and isinstance(expr.func, s.Name) and expr.func.id == "text":
        return expr.argument(0)
    return expr


def _beginning(model: CodeModel, expr: s.Expr | None, scope: Scope, depth: int = 0) -> str:
    """What a text begins with, as far as it is constant; empty where that is not known."""
    if depth > _MAX_DEPTH:
        return ""
    match expr:
        case s.Literal(value=str(text)):
            return text
        case s.Template(tag=None, parts=parts):
            return _first(model, parts, scope, depth)
        case s.Binary(op="+", left=left, right=right):
            return _first(model, (left, right), scope, depth)
        case s.Name() | s.Attribute():
            constant = model.constant(expr, scope)
            if constant is not None:
                return _beginning(model, constant.expr, constant.scope, depth + 1)
    return ""


def _first(model: CodeModel, parts: Sequence[s.Expr], scope: Scope, depth: int) -> str:
    """The first part that is more than white space."""
    for part in parts:
        text = _beginning(model, part, scope, depth + 1)
        if text.strip() or not isinstance(part, s.Literal):
            return text
    return ""
