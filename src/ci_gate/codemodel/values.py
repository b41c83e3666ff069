"""What an expression can stand for: the domain of ``CodeModel.evaluate``.

A value names something that the tree or a library defines. An expression evaluates to a frozen set
of values; the empty set means *unknown*, and rules stay silent on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.model import ClassInfo, FunctionInfo, Scope
    from ci_gate.codemodel.syntax import Expr, Mapping


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module of this tree, by path."""

    path: str


@dataclass(frozen=True, slots=True)
class PackageValue:
    """A Python package directory without ``__init__`` (a namespace package), by path."""

    path: str


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of this tree; ``receiver`` is the class it was looked up on, if bound."""

    function: FunctionInfo
    receiver: ClassInfo | None = None


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of this tree itself."""

    cls: ClassInfo


@dataclass(frozen=True, slots=True)
class InstanceValue:
    """An object whose class is in this tree."""

    cls: ClassInfo


@dataclass(frozen=True, slots=True)
class ExternalValue:
    """Something out of a library, by the path taken to it.

    ``flask.Flask`` is the class, ``flask.Flask()`` what calling it gives, ``flask.Flask().route``
    its method. A parameter annotated ``AsyncSession`` is ``sqlalchemy.ext.asyncio.AsyncSession()``.
    JavaScript packages use their import name: ``express()``, ``express.Router()``,
    ``sequelize.Sequelize()``, ``@prisma/client.PrismaClient()``. A default import is the package
    itself, and ``import {x} from "p"`` is ``p.x``. Well-known aliases are brought to one canonical
    path (``codemodel/libraries.py``), so that ``sessionmaker(...)()``, ``scoped_session(...)()``
    and an annotated parameter are all ``sqlalchemy.orm.Session()``. ``*[]`` at the end of a path is
    an element of a collection.
    """

    path: str


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """A dict display or object literal in its scope, with its entries."""

    mapping: Mapping
    scope: Scope


@dataclass(frozen=True, slots=True)
class CollectionValue:
    """A list, tuple, set, or dict of like things: what iterating or indexing it gives."""

    element: Value


@dataclass(frozen=True, slots=True)
class TupleValue:
    """A sequence whose places are told apart: what each of them can be."""

    items: tuple[frozenset[Value], ...]


@dataclass(frozen=True, slots=True)
class CallableValue:
    """A callable known by what it returns (``Callable[[], UnitOfWork]``)."""

    returns: Value


@dataclass(frozen=True, slots=True)
class PartialValue:
    """``functools.partial(function, …)``, ``function.bind(…)``: calling it calls ``function``."""

    function: Value


@dataclass(frozen=True, slots=True)
class ConstantValue:
    """A known constant."""

    value: str | int | float | bool | bytes | None


@dataclass(frozen=True, slots=True)
class ExpressionValue:
    """An expression kept as it stands in its scope (a lambda-like thing no other value fits)."""

    expr: Expr
    scope: Scope


Value: TypeAlias = (
    ModuleValue | PackageValue | FunctionValue | ClassValue | InstanceValue | ExternalValue
    | ObjectValue | CollectionValue | TupleValue | CallableValue | PartialValue | ConstantValue
    | ExpressionValue
)  # fmt: skip

UNKNOWN: frozenset[Value] = frozenset()
