"""What is known of an entity: its columns and relations, whatever ORM maps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import ClassInfo
from ci_gate.data import dataclass

#: The kind of value a column holds, over all ORMs and SQL dialects.
ColumnType = Literal[
    "integer", "float", "decimal", "text", "boolean", "datetime", "datetime-tz", "date", "time",
    "interval", "json", "array", "uuid", "binary", "enum",
]  # fmt: skip

#: When a relation's objects are loaded: ``lazy`` on first access (one query), ``joined``,
#: ``selectin``, ``subquery``, ``immediate`` with the owner, ``raise`` never (access fails),
#: ``dynamic`` and ``write-only`` through a query of their own, ``none`` not at all.
Loading = Literal[
    "lazy", "joined", "selectin", "subquery", "immediate", "raise", "dynamic", "write-only", "none"
]


#: What the ORM does with related objects that refer to an owner which it deletes: it sets their key
#: to NULL, deletes them too, or leaves them to the database.
OwnerDeleted = Literal["nulled", "deleted", "left"]


@dataclass(frozen=True, slots=True)
class Column:
    """One mapped column. None in a field: not known.

    ``name`` is the attribute of the class, ``column`` the name in the table. ``default`` tells
    whether a value arises without being given (Python side, server side or auto-increment).
    ``foreign_key`` is ``table.column`` as the database names it; Django's ``author =
    ForeignKey(User)`` is a relation ``author`` and a column ``author_id``. ``renewed``: with each
    UPDATE the database gives it a new value, which the ORM does not know.
    """

    name: str
    column: str
    type: ColumnType | None
    path: str
    span: s.Span
    nullable: bool | None = None
    primary_key: bool = False
    unique: bool = False
    default: bool = False
    foreign_key: str | None = None
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """One mapped relation; ``target`` is an entity's name, None when not known.

    ``many``: it holds a collection. ``back`` names the attribute on the other side
    (``back_populates``, ``backref``, ``related_name``). ``implied``: no class body defines it,
    the other side does (a ``backref``, Django's ``comment_set``). ``secondary`` is the association
    table. ``columns`` are the local foreign key columns as far as they are known. ``lookup`` is its
    name in queries where that is another one (Django's ``comment_set`` is ``comment`` there).
    ``owner_deleted``: what becomes of its objects when the ORM deletes their owner (None: not
    known).
    """

    name: str
    target: str | None
    many: bool | None
    path: str
    span: s.Span
    target_cls: ClassInfo | None = None
    loading: Loading = "lazy"
    back: str | None = None
    secondary: str | None = None
    columns: tuple[str, ...] = ()
    implied: bool = False
    lookup: str | None = None
    owner_deleted: OwnerDeleted | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """An ORM-mapped class, or a table or model object.

    ``abstract`` ones have no table. ``columns`` and ``relations`` are by attribute name, inherited
    ones included. ``known`` is false where the class has attributes that cannot all be seen: an
    unresolved base or decorator, ``__getattr__``, ``setattr``, automap; rules that say "no such
    attribute" are silent then. ``cls`` is None for ``Table(...)`` and other objects.
    ``fetches_updates``: an UPDATE brings back what the database worked out (SQLAlchemy's
    ``eager_defaults``; None: not known).
    """

    name: str
    kind: str
    path: str
    span: s.Span
    cls: ClassInfo | None = None
    table: str | None = None
    abstract: bool = False
    columns: Mapping[str, Column] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    known: bool = False
    fetches_updates: bool | None = False

    def __repr__(self) -> str:
        return f"<entity {self.name} at {self.path}:{self.span[0]}>"

    def primary_key(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns.values() if column.primary_key)
