"""What is known of a Sequelize model and its associations."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.model import ClassInfo, Scope
from ci_gate.codemodel.sequelize.naming import plural, singular
from ci_gate.data import dataclass

Dialect = Literal["postgres", "sqlite", "mysql", "mariadb", "mssql", "oracle", "db2", "snowflake"]
Kind = Literal["belongsTo", "hasOne", "hasMany", "belongsToMany"]


@dataclass(frozen=True, slots=True, eq=False)
class ModelAttribute:
    """One attribute; ``field`` is its column's name where the declaration says it."""

    name: str
    path: str
    span: s.Span
    type: ColumnType | None = None
    field: str | None = None
    nullable: bool | None = None
    primary_key: bool = False
    unique: bool = False
    default: bool = False
    references: str | None = None
    virtual: bool = False
    implied: bool = False


@dataclass(slots=True, eq=False)
class SequelizeModel:
    """A model: a class that ``init`` or a decorator maps, or what ``define`` gives.

    ``known``: no attribute is hidden from sight. ``associated``: no association is.
    ``accessors`` are getters, setters and methods of the class or the options. ``underscored`` is
    None, and ``table`` too, where the settings they come from could not be read.
    """

    name: str
    path: str
    span: s.Span
    call: s.Call | None = None
    cls: ClassInfo | None = None
    table: str | None = None
    attributes: dict[str, ModelAttribute] = field(default_factory=dict)
    accessors: set[str] = field(default_factory=set)
    associations: list[Association] = field(default_factory=list)
    known: bool = True
    associated: bool = True
    underscored: bool | None = False
    plural: str = ""
    singular: str = ""
    abstract: bool = False

    def __post_init__(self) -> None:
        self.plural = self.plural or plural(self.name)
        self.singular = self.singular or singular(self.name)

    def __repr__(self) -> str:
        return f"<model {self.name} at {self.path}:{self.span[0]}>"

    @property
    def decorated(self) -> bool:
        """It is mapped by the decorators of sequelize-typescript."""
        return self.cls is not None and self.call is None

    def primary_key(self) -> str | None:
        """The only attribute of the primary key."""
        keys = [item.name for item in self.attributes.values() if item.primary_key]
        return keys[0] if len(keys) == 1 else None

    def to(self, target: SequelizeModel) -> list[Association]:
        """The associations that lead to ``target``."""
        return [item for item in self.associations if item.target is target]

    def alias(self, name: str) -> Association | None:
        """The association of that name."""
        return next((item for item in self.associations if item.name == name), None)


@dataclass(slots=True, eq=False)
class Association:
    """One association. ``alias`` is its ``as``; ``name`` that, or what Sequelize makes of the
    target's name. ``through`` is a model, or the name of a table that Sequelize makes."""

    kind: Kind
    source: SequelizeModel
    target: SequelizeModel
    path: str
    node: s.Node
    scope: Scope
    alias: str | None = None
    through: SequelizeModel | str | None = None
    foreign_key: str | None = None
    other_key: str | None = None
    target_key: str | None = None

    @property
    def many(self) -> bool:
        return self.kind in ("hasMany", "belongsToMany")

    @property
    def name(self) -> str:
        if self.alias is not None:
            return self.alias
        return self.target.plural if self.many else self.target.singular

    @property
    def one_name(self) -> str:
        """The name in the singular, as in ``addTag``."""
        if self.alias is not None:
            return singular(self.alias) if self.many else self.alias
        return self.target.singular

    def accessors(self) -> set[str]:
        """The methods that the association adds to its source's instances."""
        many, one = _capital(self.name), _capital(self.one_name)
        if not self.many:
            return {f"get{many}", f"set{many}", f"create{many}"}
        return {
            f"get{many}", f"set{many}", f"add{many}", f"add{one}", f"create{one}", f"remove{one}",
            f"remove{many}", f"has{one}", f"has{many}", f"count{many}",
        }  # fmt: skip


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
