"""JavaScript: the object literals that a library's options may be, with their entries.

For what asks "which names does this call give the library": an object that loses keys on the way is
left out, and so is what is not written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.sequelize.origins import Origin, Origins
from ci_gate.regex import regex

_MAX_DEPTH: Final = 12
_DELETE: Final = regex(
    r"\bdelete\s+[\w$.?!()\[\] ]{0,80}?(?:\.|\[['\"])([\w$]+)(?:['\"]\])?\s*[;\n)]"
)


class ObjectLiterals:
    """Answers for one program."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self._model = model
        self._origins = origins
        self._cut: dict[tuple[str, Scope], bool] = {}

    def mappings(self, expr: s.Expr, scope: Scope) -> Iterator[Origin]:
        """The object literals that an expression may be, none that loses keys on the way."""
        for origin in self._origins.of(expr, scope).origins:
            if (
                isinstance(origin.expr, s.Mapping)
                and not origin.element
                and not any(self._is_cut(*held) for held in origin.names)
            ):
                yield origin

    def each(self, expr: s.Expr, scope: Scope) -> Iterator[Origin]:
        """Those, and the ones in a list."""
        for origin in self._origins.of(expr, scope).origins:
            if isinstance(origin.expr, s.Sequence) and not origin.element:
                for item, inner in self._origins.items(origin):
                    if not isinstance(item, s.Starred):
                        yield from self.mappings(item, inner)
        yield from self.mappings(expr, scope)

    @cached_property
    def deleted(self) -> frozenset[str]:
        """The properties that some code of the program deletes from an object."""
        found: set[str] = set()
        model = self._model
        for path, module in model.modules.items():
            if module.language != "python":
                try:
                    found.update(_DELETE.findall(model.tree.text(path)))
                except (OSError, UnicodeError):
                    continue
        return frozenset(found)

    def _is_cut(self, name: str, scope: Scope) -> bool:
        """Does the function that has the variable `delete` something of it?"""
        key = name, scope
        if key not in self._cut:
            self._cut[key] = any(
                isinstance(node, s.Unary) and node.op == "delete" and _base(node.value) == name
                for statement in scope.function.node.body
                for node in s.walk(statement)
            )
        return self._cut[key]

    def entries(
        self, origin: Origin, depth: int = 0
    ) -> Iterator[tuple[str, s.Expr, s.Expr, Scope]]:
        """Name, key, value and scope of what an object literal has; `undefined` counts as absent,
        as it does for the ORMs that are given one."""
        for key, value, scope in self._origins.entries(origin):
            if key is None:
                if depth < _MAX_DEPTH:
                    for inner in self.mappings(value, scope):
                        if inner.expr is not origin.expr:
                            yield from self.entries(inner, depth + 1)
            elif isinstance(key, s.Literal) and isinstance(key.value, str):
                absent = isinstance(value, s.Literal) and value.kind == "undefined"
                if not absent:
                    yield key.value, key, value, scope

    def closed(self, origin: Origin) -> bool:
        """Are all keys of the object literal written out?"""
        return not origin.names and all(
            isinstance(entry.key, s.Literal) for entry in getattr(origin.expr, "entries", ())
        )


def _base(expr: s.Expr) -> str | None:
    while isinstance(expr, s.Attribute | s.Subscript):
        expr = expr.value
    return expr.id if isinstance(expr, s.Name) else None
