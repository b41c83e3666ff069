"""What an expression of set-up code stands for while routes are collected.

The whole-program model answers with *kinds* of values ("an ``express.Router()``"). Routes need the
*individual* object: which router a path is registered on, and under which prefix that same router
is mounted. The values here therefore have an identity of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.syntax import Call, Expr, Import, Node, Span
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.routing.machine import Machine

HOLE = "\x00"
"""Stands inside a string for a part that is not known."""


@dataclass(slots=True, eq=False)
class Opaque:
    """Not known. ``expr`` is what was written, for the whole-program model to look at."""

    expr: Expr | None = None


@dataclass(frozen=True, slots=True)
class Const:
    value: str | int | float | bool | bytes | None


@dataclass(slots=True, eq=False)
class ListVal:
    """A list, tuple or set; ``whole`` is false when items may be missing."""

    items: list[Value]
    whole: bool = True


@dataclass(slots=True, eq=False)
class DictVal:
    """A dict or object literal; ``whole`` is false when entries may be missing."""

    entries: dict[object, Value]
    whole: bool = True

    def text(self, key: str) -> str | None:
        value = self.entries.get(key)
        return None if value is None else text_of(value)


@dataclass(slots=True, eq=False)
class Env:
    """The names of a function call, of a class body or of a module's top level."""

    module: str
    parent: Env | None = None
    function: FunctionInfo | None = None
    this: Value | None = None
    owner: ClassVal | None = None
    names: dict[str, Value] = field(default_factory=dict)
    imports: dict[str, tuple[Import, str]] = field(default_factory=dict)
    stars: list[Import] = field(default_factory=list)
    returned: list[Value] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class FuncVal:
    """A function of the tree with the names around it, bound to ``this`` when it is a method.

    ``given`` and ``named`` are arguments already there (``functools.partial``).
    """

    info: FunctionInfo
    env: Env
    this: Value | None = None
    owner: ClassVal | None = None
    given: list[Value] = field(default_factory=list)
    named: dict[str, Value] = field(default_factory=dict)
    attrs: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class ClassVal:
    """A class of the tree. ``extra`` holds attributes set from outside its body."""

    info: ClassInfo
    env: Env
    extra: dict[str, Value] = field(default_factory=dict)
    known: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the tree. ``base`` is its library part, when the class derives from
    a class whose objects matter for routing."""

    cls: ClassVal
    attrs: dict[str, Value] = field(default_factory=dict)
    base: LibraryObject | None = None


@dataclass(slots=True, eq=False)
class SuperVal:
    """``super()`` inside a method of ``cls``, called on ``this``."""

    cls: ClassVal
    this: Value


@dataclass(frozen=True, slots=True)
class ModuleVal:
    path: str


@dataclass(frozen=True, slots=True)
class External:
    """Something out of a library, by the path taken to it (``express.Router``)."""

    path: str


@dataclass(slots=True, eq=False)
class Wrapped:
    """``inner`` behind wrappers: ``others`` run around it."""

    inner: Value
    others: tuple[Value, ...]


class LibraryObject:
    """An object of a library that takes part in routing."""

    def __init__(self) -> None:
        self.attrs: dict[str, Value] = {}

    def attribute(self, machine: Machine, name: str) -> Value | None:
        """The attribute of that name; None when the library has none that matters."""
        del machine, name
        return None

    def set_attribute(self, name: str, value: Value) -> None:
        self.attrs[name] = value


@dataclass(slots=True, eq=False)
class Native:
    """A callable with a known effect."""

    run: Callable[[Args], Value]


Value: TypeAlias = (
    Opaque | Const | ListVal | DictVal | FuncVal | ClassVal | Instance | SuperVal | ModuleVal
    | External | Wrapped | LibraryObject | Native
)  # fmt: skip

UNKNOWN = Opaque()
NONE = Const(None)


@dataclass(slots=True, eq=False)
class Args:
    """The arguments of a call. ``whole`` is false after a spread of unknown length.

    ``module`` and ``span`` tell where the call stands.
    """

    positional: list[Value]
    keywords: dict[str, Value]
    module: str
    span: Span
    call: Call | None = None
    whole: bool = True

    def get(self, position: int | None, keyword: str | None = None) -> Value | None:
        if keyword is not None and keyword in self.keywords:
            return self.keywords[keyword]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None

    def text(self, position: int | None, keyword: str | None = None) -> str | None:
        """The string argument; None when absent or ``None``; with :data:`HOLE` when not known."""
        value = self.get(position, keyword)
        return None if value is None else text_of(value)


def text_of(value: Value) -> str | None:
    """``value`` as a string: None for None, :data:`HOLE` for what is no known string."""
    if isinstance(value, Const):
        if value.value is None:
            return None
        return value.value if isinstance(value.value, str) else str(value.value)
    return HOLE


def bare(value: Value) -> Value:
    """``value`` without wrappers."""
    while isinstance(value, Wrapped):
        value = value.inner
    return value


def library_part(value: Value | None) -> LibraryObject | None:
    """The library object that ``value`` is or derives from."""
    if value is None:
        return None
    value = bare(value)
    if isinstance(value, Instance):
        return value.base
    return value if isinstance(value, LibraryObject) else None


def is_callable(value: Value) -> bool:
    value = bare(value)
    return isinstance(value, FuncVal | ClassVal | Native)


def items_of(value: Value | None) -> list[Value]:
    """The known items of a list, or the one value itself."""
    if value is None or value == NONE:
        return []
    if isinstance(value, ListVal):
        return [item for part in value.items for item in items_of(part)]
    return [value]


__all__ = [
    "HOLE", "NONE", "UNKNOWN", "Args", "ClassVal", "Const", "DictVal", "Env", "External",
    "FuncVal", "Instance", "LibraryObject", "ListVal", "ModuleVal", "Native", "Node", "Opaque",
    "SuperVal", "Value", "Wrapped", "bare", "is_callable", "items_of", "library_part", "text_of",
]  # fmt: skip
