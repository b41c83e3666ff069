"""Sets of values in a fixed order: answers must not depend on memory addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    CollectionValue,
    ConstantValue,
    ExpressionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    PackageValue,
    PartialValue,
    Value,
)

Values: TypeAlias = tuple[Value, ...]

LIMIT = 8
"""More values than this say nothing."""


def union(groups: Iterable[Iterable[Value]], limit: int = LIMIT) -> Values:
    """The distinct values of ``groups`` in their order, at most ``limit``."""
    found: dict[Value, None] = {}
    for group in groups:
        for value in group:
            found[value] = None
            if len(found) >= limit:
                return tuple(found)
    return tuple(found)


def ordered(values: frozenset[Value]) -> Values:
    """The values in an order that does not depend on memory addresses."""
    return tuple(sorted(values, key=sort_key)) if len(values) > 1 else tuple(values)


def sort_key(value: Value) -> str:
    if isinstance(value, FunctionValue):
        return "f" + value.function.qualname
    if isinstance(value, ClassValue):
        return "c" + value.cls.qualname
    if isinstance(value, InstanceValue):
        return "i" + value.cls.qualname
    if isinstance(value, ExternalValue):
        return "x" + value.path
    if isinstance(value, ModuleValue | PackageValue):
        return "m" + value.path
    if isinstance(value, ObjectValue):
        return f"o{value.scope.module.path}{value.mapping.span}"
    if isinstance(value, ExpressionValue):
        return f"e{value.scope.module.path}{value.expr.span}"
    if isinstance(value, ConstantValue):
        return f"k{type(value.value).__name__}{value.value!r}"
    if isinstance(value, CollectionValue):
        return "l" + sort_key(value.element)
    if isinstance(value, CallableValue):
        return "r" + sort_key(value.returns)
    if isinstance(value, PartialValue):
        return "p" + sort_key(value.function)
    return "t" + ",".join("|".join(sorted(map(sort_key, item))) for item in value.items)
