"""What TypeORM is told of an entity: its columns, embedded objects and relations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.model import ClassInfo, Scope
from ci_gate.data import dataclass

Kind = Literal["many-to-one", "one-to-many", "many-to-many", "one-to-one"]


@dataclass(frozen=True, slots=True)
class TypeormColumn:
    """One column. ``column`` is the name that is written for the database, None where TypeORM makes
    it of the property's."""

    name: str
    path: str
    span: s.Span
    type: ColumnType | None = None
    column: str | None = None
    nullable: bool | None = False
    primary_key: bool = False
    unique: bool = False
    default: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TypeormRelation:
    """One relation. ``inverse`` is the property that it names on the other side, at
    ``inverse_node``; ``owns`` tells whether its own table holds the key, in ``keys`` (empty: as
    TypeORM names it; None: not known). ``known`` is false where its arguments could not be read."""

    name: str
    kind: Kind
    path: str
    span: s.Span
    scope: Scope
    target: str | None = None
    target_cls: ClassInfo | None = None
    inverse: str | None = None
    inverse_node: s.Expr | None = None
    owns: bool = False
    keys: tuple[str, ...] | None = ()
    join_table: str | None = None
    eager: bool = False
    lazy: bool = False
    nullable: bool = True
    known: bool = True

    @property
    def many(self) -> bool:
        return self.kind in ("one-to-many", "many-to-many")


@dataclass(slots=True, eq=False)
class TypeormEntity:
    """One entity, or the class of an embedded object (``embedded``: by property).

    ``others`` are the members that no decorator of TypeORM maps, ``undecorated`` those of them that
    carry none at all. ``known`` is false where a base, a decorator or an option may map more;
    ``named`` where the names of table and columns in the database are as TypeORM makes them.
    """

    name: str
    path: str
    span: s.Span
    cls: ClassInfo | None = None
    table: str | None = None
    columns: dict[str, TypeormColumn] = field(default_factory=dict)
    relations: dict[str, TypeormRelation] = field(default_factory=dict)
    embedded: dict[str, TypeormEntity | None] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    undecorated: set[str] = field(default_factory=set)
    is_entity: bool = True
    view: bool = False
    tree: bool = False
    known: bool = True

    def __repr__(self) -> str:
        return f"<typeorm entity {self.name} at {self.path}:{self.span[0]}>"

    def has(self, name: str) -> bool:
        """May a find option name the property?"""
        return (
            name in self.columns
            or name in self.relations
            or name in self.embedded
            or (name in self.others and name not in self.undecorated)
        )

    def properties(self) -> list[str]:
        return [*self.columns, *self.relations, *self.embedded]

    def table_columns(self) -> Mapping[str, TypeormColumn]:
        """The columns by their name in the database, as far as that is written or plain."""
        return {item.column or item.name: item for item in self.columns.values()}
