"""What DDL text does to a schema, statement by statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from itertools import pairwise
from typing import Final, TypeAlias

from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.sql import HOLE, parse_script
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.sqllex import opaque, without_opaque
from ci_gate.codemodel.sqlscope import analyse
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.data import dataclass
from ci_gate.regex import regex


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column as DDL defines it; ``references`` is ``(table, column)``, column None for its key.

    ``quoted``: upper and lower case count. ``filled``: a row that is given no value for it gets
    one, by a default, a sequence or an expression; also where that may be so.
    """

    name: str
    type: ColumnType | None = None
    nullable: bool | None = None
    primary_key: bool = False
    references: tuple[str, str | None] | None = None
    quoted: bool = False
    line: int = 1
    filled: bool = False


@dataclass(frozen=True, slots=True)
class CreateTable:
    name: str
    columns: tuple[ColumnSpec, ...] = ()
    complete: bool = True
    line: int = 1
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddColumns:
    table: str
    columns: tuple[ColumnSpec, ...]


@dataclass(frozen=True, slots=True)
class AddForeignKey:
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DropColumn:
    table: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameColumn:
    table: str
    old: str
    new: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class RenameTable:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DropTable:
    name: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A statement that is not understood; ``table`` None: about any of them. ``alters``: it may
    change a table that is there (else it may make one)."""

    table: str | None = None
    alters: bool = False


Change: TypeAlias = (
    CreateTable | AddColumns | AddForeignKey | DropColumn | RenameColumn | RenameTable | DropTable
    | Unread
)  # fmt: skip

_INTERESTING: Final = regex(
    r"\s*(?:create\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|virtual|foreign|"
    r"recursive|materialized)\s+)*(?P<kind>table|view)\b|alter\s+(?P<alter>table|view)\b|"
    r"drop\s+(?:materialized\s+)?(?:table|view)\b|(?P<block>do)\b)",
    re.IGNORECASE,
)
_NAME: Final = (
    r"(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?([\"`\[]?[\w.]+[\"`\]]?(?:\.[\"`]?\w+[\"`]?)?)"
)
_NAMED: Final = regex(
    r"\s*(?:create|alter)\s+.*?\b(?:table|view)\s+" + _NAME, re.IGNORECASE | re.DOTALL
)
_DOWN: Final = regex(
    r"^--\s*(?:\+goose\s+down|migrate:down|rollback\b|@?undo|down\b).*",
    re.IGNORECASE | re.MULTILINE,
)
_MAX_STATEMENTS: Final = 3000


@dataclass(slots=True)
class Piece:
    """One statement of a script, with the line that it begins on."""

    text: str
    line: int


def split(text: str) -> list[Piece]:
    """The statements of a script."""
    down = _DOWN.search(text)
    if down is not None:
        text = text[: down.start()]
    spans = opaque(text)
    found: list[Piece] = []
    start = position = 0
    for low, high in [*spans, (len(text), len(text))]:
        cut = text.find(";", position, low)
        while cut >= 0:
            _append(found, text, start, cut)
            start = position = cut + 1
            cut = text.find(";", position, low)
        position = high
    _append(found, text, start, len(text))
    return found[:_MAX_STATEMENTS]


#: A new statement where the one before has lost its semicolon, as editors that run them one by one
#: let it be.
_NEXT: Final = regex(r"\)\s*\n\s*(?=create\s+table\b)", re.IGNORECASE)


def _append(found: list[Piece], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if not piece.strip():
        return
    cuts = [match.end() for match in _NEXT.finditer(without_opaque(piece))]
    for low, high in pairwise([0, *cuts, len(piece)]):
        part = piece[low:high]
        lead = len(part) - len(part.lstrip())
        found.append(Piece(part, text.count("\n", 0, start + low + lead) + 1))


def changes(text: str, dialect: Dialect | None) -> Iterator[Change]:
    """What the DDL statements of a text do, in their order."""
    for piece in split(text):
        bare = without_opaque_start(piece.text)
        interesting = _INTERESTING.match(bare)
        if interesting is None:
            continue
        if interesting["block"] is not None:
            yield from _block(piece, dialect)
            continue
        yield from _statement(piece, bare, dialect)


_IN_BLOCK: Final = regex(r"\b(?:create|alter)\s+table\b[^;]*;", re.IGNORECASE)


def _block(piece: Piece, dialect: Dialect | None) -> Iterator[Change]:
    """What a ``DO $$ … $$`` may do: each of its statements stands under some condition."""
    if re.search(r"\bexecute\b[^;]*\btable\b", piece.text, re.IGNORECASE):
        yield Unread(alters=True)
    for match in _IN_BLOCK.finditer(piece.text):
        line = piece.line + piece.text.count("\n", 0, match.start())
        yield from _statement(Piece(match[0].rstrip(";"), line), match[0], dialect)


def without_opaque_start(text: str) -> str:
    """The text behind the comments that it begins with."""
    blank = without_opaque(text)
    return text[len(blank) - len(blank.lstrip()) :] if blank.strip() else ""


def _statement(piece: Piece, bare: str, dialect: Dialect | None) -> Iterator[Change]:
    parsed = parse_script(piece.text, dialect)
    if parsed.error is not None and dialect is not None:
        parsed = parse_script(piece.text, None)
    if parsed.error is not None or not parsed.statements:
        yield from _unread(bare)
        return
    for statement in parsed.statements:
        if isinstance(statement, exp.Create):
            yield from _create(statement, piece)
        elif isinstance(statement, exp.Alter):
            yield from _alter(statement, bare, piece)
        elif isinstance(statement, exp.Drop) and str(statement.args.get("kind")).upper() in (
            "TABLE",
            "VIEW",
        ):
            for table in statement.args.get("tables") or ():
                yield DropTable(_table_name(table))
        elif isinstance(statement, exp.Command):
            yield from _unread(bare)


#: What an ALTER must hold to change which columns there are.
_COLUMNS_CHANGE: Final = regex(
    r"\b(?:change|modify|inherit|attach)\b|\brename\s+(?!to\b|constraint\b)|"
    r"\badd\s+(?!(?:constraint|primary|foreign|unique|check|index|key)\b)",
    re.IGNORECASE,
)


def _unread(bare: str) -> Iterator[Change]:
    is_alter = bare.lstrip().lower().startswith("alter")
    alters = is_alter and _COLUMNS_CHANGE.search(without_opaque(bare)) is not None
    if is_alter and not alters and not re.search(r"\brename\b", bare, re.IGNORECASE):
        return
    named = _NAMED.match(bare)
    table = _plain(named[1]) if named is not None else None
    if table is not None and HOLE in table:
        table = None
    yield Unread(table, alters=alters)


def _plain(name: str) -> str:
    return re.sub(r"[\"`\[\]]", "", name)


def _table_name(node: exp.Expr) -> str:
    if isinstance(node, exp.Schema):
        node = node.this
    if isinstance(node, exp.Table):
        return f"{node.db}.{node.name}" if node.db else node.name
    return node.name


# --- CREATE --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    columns: list[ColumnSpec] = field(default_factory=list)
    complete: bool = True
    like: list[str] = field(default_factory=list)


def _create(node: exp.Create, piece: Piece) -> Iterator[Change]:
    if str(node.kind).upper() not in ("TABLE", "VIEW"):
        return
    name = _table_name(node.this)
    if HOLE in name:
        yield Unread()
        return
    draft = _Draft()
    if isinstance(node.this, exp.Schema):
        _columns(node.this.expressions, draft, piece)
    properties = node.args.get("properties")
    for item in properties.expressions if properties is not None else ():
        if isinstance(item, exp.InheritsProperty):
            draft.like.extend(_table_name(parent) for parent in item.expressions)
        elif isinstance(item, exp.PartitionedOfProperty):
            draft.like.append(_table_name(item.this))
        elif type(item).__name__ in ("VirtualProperty", "ModuleProperty"):
            draft.complete = False
    if isinstance(node.expression, exp.Query):
        _results(node.expression, draft)
    elif not isinstance(node.this, exp.Schema) and not draft.like:
        draft.complete = False
    yield CreateTable(name, tuple(draft.columns), draft.complete, piece.line, tuple(draft.like))


def _results(query: exp.Expr, draft: _Draft) -> None:
    """The columns of a view or CREATE TABLE AS."""
    if draft.columns:
        return
    analysis = analyse(query)
    select = query
    while isinstance(select, exp.SetOperation | exp.Subquery):
        select = select.this
    if analysis is None or not isinstance(select, exp.Select):
        draft.complete = False
        return
    for projection in select.expressions:
        name = projection.alias_or_name
        named = isinstance(projection, exp.Alias | exp.Column)
        if not named or name == "*" or HOLE in name:
            draft.complete = False
        else:
            draft.columns.append(ColumnSpec(name))


def _columns(nodes: Sequence[exp.Expr], draft: _Draft, piece: Piece) -> None:
    keys: set[str] = set()
    references: dict[str, tuple[str, str | None]] = {}
    for node in nodes:
        if isinstance(node, exp.Constraint):
            _table_constraints(node.expressions, keys, references)
        elif isinstance(node, exp.ColumnDef):
            draft.columns.append(_column(node, piece))
        elif isinstance(node, exp.Identifier):
            draft.columns.append(ColumnSpec(node.name, quoted=bool(node.args.get("quoted"))))
        elif isinstance(node, exp.LikeProperty):
            draft.like.append(_table_name(node.this))
        else:
            _table_constraints([node], keys, references)
        if HOLE in node.name:
            draft.complete = False
    draft.columns = [
        replace(
            item,
            primary_key=item.primary_key or item.name.lower() in keys,
            references=item.references or references.get(item.name.lower()),
        )
        for item in draft.columns
    ]


def _table_constraints(
    nodes: Sequence[exp.Expr], keys: set[str], references: dict[str, tuple[str, str | None]]
) -> None:
    for node in nodes:
        if isinstance(node, exp.PrimaryKey):
            keys.update(item.name.lower() for item in node.expressions)
        elif isinstance(node, exp.ForeignKey):
            target, columns = _reference(node.args.get("reference"))
            if target is None:
                continue
            for number, item in enumerate(node.expressions):
                column = columns[number] if number < len(columns) else None
                references[item.name.lower()] = (target, column)


def _reference(node: exp.Expr | None) -> tuple[str | None, tuple[str, ...]]:
    if not isinstance(node, exp.Reference):
        return None, ()
    target = node.this
    columns: tuple[str, ...] = ()
    if isinstance(target, exp.Schema):
        columns = tuple(item.name for item in target.expressions)
    return _table_name(target), columns


def _column(node: exp.ColumnDef, piece: Piece) -> ColumnSpec:
    nullable: bool | None = True
    primary = False
    references: tuple[str, str | None] | None = None
    for constraint in node.args.get("constraints") or ():
        kind = constraint.args.get("kind") if isinstance(constraint, exp.ColumnConstraint) else None
        if isinstance(kind, exp.NotNullColumnConstraint):
            nullable = bool(kind.args.get("allow_null"))
        elif isinstance(kind, exp.PrimaryKeyColumnConstraint):
            primary, nullable = True, False
        elif isinstance(kind, exp.Reference):
            target, columns = _reference(kind)
            if target is not None:
                references = (target, columns[0] if columns else None)
    line = node.this.meta.get("line") if isinstance(node.this, exp.Identifier) else None
    head = piece.text[: len(piece.text) - len(piece.text.lstrip())].count("\n")
    return ColumnSpec(
        node.name, column_type(node.args.get("kind")), nullable, primary, references,
        bool(node.this.args.get("quoted")),
        piece.line + line - 1 - head if isinstance(line, int) else piece.line,
        _is_filled(node),
    )  # fmt: skip


_SEQUENCES: Final = frozenset({"SERIAL", "BIGSERIAL", "SMALLSERIAL", "ROWVERSION"})


def _is_filled(node: exp.ColumnDef) -> bool:
    kind = node.args.get("kind")
    type_name = getattr(getattr(kind, "this", None), "name", "")
    if type_name in _SEQUENCES:
        return True
    kinds = [
        item.args.get("kind") if isinstance(item, exp.ColumnConstraint) else item
        for item in node.args.get("constraints") or ()
    ]
    without_value = (
        exp.NotNullColumnConstraint, exp.UniqueColumnConstraint, exp.CheckColumnConstraint,
        exp.CollateColumnConstraint, exp.CommentColumnConstraint, exp.Reference,
    )  # fmt: skip
    return any(not isinstance(item, without_value) for item in kinds)


# --- ALTER ---------------------------------------------------------------------------------------


#: PostgreSQL's short form, which the parser takes for the renaming of a table.
_BARE_RENAME: Final = regex(
    r"\brename\s+(?!(?:to|column|constraint)\b)\"?(\w+)\"?\s+to\s+\"?(\w+)", re.IGNORECASE
)


def _alter(node: exp.Alter, bare: str, piece: Piece) -> Iterator[Change]:
    table = _table_name(node.this)
    actions = node.args.get("actions") or ()
    if HOLE in table:
        columns = any(isinstance(item, exp.ColumnDef | exp.RenameColumn) for item in actions)
        yield Unread(alters=columns)
        return
    for action in actions:
        if isinstance(action, exp.ColumnDef):
            yield AddColumns(table, (_column(action, piece),))
        elif isinstance(action, exp.RenameColumn):
            new = action.args["to"]
            quoted = bool(new.this.args.get("quoted")) if isinstance(new, exp.Column) else False
            yield RenameColumn(table, action.this.name, new.name, quoted)
        elif isinstance(action, exp.AlterRename):
            column = _BARE_RENAME.search(bare)
            if column is not None:
                yield RenameColumn(table, column[1], column[2])
                continue
            yield RenameTable(table, _table_name(action.this))
        elif isinstance(action, exp.Drop):
            if str(action.args.get("kind")).upper() == "COLUMN":
                for column in action.args.get("tables") or ():
                    yield DropColumn(table, column.name)
        elif isinstance(action, exp.AddConstraint):
            yield from _added_constraints(table, action)


def _added_constraints(table: str, action: exp.AddConstraint) -> Iterator[Change]:
    for key in action.find_all(exp.ForeignKey):
        target, columns = _reference(key.args.get("reference"))
        if target is not None:
            own = tuple(item.name for item in key.expressions)
            yield AddForeignKey(table, own, target, columns)


# --- types ---------------------------------------------------------------------------------------

_TYPES: Final[dict[str, ColumnType]] = {
    **dict.fromkeys(
        ("INT", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "SERIAL", "BIGSERIAL", "SMALLSERIAL",
         "UINT", "UBIGINT", "USMALLINT", "UTINYINT", "INT128"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "REAL"), "float"),
    **dict.fromkeys(("DECIMAL", "MONEY", "BIGDECIMAL"), "decimal"),
    **dict.fromkeys(
        ("TEXT", "VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "MEDIUMTEXT", "LONGTEXT", "TINYTEXT",
         "BPCHAR", "NAME"), "text"),
    "BOOLEAN": "boolean",
    **dict.fromkeys(("TIMESTAMP", "DATETIME", "TIMESTAMPNTZ"), "datetime"),
    **dict.fromkeys(("TIMESTAMPTZ", "TIMESTAMPLTZ"), "datetime-tz"),
    "DATE": "date", "TIME": "time", "TIMETZ": "time", "INTERVAL": "interval",
    **dict.fromkeys(("JSON", "JSONB"), "json"),
    "ARRAY": "array", "LIST": "array", "UUID": "uuid",
    **dict.fromkeys(("BINARY", "VARBINARY", "BLOB", "LONGBLOB", "MEDIUMBLOB"), "binary"),
    "ENUM": "enum",
}  # fmt: skip


def column_type(node: object) -> ColumnType | None:
    """The kind of value of a SQL type."""
    if not isinstance(node, exp.DataType):
        return None
    kind = node.this
    return _TYPES.get(getattr(kind, "name", str(kind)))
