"""What the frameworks' ways of declaring views have in common."""

from __future__ import annotations

from collections.abc import Sequence

from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.routing.domain import (
    HOLE,
    ClassVal,
    Const,
    FuncVal,
    ListVal,
    Value,
    bare,
    items_of,
    text_of,
)
from ci_gate.codemodel.routing.machine import ClassView, Machine

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


def texts(value: Value | None) -> list[str]:
    """A string or a list of strings; :data:`HOLE` for what is none."""
    return [text for item in items_of(value) if (text := text_of(item)) is not None]


def methods(value: Value | None) -> list[str] | None:
    """A list of HTTP methods; None when it is not known."""
    found = texts(value)
    if isinstance(value, ListVal) and not value.whole:
        return None
    if not found or any(HOLE in item or not item.isalpha() for item in found):
        return None
    return [item.upper() for item in found]


def view_last(machine: Machine, values: Sequence[Value]) -> list[FunctionInfo]:
    """The handlers of ``middleware, middleware, view``: the view first."""
    flat = [item for value in values for item in items_of(value)]
    return machine.handlers([*flat[-1:], *flat[:-1]])


def class_of(value: Value) -> ClassVal | None:
    """The class behind a class or ``Class.as_view()``."""
    value = bare(value)
    if isinstance(value, ClassView):
        return value.cls
    return value if isinstance(value, ClassVal) else None


def class_methods(machine: Machine, cls: ClassVal) -> dict[str, list[FunctionInfo]]:
    """The HTTP methods that a class view defines in the tree, each with what runs for it."""
    found: dict[str, list[FunctionInfo]] = {}
    for verb in VERBS:
        value = machine.class_attribute(cls, verb)
        if value is not None and isinstance(bare(value), FuncVal):
            found[verb.upper()] = machine.handlers([value])
    return found


def attribute_values(machine: Machine, cls: ClassVal, *names: str) -> list[Value]:
    """The values of class attributes, lists taken apart."""
    found: list[Value] = []
    for name in names:
        found += items_of(machine.class_attribute(cls, name))
    return found


def methods_of(machine: Machine, cls: ClassVal, names: Sequence[str]) -> list[FunctionInfo]:
    """Those of the named methods that the tree defines for ``cls``."""
    return machine.handlers(
        [value for name in names if (value := machine.class_attribute(cls, name)) is not None]
    )


def is_true(value: Value | None) -> bool:
    return isinstance(value, Const) and bool(value.value)
