"""Literals that the arguments of builder calls stand for, followed to where they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.texts import text_of
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.sequelize.origins import Origins

_MAX_DEPTH: Final = 4


class Literals:
    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self.origins = origins

    def text(self, expr: s.Expr | None) -> str | None:
        """The one text that an expression is."""
        return text_of(self.model, expr)

    def items(self, expr: s.Expr, scope: Scope) -> list[tuple[s.Expr, Scope]] | None:
        """The items of the one list that an expression is, those of lists spread into it too."""
        return self._items(expr, scope, 0)

    def _items(self, expr: s.Expr, scope: Scope, depth: int) -> list[tuple[s.Expr, Scope]] | None:
        origin = self.origins.one(expr, scope) if depth < _MAX_DEPTH else None
        if origin is None or not isinstance(origin.expr, s.Sequence):
            return None
        found: list[tuple[s.Expr, Scope]] = []
        for item, inner in self.origins.items(origin):
            if isinstance(item, s.Starred):
                spread = self._items(item.value, inner, depth + 1)
                if spread is None:
                    return None
                found.extend(spread)
            else:
                found.append((item, inner))
        return found

    def rows(self, expr: s.Expr | None, scope: Scope) -> Iterator[s.Mapping]:
        """The objects that a row or a list of rows surely is."""
        match expr:
            case s.Mapping():
                yield expr
            case s.Sequence(items=items):
                for item in items:
                    if isinstance(item, s.Mapping):
                        yield item
            case s.Name():
                origin = self.origins.one(expr, scope)
                if origin is None or origin.scope.module is not scope.module:
                    return
                if isinstance(origin.expr, s.Mapping) and not _loses(scope, expr.id):
                    yield origin.expr
            case s.Call(func=s.Attribute(name="map"), args=[argument, *_]):
                match argument.value:
                    case s.FunctionExpr(function=s.Function(body=[s.Return(value=made)])):
                        if isinstance(made, s.Mapping):
                            yield made


def _loses(scope: Scope, name: str) -> bool:
    """Is an entry deleted from the object?"""
    for node in s.walk(scope.function.node):
        if isinstance(node, s.Unary) and node.op == "delete":
            base = node.value
            while isinstance(base, s.Attribute | s.Subscript):
                base = base.value
            if isinstance(base, s.Name) and base.id == name:
                return True
    return False
