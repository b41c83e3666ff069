"""Which values a column or relation is due, and which a value of the program is."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel.dataflow.domain import ColumnRef, Field, Item, RelationRef
from ci_gate.codemodel.entities import Column, Entities, Entity
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ClassValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

NAMES: Final = frozenset({
    "username", "email", "name", "slug", "title", "first_name", "last_name", "full_name",
    "fullname", "display_name", "nickname", "handle", "login", "bio", "description", "body",
    "password", "about", "image", "avatar",
})  # fmt: skip
_LIKE_A_KEY: Final = regex(
    r"(?:^|_)(?:ids?|pk|uuid|guid|key|ref|reference|code|number|no|num|nr|token|hash|sku|value|"
    r"object|subject|sub|external|legacy|data|content|raw|text)$|^external_|^remote_"
)
_KEYS: Final = frozenset({"integer", "uuid"})
_MAX_HOPS: Final = 4


@dataclass(frozen=True, slots=True)
class Due:
    """What is wanted beside ``label``: values of ``column``, which ``owner`` has. ``entity`` is
    what a foreign key leads to (its own key may in turn be one). ``key``: ``label`` is a foreign
    key or relation; ``relation``: the relation itself."""

    label: str
    entity: Entity
    owner: Entity
    column: Column
    place: Column | None
    key: bool = False
    relation: bool = False


class Values:
    """What is known of the columns of one program."""

    def __init__(self, model: CodeModel, entities: Entities) -> None:
        self._model = model
        self._entities = entities
        self._tables: dict[str, list[Entity]] = {}
        for entity in entities:
            if entity.table is not None and not entity.abstract:
                self._tables.setdefault(entity.table, []).append(entity)

    def due(self, item: Item | None) -> Due | None:
        """What has to stand beside the column or relation in a comparison."""
        if isinstance(item, RelationRef):
            return self.of_name(item.table.entity, item.relation)
        if isinstance(item, ColumnRef):
            return self.of_name(item.table.entity, item.column)
        return None

    def of_name(self, entity: Entity, name: str) -> Due | None:
        """What ``name`` of ``entity`` takes."""
        column, relation = entity.columns.get(name), entity.relations.get(name)
        if column is None and relation is not None and len(relation.columns) == 1:
            column = entity.columns.get(relation.columns[0])
        target: tuple[Entity, Column] | None = None
        if column is not None:
            target = self._referred(column) if column.foreign_key is not None else (entity, column)
        elif relation is not None and not relation.columns:
            other = self._entities.target(entity, name)
            keys = other.primary_key() if other is not None else ()
            target = (other, keys[0]) if other is not None and len(keys) == 1 else None
        found = self.origin(*target) if target is not None else None
        if target is None or found is None:
            return None
        key = column is None or column.foreign_key is not None
        return Due(f"{entity.name}.{name}", target[0], *found, column, key,
                   name not in entity.columns)  # fmt: skip

    def _referred(self, column: Column) -> tuple[Entity, Column] | None:
        """The column that a foreign key refers to."""
        table, _, name = (column.foreign_key or "").rpartition(".")
        found = self._tables.get(table, [])
        if len(found) != 1:
            return None
        columns = [item for item in found[0].columns.values() if item.column == name]
        return (found[0], columns[0]) if len(columns) == 1 else None

    def origin(self, entity: Entity, column: Column) -> tuple[Entity, Column] | None:
        """The column whose value a foreign key holds; the column itself where it is none."""
        for _ in range(_MAX_HOPS):
            if column.foreign_key is None:
                return entity, column
            found = self._referred(column)
            if found is None:
                return None
            entity, column = found
        return None

    def of_field(self, item: Field) -> tuple[Entity, Column] | None:
        column = item.entity.columns.get(item.column)
        return self.origin(item.entity, column) if column is not None else None

    def is_wrong(self, due: Due, entity: Entity, column: Column) -> bool:
        """Values of ``column`` are surely none that ``due`` takes."""
        if due.column is column or due.column.type is None or column.type is None:
            return False
        same = self.are_kin(due.owner, entity)
        if due.column.type in _KEYS and column.type == "text":
            return due.column.primary_key and self._is_name(column, same)
        if due.column.type == "text" and column.type in _KEYS:
            return column.primary_key and self._is_name(due.column, same)
        if due.column.type in _KEYS and column.type in _KEYS:
            return due.key and due.column.primary_key and column.primary_key and not same
        return False

    def _is_name(self, column: Column, same: bool) -> bool:
        """The text is one for people, no key in writing."""
        if _LIKE_A_KEY.search(column.name):
            return False
        return same or column.name in NAMES

    def are_kin(self, one: Entity, other: Entity) -> bool:
        """One of the two is a kind of the other, or both are mapped to one table."""
        if one is other or (one.table is not None and one.table == other.table):
            return True
        if one.cls is None or other.cls is None:
            return False
        return any(
            ClassValue(base) in self._model.ancestors(cls)
            for cls, base in ((one.cls, other.cls), (other.cls, one.cls))
        )
