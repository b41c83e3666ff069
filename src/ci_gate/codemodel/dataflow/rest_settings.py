"""The settings of Django REST framework: ``REST_FRAMEWORK = {...}``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass

_NAME: Final = "REST_FRAMEWORK"
_STATEMENTS: Final = (s.Assign, s.ExprStmt, s.If, s.Try, s.With)
_MARKS: Final = frozenset({"INSTALLED_APPS", "ROOT_URLCONF"})


@dataclass(frozen=True, slots=True)
class Setting:
    """``absent``: surely the library's default. ``value`` is None where it is not known."""

    state: Literal["set", "absent", "unknown"]
    value: s.Expr | None = None


class RestSettings:
    def __init__(self, model: CodeModel) -> None:
        self._model = model

    def get(self, name: str) -> Setting:
        given = self._given
        if given is None:
            return Setting("unknown")
        found = [expr for key, expr in given if key == name]
        if not found:
            return Setting("absent")
        if all(isinstance(expr, s.Literal) and expr.value is None for expr in found):
            return Setting("absent")
        return Setting("set", found[0] if len(found) == 1 else None)

    @cached_property
    def _given(self) -> list[tuple[str, s.Expr]] | None:
        """All entries that settings give; None where some cannot be told."""
        found: list[tuple[str, s.Expr]] = []
        has_settings = False
        for path, module in self._model.modules.items():
            if module.language != "python" or is_outside(path):
                continue
            for node in _top_level(module):
                if isinstance(node, s.Assign):
                    names = {item.id for item in node.targets if isinstance(item, s.Name)}
                    has_settings = has_settings or bool(names & _MARKS)
                    entries = _entries(node, names)
                    if entries is None:
                        return None
                    found += entries
                elif _changes(node):
                    return None
        return found if has_settings else None


def _top_level(module: s.Module) -> Iterator[s.Stmt]:
    """The statements that run when a module is imported, those of branches included."""
    stack: list[s.Stmt] = list(reversed(module.body))
    while stack:
        statement = stack.pop()
        yield statement
        if isinstance(statement, s.If | s.Try | s.With):
            stack += [item for item in s.children(statement) if isinstance(item, _STATEMENTS)]


def _entries(node: s.Assign, names: set[str]) -> list[tuple[str, s.Expr]] | None:
    """The settings that an assignment makes; None where they cannot be told."""
    found: list[tuple[str, s.Expr]] = []
    if _NAME in names:
        if not isinstance(node.value, s.Mapping):
            return None
        for entry in node.value.entries:
            if not isinstance(entry.key, s.Literal):
                return None
            found.append((str(entry.key.value), entry.value))
    for target in node.targets:
        if isinstance(target, s.Subscript) and _is_settings(target.value):
            if not isinstance(target.index, s.Literal) or node.value is None:
                return None
            found.append((str(target.index.value), node.value))
    return found


def _changes(node: s.Stmt) -> bool:
    """``REST_FRAMEWORK.update(...)``"""
    return (
        isinstance(node, s.ExprStmt)
        and isinstance(node.value, s.Call)
        and isinstance(node.value.func, s.Attribute)
        and _is_settings(node.value.func.value)
    )


def _is_settings(expr: s.Expr) -> bool:
    return isinstance(expr, s.Name) and expr.id == _NAME
