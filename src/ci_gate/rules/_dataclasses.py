"""Classes that ``dataclasses.dataclass`` makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue, Value

_DATACLASS: Final = "dataclasses.dataclass"


def decorator_of(model: CodeModel, cls: ClassInfo) -> s.Expr | None:
    """The ``@dataclass`` of a class."""
    if not isinstance(cls.node, s.Class):
        return None
    for decorator in cls.node.decorators:
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        if is_external(model.evaluate(func), _DATACLASS):
            return decorator
    return None


def is_external(values: frozenset[Value], path: str) -> bool:
    """Is it surely this thing of a library?"""
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path == path for value in values
    )


def is_on(decorator: s.Expr, name: str) -> bool:
    """Is the option on, or not plainly off?"""
    value = decorator.argument(keyword=name) if isinstance(decorator, s.Call) else None
    return value is not None and not (isinstance(value, s.Literal) and value.value is False)


def fields_of(cls: ClassInfo) -> Iterator[s.Assign]:
    """What the body of the class declares with an annotation, as it stands there."""
    for statement in cls.node.body:
        if isinstance(statement, s.Assign) and statement.annotation is not None:
            yield statement


def lineage(model: CodeModel, cls: ClassInfo) -> Sequence[ClassInfo] | None:
    """The class and what it inherits from, last to first; None where a base is not known."""
    found = [cls]
    for base in model.ancestors(cls):
        if isinstance(base, ClassValue):
            found.append(base.cls)
        elif not (
            isinstance(base, ExternalValue)
            and base.path in ("abc.ABC", "typing.Generic", "typing.Protocol", "builtins.Exception")
        ):
            return None
    return found
