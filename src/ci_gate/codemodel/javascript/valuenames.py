"""Which names a TypeScript module uses for more than their types."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from ci_gate.codemodel import syntax as s

#: What has parts that exist in types only.
_WITH_TYPES: Final = frozenset({s.Param, s.Assign, s.Function, s.Class})
_WITHOUT_VALUES: Final = frozenset({s.Literal, s.ImportStmt, s.TypeAliasDef})


@lru_cache(maxsize=4096)
def value_names(module: s.Module) -> frozenset[str]:
    """The names that stand elsewhere than in types, those that are exported included. TypeScript
    drops imports of which nothing is used at run time."""
    found = {item.local for item in module.exports if item.local and not item.type_only}
    stack: list[s.Node] = [*module.body]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Name):
            found.add(node.id)
        elif isinstance(node, s.Attribute | s.Argument):
            stack.append(node.value)
        elif isinstance(node, s.Call):
            stack.append(node.func)
            stack += node.args
        elif type(node) in _WITH_TYPES:
            stack += _values(node)
        elif type(node) not in _WITHOUT_VALUES:
            stack += s.children(node)
    return frozenset(found)


def _values(node: s.Node) -> list[s.Node]:
    """The parts of a node that exist at run time."""
    types: list[s.Expr | None] = []
    match node:
        case s.Param(annotation=annotation) | s.Assign(annotation=annotation):
            types.append(annotation)
        case s.Function(returns=returns):
            types.append(returns)
        case s.Class(kind="interface"):
            return []
        case s.Class(implements=given):
            types += given
    below = s.children(node)
    for expr in types:
        if expr is not None:
            below.remove(expr)
    return below
