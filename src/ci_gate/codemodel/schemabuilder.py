"""Putting a schema together out of entities, DDL in files and strings, and Alembic operations."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from typing import Final

from ci_gate.codemodel import ddl
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.migrations import builder_changes
from ci_gate.codemodel.entities import Entities, Entity
from ci_gate.codemodel.migrations.alembic import AlembicHistory, alembic_histories
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.schema import Schema, SchemaColumn, Source, Table, key_of
from ci_gate.codemodel.sequelize.naming import plural, snake
from ci_gate.codemodel.sql import HOLE
from ci_gate.codemodel.values import ConstantValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_TESTS: Final = regex(
    r"(?:^|/)(?:tests?|__tests__|spec|e2e|fixtures|node_modules|docs?|examples?|samples?)/"
    r"|(?:^|/)(?:test_[^/]*|conftest)\.py$|_test\.py$|\.(?:test|spec)\.[cm]?[jt]sx?$"
)
_DOWN_FILE: Final = regex(r"(?:^|[._/-])(?:down|rollback|undo|revert)(?:\.|$)", re.IGNORECASE)
_DDL: Final = regex(r"\b(?:create|alter|drop)\s+(?:\w+\s+){0,3}?(?:table|view)\b", re.IGNORECASE)
#: The same in small letters, and quick to find: all that has no such thing is passed over.
_LIKE_DDL: Final = regex(r"(?:create|alter|drop)\s+(?:\w+\s+){0,3}?(?:table|view)\b")
_STARTS: Final = regex(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:create|alter|drop|pragma|begin|set|insert|do|comment|grant)\b",
    re.IGNORECASE | re.DOTALL,
)
_REFLECTION: Final = regex(r"\b(?:automap_base|autoload_with|autoload=|\.reflect\()")
#: What was altered once is in the entities as they are now.
_HISTORY: Final = regex(r"(?:^|/)(?:migrations?|alembic|versions)/")
_MAX_FILE: Final = 400_000
_MAX_TEXTS: Final = 256
_MAX_VALUES: Final = 8


@dataclass(slots=True)
class _Draft:
    name: str
    path: str
    span: s.Span
    source: Source
    columns: dict[str, SchemaColumn] = field(default_factory=dict)
    complete: bool = True
    created: bool = True


class SchemaBuilder:
    """Collects tables. Where sources disagree, all of what they say counts: what is not in the
    schema is then in none of them. Dropped tables stay: scripts that clean up drop them all."""

    def __init__(self) -> None:
        self._tables: dict[str, _Draft] = {}
        self._complete = True
        self._any_altered = False
        self._altered_once = False
        self._keys: list[tuple[_Draft, str, str, str | None]] = []
        self._unplaced: set[str] = set()

    # --- entities ---

    def add_entities(self, entities: Entities) -> None:
        mapped = [entity for entity in entities if not entity.abstract]
        stubs = [item for item in mapped if _HISTORY.search(item.path) or _TESTS.search(item.path)]
        mapped = [entity for entity in mapped if entity not in stubs]
        for entity in mapped:
            if entity.table is not None:
                self._entity(entity, entity.table)
            elif entity.columns or not entity.known:
                self._complete = False
                self._unplaced.update(_possible_tables(entity.name))
        for entity in mapped:
            self._association_tables(entity)
        for entity in stubs:
            if entity.table is not None and key_of(entity.table) not in self._tables:
                self._entity(entity, entity.table)
                self._tables[key_of(entity.table)].complete = False

    def _entity(self, entity: Entity, table: str) -> None:
        draft = self._draft(table, entity.path, entity.span, "entity")
        draft.complete = draft.complete and entity.known and bool(entity.columns)
        for column in entity.columns.values():
            draft.columns[column.column.lower()] = SchemaColumn(
                column.column, column.type, column.path, column.span[0], column.nullable,
                column.foreign_key, column.primary_key, exact=True,
            )  # fmt: skip

    def _association_tables(self, entity: Entity) -> None:
        for relation in entity.relations.values():
            if relation.secondary is not None and key_of(relation.secondary) not in self._tables:
                implied = self._draft(relation.secondary, entity.path, relation.span, "entity")
                implied.complete = False

    def _draft(
        self, name: str, path: str, span: s.Span, source: Source, *, created: bool = True
    ) -> _Draft:
        key = key_of(name)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = _Draft(name, path, span, source, created=created)
        elif created and not found.created:
            found.created, found.path, found.span, found.source = True, path, span, source
        return found

    # --- DDL and migrations ---

    def add_sources(self, model: CodeModel) -> None:
        for path in sorted(model.tree.files, key=_in_order):
            if path.endswith(".sql") and not _TESTS.search(path) and not _DOWN_FILE.search(path):
                self._file(model, path)
        written: list[tuple[ddl.Change, str, int]] = []
        for path in sorted(model.modules):
            if not _TESTS.search(path):
                written.extend(self._module(model, path))
        # strings stand in no order: what makes a table comes before what changes it
        written.sort(key=lambda item: not isinstance(item[0], ddl.CreateTable))
        for change, path, before in written:
            self.apply(change, path, before, in_order=False)
        for item in builder_changes(model):
            self.apply(item.change, item.path, 0, in_order=item.in_order)
        for history in alembic_histories(model):
            self._history(history)

    def _file(self, model: CodeModel, path: str) -> None:
        try:
            text = model.tree.text(path)
        except (OSError, UnicodeError):
            self._complete = False
            return
        if not _DDL.search(text):
            return
        if len(text) > _MAX_FILE:
            self._complete = False
            return
        for change in ddl.changes(text, None):
            self.apply(change, path, 0, in_order=True)

    def _module(self, model: CodeModel, path: str) -> Iterator[tuple[ddl.Change, str, int]]:
        module = model.modules[path]
        try:
            text = model.tree.text(path)
        except (OSError, UnicodeError):
            return
        if ("autoload" in text or "automap" in text or ".reflect(" in text) and _REFLECTION.search(
            text
        ):
            self._complete = False
        if _LIKE_DDL.search(text.lower()):
            for written, line in _texts(model, module):
                for change in ddl.changes(written, None):
                    yield change, path, line - 1

    def apply(self, change: ddl.Change, path: str, before: int, *, in_order: bool) -> None:
        """``before``: lines before the text. ``in_order``: what is dropped or renamed is gone."""
        match change:
            case ddl.CreateTable():
                span = (change.line + before, 1, change.line + before, 1)
                draft = self._draft(change.name, path, span, "ddl")
                draft.complete = draft.complete and change.complete
                again = bool(draft.columns)
                self._add(draft, change.columns, path, before, first=not again)
                if again:
                    _keep_required(draft, change)
                for parent in change.like:
                    self._like(draft, parent)
            case ddl.AddColumns(table=table, columns=columns):
                self._add(self._altered(table, path, before), columns, path, before)
            case ddl.AddForeignKey():
                draft = self._altered(change.table, path, before)
                for number, name in enumerate(change.columns):
                    targets = change.target_columns
                    column = targets[number] if number < len(targets) else None
                    self._keys.append((draft, name.lower(), change.target, column))
            case ddl.RenameColumn(table=table, old=old, new=new, quoted=quoted):
                draft = self._altered(table, path, before)
                before_it = draft.columns.get(old.lower())
                if in_order:
                    draft.columns.pop(old.lower(), None)
                draft.columns[new.lower()] = (
                    replace(before_it, name=new, exact=quoted)
                    if before_it is not None
                    else SchemaColumn(new, None, path, before + 1, exact=quoted)
                )
            case ddl.DropColumn(table=table, name=name) if in_order:
                self._altered(table, path, before).columns.pop(name.lower(), None)
            case ddl.RenameTable(old=old, new=new):
                self._rename(old, new, path, before, in_order=in_order)
            case ddl.Unread(table=None, alters=alters):
                self._complete = False
                if alters and _HISTORY.search(path):
                    self._altered_once = True
                elif alters:
                    self._any_altered = True
            case ddl.Unread(table=str(table)):
                draft = self._altered(table, path, before)
                if draft.source != "entity" or not _HISTORY.search(path):
                    draft.complete = False

    def _altered(self, table: str, path: str, before: int) -> _Draft:
        """A table that a statement changes; not complete unless something also creates it."""
        span = (before + 1, 1, before + 1, 1)
        return self._draft(table, path, span, "ddl", created=False)

    def _rename(self, old: str, new: str, path: str, before: int, *, in_order: bool) -> None:
        """A table goes by another name, in the same schema as before. One that has that name
        already may be either of the two."""
        schema, dot, _ = old.rpartition(".")
        if dot and "." not in new:
            new = f"{schema}.{new}"
        found = self._altered(old, path, before)
        if in_order or not found.created:
            self._tables.pop(key_of(old), None)
        target = self._tables.get(key_of(new))
        if target is None or not target.created:
            copy = found if in_order else replace(found, columns=dict(found.columns))
            copy.name = new
            own = [key for key in self._keys if key[0] is found and copy is not found]
            self._keys.extend((copy, name, to, column) for _, name, to, column in own)
            self._tables[key_of(new)] = copy
        elif found.created:
            target.columns = {**found.columns, **target.columns}

    def _like(self, draft: _Draft, parent: str) -> None:
        found = self._tables.get(key_of(parent))
        if found is None:
            draft.complete = False
        else:
            draft.columns = {**found.columns, **draft.columns}
            draft.complete = draft.complete and found.complete

    def _add(
        self, draft: _Draft, columns: tuple[ddl.ColumnSpec, ...], path: str, before: int,
        *, first: bool = False,
    ) -> None:  # fmt: skip
        for column in columns:
            if HOLE in column.name:
                draft.complete = False
                continue
            key = column.name.lower()
            if key not in draft.columns or draft.columns[key].type is None:
                draft.columns[key] = SchemaColumn(
                    column.name, column.type, path, before + column.line, column.nullable, None,
                    column.primary_key, column.quoted, first and _is_required(column),
                )  # fmt: skip
            if column.references is not None:
                self._keys.append((draft, key, *column.references))

    def _history(self, history: AlembicHistory) -> None:
        """The tables that Alembic's revisions leave. What an entity says of its table goes first;
        a column that only a revision has is there too."""
        sure = history.complete and not history.unknown_sql
        self._complete = self._complete and sure
        for table in history.tables.values():
            span = (table.line, 1, table.line, 1)
            known = key_of(table.name) in self._tables
            draft = self._draft(table.name, table.path, span, "migration")
            if not known:
                draft.complete = sure and table.complete
            for column in table.columns.values():
                draft.columns.setdefault(
                    column.name.lower(),
                    SchemaColumn(column.name, None, column.path, column.line, exact=True),
                )

    # --- the result ---

    def schema(self) -> Schema:
        self._resolve_keys()
        unsure = {
            key
            for key, draft in self._tables.items()
            if self._any_altered
            or (self._altered_once and draft.source != "entity")
            or key in self._unplaced
        }
        tables = {
            key: Table(
                draft.name, draft.path, draft.span,
                {column.name: column for column in draft.columns.values()}, draft.source,
                draft.complete and draft.created and bool(draft.columns) and key not in unsure,
            )
            for key, draft in self._tables.items()
        }  # fmt: skip
        return Schema(tables, self._complete and bool(tables))

    def _resolve_keys(self) -> None:
        for draft, name, target, column in self._keys:
            own = draft.columns.get(name)
            if own is None:
                continue
            other = column or self._primary_key(target)
            if other is not None:
                draft.columns[name] = replace(own, references=f"{key_of(target)}.{other}")

    def _primary_key(self, table: str) -> str | None:
        found = self._tables.get(key_of(table))
        keys = [c.name for c in found.columns.values() if c.primary_key] if found else []
        return keys[0] if len(keys) == 1 else None


def _is_required(column: ddl.ColumnSpec) -> bool:
    """Is a row refused that is given no value for the column?"""
    return column.nullable is False and not column.filled and not column.primary_key


def _keep_required(draft: _Draft, change: ddl.CreateTable) -> None:
    """A table that is written down twice: both have to ask for the column."""
    asked = {item.name.lower() for item in change.columns if _is_required(item)}
    for key, column in draft.columns.items():
        if column.required and key not in asked:
            draft.columns[key] = replace(column, required=False)


def _possible_tables(name: str) -> Iterator[str]:
    """The tables that an entity may be of, where it is not known which."""
    for form in (name, plural(name)):
        yield form.lower()
        yield snake(form).lower()


def _in_order(path: str) -> list[tuple[int, str]]:
    """Files in the order in which numbered migrations run."""
    return [
        (int(part), "") if part.isdigit() else (0, part)
        for part in re.split(r"(\d+)", path)
        if part
    ]


def _texts(model: CodeModel, module: s.Module) -> Iterator[tuple[str, int]]:
    """The strings of a module that hold DDL, with the line on which each begins."""
    inside: set[s.Node] = set()
    for node in s.walk(module):
        if node in inside:
            continue
        texts: Iterable[str]
        if isinstance(node, s.Template):
            inside.update(node.parts)
            choices = [_part(model, part) for part in node.parts]
            if math.prod(map(len, choices)) > _MAX_TEXTS:
                choices = [item if len(item) == 1 else [f"{HOLE}0"] for item in choices]
            texts = map("".join, itertools.product(*choices))
        elif isinstance(node, s.Literal) and isinstance(node.value, str):
            texts = (node.value,)
        else:
            continue
        for text in texts:
            if _STARTS.match(text) and _DDL.search(text):
                yield text, node.line


def _part(model: CodeModel, part: s.Expr) -> list[str]:
    """What a part of a template can be; a hole where that is not known."""
    if isinstance(part, s.Literal):
        return [str(part.value)]
    values = model.evaluate(part)
    if 0 < len(values) < _MAX_VALUES:
        known = [value.value for value in values if isinstance(value, ConstantValue)]
        texts = sorted(str(value) for value in known if isinstance(value, str | int))
        if len(texts) == len(values):
            return texts
    return [f"{HOLE}0"]
