"""What a Prisma schema says: models, their fields, and which of them are unique together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal, TypeAlias

from ci_gate.data import dataclass

Kind = Literal["model", "view", "type"]

#: Types that the schema language has itself.
SCALARS: Final = frozenset({
    "String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """One argument of an attribute. ``text`` is a string's content or a word, ``call`` the name of
    a function, ``items`` what a list or a call has in it."""

    kind: Literal["text", "word", "list", "call"]
    text: str = ""
    items: tuple[tuple[str, Written], ...] = ()

    def words(self) -> tuple[str, ...]:
        """The names in a list: ``[userId, postId(sort: Desc)]``."""
        return tuple(item.text for _, item in self.items if item.kind in ("word", "call"))


Arguments: TypeAlias = tuple[tuple[str, Written], ...]


def argument(given: Arguments, name: str, *, first: bool = False) -> Written | None:
    """The argument of that name; with ``first`` also the one that has none."""
    for key, value in given:
        if key == name or (first and not key):
            return value
    return None


@dataclass(frozen=True, slots=True)
class PrismaField:
    """One field. ``target`` is the model that a relation leads to; ``keys`` are the fields of its
    own model that hold the key, ``references`` those of the target.

    ``known`` is false where the field is not in the client, or its type is not Prisma's own."""

    name: str
    type: str
    path: str
    line: int
    many: bool = False
    optional: bool = False
    column: str = ""
    unique: bool = False
    primary_key: bool = False
    default: bool = False
    renewed: bool = False
    target: str | None = None
    keys: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    relation_name: str | None = None
    known: bool = True

    @property
    def is_relation(self) -> bool:
        return self.target is not None


@dataclass(slots=True, eq=False)
class PrismaModel:
    """One model. ``uniques`` are the sets of fields that ``@@id`` and ``@@unique`` make unique
    together, by the name that the client gives them.

    ``known`` is false where a line of it could not be read."""

    name: str
    path: str
    line: int
    kind: Kind = "model"
    table: str = ""
    fields: dict[str, PrismaField] = field(default_factory=dict)
    uniques: dict[str, tuple[str, ...]] = field(default_factory=dict)
    primary: tuple[str, ...] = ()
    ignored: bool = False
    known: bool = True

    def __repr__(self) -> str:
        return f"<prisma model {self.name} at {self.path}:{self.line}>"

    @property
    def accessor(self) -> str:
        """The client's property for the model."""
        return self.name[:1].lower() + self.name[1:]

    def relations(self) -> list[PrismaField]:
        return [item for item in self.fields.values() if item.is_relation]

    def scalars(self) -> list[PrismaField]:
        return [item for item in self.fields.values() if not item.is_relation]

    def unique_names(self) -> list[str]:
        """What `findUnique` can ask by."""
        single = [item.name for item in self.fields.values() if item.unique or item.primary_key]
        return [*single, *self.uniques]


@dataclass(slots=True, eq=False)
class PrismaSchema:
    """One schema, of one file or of all files of a folder. ``complete`` is false where a block
    could not be read."""

    folder: str
    paths: tuple[str, ...]
    provider: str | None = None
    models: dict[str, PrismaModel] = field(default_factory=dict)
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    complete: bool = True

    def __repr__(self) -> str:
        return f"<prisma schema {', '.join(self.paths)}>"

    def of_accessor(self, name: str) -> PrismaModel | None:
        """The model that ``client.name`` asks."""
        for item in self.models.values():
            if item.accessor == name and item.kind != "type":
                return item
        return None

    def accessors(self) -> list[str]:
        return [item.accessor for item in self.models.values() if item.kind != "type"]

    def target(self, item: PrismaField) -> PrismaModel | None:
        return self.models.get(item.target) if item.target is not None else None
