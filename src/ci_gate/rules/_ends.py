"""Where a Python function comes to its end without a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.regex import regex

_MAX_DEPTH: Final = 4
#: What ends a function although it is called like any other.
_ENDING: Final = regex(
    r"abort|raise|fail|error|exit|deny|refuse|reject|forbid|throw|panic|not_?found|unauthori|die"
)
_SUPPRESSING: Final = regex(r"suppress|raises|ignore|catch|handle|guard|transact|atomic")


def open_ends(model: CodeModel, function: FunctionInfo) -> list[s.Node]:
    """The last statements of the ways on which the function comes to its end without a ``return``;
    empty where each way surely, or perhaps, ends otherwise. A ``return None`` is meant so."""
    node = function.node
    if not isinstance(node, s.Function) or node.is_generator or not node.body:
        return []
    return _Ends(model, function).after(node.body, node)


class _Ends:
    def __init__(self, model: CodeModel, function: FunctionInfo, depth: int = 0) -> None:
        self._model = model
        self._function = function
        self._depth = depth

    def after(self, body: list[s.Stmt], before: s.Node) -> list[s.Node]:
        """The last statements by which the control comes out at the end of the block."""
        last: list[s.Node] = [before]
        for statement in body:
            last = self._through(statement)
            if not last:
                return []
        return last

    def _through(self, statement: s.Stmt) -> list[s.Node]:
        match statement:
            case s.Return() | s.Raise() | s.Jump() | s.Broken():
                return []
            case s.If():
                other = self.after(statement.orelse, statement) if statement.orelse else [statement]
                return [*self.after(statement.body, statement), *other]
            case s.While():
                return self._loop(statement)
            case s.For():
                return self.after(statement.orelse, statement) if statement.orelse else [statement]
            case s.With():
                inside = self.after(statement.body, statement)
                swallows = any(
                    _SUPPRESSING.search(name)
                    for item in statement.items
                    for name in _names(item.context)
                )
                return [] if swallows and not inside else inside
            case s.Block():
                return self.after(statement.body, statement)
            case s.Try():
                if statement.final and not self.after(statement.final, statement):
                    return []
                plain = self.after([*statement.body, *statement.orelse], statement)
                return [*plain, *(
                    node
                    for handler in statement.handlers
                    for node in self.after(handler.body, handler)
                )]  # fmt: skip
            case s.Switch():
                return []
            case s.ExprStmt(value=value):
                return [] if self._ends(value) else [statement]
            case _:
                return [statement]

    def _loop(self, loop: s.While) -> list[s.Node]:
        endless = isinstance(loop.test, s.Literal) and loop.test.value
        breaks = any(
            isinstance(node, s.Jump) and node.kind == "break"
            for statement in loop.body
            for node in s.walk(statement)
        )
        return [] if endless and not breaks else [loop]

    def _ends(self, value: s.Expr) -> bool:
        """Does the call never come back, or may it be so?"""
        if isinstance(value, s.Await):
            value = value.value
        if not isinstance(value, s.Call):
            return False
        name = value.func.id if isinstance(value.func, s.Name) else ""
        name = value.func.name if isinstance(value.func, s.Attribute) else name
        found = self._model.evaluate(value.func)
        if not found or self._depth >= _MAX_DEPTH:
            return bool(_ENDING.search(name.lower()))
        return any(self._never_returns(item, name) for item in found)

    def _never_returns(self, value: object, name: str) -> bool:
        if isinstance(value, FunctionValue):
            node = value.function.node
            if not isinstance(node, s.Function) or any(True for _ in s.returns_in(node)):
                return False
            inner = _Ends(self._model, value.function, self._depth + 1)
            return not inner.after(node.body, node)
        if isinstance(value, ExternalValue):
            return bool(_ENDING.search(value.path.rpartition(".")[2].lower()))
        return bool(_ENDING.search(name.lower()))


def _names(expr: s.Expr) -> Iterator[str]:
    for node in s.walk(expr):
        if isinstance(node, s.Name):
            yield node.id.lower()
        elif isinstance(node, s.Attribute):
            yield node.name.lower()
