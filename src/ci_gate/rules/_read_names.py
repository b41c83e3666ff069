"""The names that a module reads when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s

#: Calls that can bind names that are not written.
_BINDERS: Final = frozenset({"exec", "globals", "locals", "vars", "execfile", "inject_globals"})
_VERSIONS: Final = frozenset({"PY2", "PY3", "version_info", "hexversion", "platform"})
_EXPECTED: Final = frozenset({"NameError", "ImportError", "ModuleNotFoundError"})


def is_open_to_view(module: s.Module) -> bool:
    """All that binds names in the module is written in it."""
    if module.problems or any(item.star and item.kind != "reexport" for item in module.imports):
        return False
    for node in s.walk(module):
        if isinstance(node, s.Broken):
            return False
        if isinstance(node, s.Call):
            func = node.func
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            if name in _BINDERS:
                return False
    return True


def read_names(module: s.Module) -> Iterator[s.Name]:
    """The names that the module reads when it runs: annotations, patterns and what only type
    checkers or other versions of Python see are left out, also what expects to fail."""
    stack: list[s.Node] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Name):
            yield node
            continue
        below = s.children(node)
        if isinstance(node, s.Class) and module.language == "typescript":
            below = [*node.body, *node.decorators, *map(_class_named, node.bases)]
        if isinstance(node, _PARTLY_READ):
            skipped = _skipped(node)
            below = [child for child in below if child not in skipped]
        stack += below


def _class_named(base: s.Argument) -> s.Expr:
    """The base class without its type arguments."""
    return base.value.value if isinstance(base.value, s.Subscript) else base.value


_PARTLY_READ: Final = (s.Function, s.Param, s.Assign, s.Case, s.TypeAliasDef, s.If, s.Try)


def _skipped(node: s.Node) -> set[s.Node]:
    """The parts of a node that hold no names that are read."""
    skipped: set[s.Node] = set()
    if isinstance(node, s.Function):
        skipped.update([node.returns] if node.returns is not None else [])
    elif isinstance(node, s.Param | s.Assign):
        if node.annotation is not None:
            skipped.add(node.annotation)
        if isinstance(node, s.Assign):
            skipped.update(target for target in node.targets if isinstance(target, s.Name))
    elif isinstance(node, s.Case):
        skipped.update([node.pattern] if node.pattern is not None else [])
    elif isinstance(node, s.TypeAliasDef):
        skipped.update(s.children(node))
    elif isinstance(node, s.If) and _asks_version(node.test):
        skipped.update(node.body, node.orelse)
    elif _is_not_run(node):
        skipped.update(node.body)  # type: ignore[attr-defined]
    return skipped


def _asks_version(test: s.Expr) -> bool:
    return any(s.last_name(node) in _VERSIONS for node in s.walk(test))


def _is_not_run(node: s.Node) -> bool:
    """The body of the statement is for type checkers, or may fail."""
    if isinstance(node, s.If):
        return _is_for_types(node.test)
    return isinstance(node, s.Try) and any(_expects(handler) for handler in node.handlers)


def _is_for_types(test: s.Expr) -> bool:
    name = test.name if isinstance(test, s.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"


def _expects(handler: s.Handler) -> bool:
    if handler.type is None:
        return False
    return any(isinstance(node, s.Name) and node.id in _EXPECTED for node in s.walk(handler.type))
