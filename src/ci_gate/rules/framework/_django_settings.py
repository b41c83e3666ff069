"""What Django's settings say, where they say it plainly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside

_LISTS: Final = ("MIDDLEWARE", "MIDDLEWARE_CLASSES")


def assignments(model: CodeModel, *names: str) -> Iterator[tuple[str, s.Assign]]:
    """Every assignment to one of the settings, with the path of its module."""
    for path, module in sorted(model.modules.items()):
        if module.language != "python" or is_outside(path):
            continue
        for node in model.nodes_of(module, s.Assign):
            if any(
                isinstance(target, s.Name | s.Attribute)
                and (target.id if isinstance(target, s.Name) else target.name) in names
                for target in node.targets
            ):
                yield path, node


def middleware(model: CodeModel, name: str) -> tuple[str, s.Literal] | None:
    """Where the settings list the middleware; None where they do not, or take it out again."""
    found: tuple[str, s.Literal] | None = None
    for path, statement in assignments(model, *_LISTS):
        for node in s.walk(statement):
            if isinstance(node, s.Literal) and node.value == name:
                found = found or (path, node)
    if found is not None and any(_takes_out(call) for call in _calls(model)):
        return None
    return found


def _calls(model: CodeModel) -> Iterator[s.Call]:
    for module in model.modules.values():
        if module.language == "python":
            yield from model.nodes_of(module, s.Call)


def _takes_out(node: s.Node) -> bool:
    """``MIDDLEWARE.remove(…)``"""
    match node:
        case s.Call(func=s.Attribute(name="remove" | "pop", value=s.Name(id=name))):
            return name in _LISTS
        case s.Call(func=s.Attribute(name="remove" | "pop", value=s.Attribute(name=name))):
            return name in _LISTS
    return False


def is_false(model: CodeModel, name: str) -> bool:
    """May the setting be off? True where any assignment does not plainly say True."""
    return any(
        not (isinstance(statement.value, s.Literal) and statement.value.value is True)
        for _, statement in assignments(model, name)
    )
