"""JavaScript's statements, where they differ from Python's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Frame, Func, of

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

#: Functions that ask for the form of a value.
FORM_CHECKS: Final = frozenset({
    "isInteger", "isSafeInteger", "isNaN", "isFinite", "isArray", "Number", "parseInt",
    "parseFloat",
})  # fmt: skip


def hoist(machine: Machine, body: list[s.Stmt], frame: Frame) -> None:
    """Function declarations are there from the block's beginning."""
    for statement in body:
        if isinstance(statement, s.FunctionDef):
            info = machine.model.function_of(statement.function)
            if info is not None:
                frame.names[statement.function.name] = of(Func(info, frame=frame))


def is_guard(statement: s.If) -> bool:
    """Does it turn requests away that hold a value of the wrong form, and nothing else?"""
    if statement.orelse or not statement.body or not isinstance(statement.body[-1], s.Raise):
        return False
    return all(_is_of_form(node) for node in s.walk(statement.test))


def _is_of_form(node: s.Node) -> bool:
    match node:
        case s.Call(func=s.Name(id=name) | s.Attribute(name=name)):
            return name in FORM_CHECKS
        case s.Binary(op="==" | "!=", left=left, right=right):
            return not any(isinstance(side, s.Name | s.Attribute) for side in (left, right)) or any(
                isinstance(side, s.Literal) and side.value in (None, "") for side in (left, right)
            )
        case s.Binary(op="<" | ">" | "<=" | ">="):
            return True
        case s.Binary(op=op):
            return op in ("and", "or", "??")
    return isinstance(node, s.Name | s.Attribute | s.Literal | s.Unary | s.Argument)
