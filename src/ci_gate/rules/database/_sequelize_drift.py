"""Sequelize: attributes and models that the migrations beside them do not make."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.sequelize.columns import column_of, constant
from ci_gate.codemodel.sequelize.facts import ModelAttribute, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.naming import snake
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._drift import Drift, ignores, mentioned
from ci_gate.rules.database._node_reached import is_tests

_FILES: Final = regex(r"(?:^|/)(?:[\w-]*migrations?)/(?:[^/]+/)?[^/]+\.[cm]?[jt]s$")
_CREATES: Final = regex(r"create\s+table\s+(?:if\s+not\s+exists\s+)?[\"`]?(\w+)", re.IGNORECASE)
_CHANGES: Final = frozenset({"createTable", "addColumn", "renameColumn", "renameTable"})
#: Calls that may do anything to tables.
_OPAQUE: Final = frozenset({
    "query", "raw", "sync", "readFileSync", "readFile", "readdirSync", "readdir", "dropAllTables",
    "createSchema", "loadSQL", "runSql",
})  # fmt: skip


@dataclass(slots=True)
class _Made:
    """What the migrations make: of each table its columns, in lower case, and where it is created.

    ``unclear`` are the texts of files that could not be followed to the end; what they name may be
    there too.
    """

    columns: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    unclear: list[str] = field(default_factory=list)


def sequelize_drift(facts: Facts) -> Iterator[Drift]:
    models = facts.entities.sequelize
    paths = [path for path in facts.model.modules if _FILES.search(path) and not is_tests(path)]
    if not models.all or not paths or ignores(facts.model, "migrations"):
        return
    if any(edge.target and not edge.type_only for p in paths for edge in facts.model.imports_of(p)):
        return  # helpers and models may do anything
    made = _read(models, paths)
    synced = _synced(models)
    if not made.places or synced == "alter":
        return
    found = [
        (item, drift)
        for item in models.all
        if item.known and not item.abstract
        for drift in _of_model(models, made, item, synced)
    ]
    elsewhere = _made_elsewhere(facts.model, paths) if found else set()
    for item, drift in found:
        if not _tables_of(item) & elsewhere:
            yield drift


def _of_model(
    models: Models, made: _Made, item: SequelizeModel, synced: str | None
) -> Iterator[Drift]:
    tables = _tables_of(item)
    if any(mentioned(table, made.unclear) for table in tables):
        return
    there = sorted(tables & made.places.keys())
    if len(there) == 1:
        if there[0] not in made.open:
            yield from _columns(item, made, there[0], warn=synced == "plain")
    elif not there and synced is None and not made.open and _is_queried(models, item):
        yield _no_table(item, made)


def _tables_of(item: SequelizeModel) -> set[str]:
    """The names that the model's table can have, in lower case: settings that are not known may
    put it in the plural, or with underscores."""
    if item.table is not None:
        return {item.table.lower()}
    names = {item.plural, item.name}
    return {name.lower() for name in (*names, *map(snake, names))}


def _columns_of(item: SequelizeModel, attribute: ModelAttribute) -> set[str]:
    column = column_of(item, attribute)
    return {column} if column is not None else {attribute.name, snake(attribute.name)}


def _columns(item: SequelizeModel, made: _Made, table: str, *, warn: bool) -> Iterator[Drift]:
    for attribute in item.attributes.values():
        if attribute.virtual or attribute.implied:
            continue
        columns = _columns_of(item, attribute)
        if any(
            column.lower() in made.columns[table] or mentioned(column, made.unclear)
            for column in columns
        ):
            continue
        column = next(iter(columns)) if len(columns) == 1 else attribute.name
        yield _no_column(item, attribute, column, table, made.places[table], warn=warn)


def _read(models: Models, paths: list[str]) -> _Made:
    made = _Made()
    renamed: list[tuple[str, str]] = []
    for path in sorted(paths):
        clear = True
        for node in nodes_of(models.model.modules[path]):
            if not isinstance(node, s.Call) or not isinstance(node.func, s.Attribute):
                continue
            if node.func.name in _CHANGES:
                scope = models.model.scope_of(node)
                clear = _change(models, made, node, node.func.name, scope, renamed) and clear
            elif node.func.name in _OPAQUE:
                clear = False
        if not clear:
            made.unclear.append(models.model.tree.text(path))
    for old, new in renamed:
        made.columns[new] |= made.columns[old]
        made.columns[old] = made.columns[new]
        if old in made.places:
            made.places.setdefault(new, made.places[old])
        if old in made.open:
            made.open.add(new)
    return made


def _change(
    models: Models, made: _Made, call: s.Call, name: str, scope: Scope,
    renamed: list[tuple[str, str]],
) -> bool:  # fmt: skip
    """Whether it is clear what a call does."""
    table = _table(models, call.argument(0), scope)
    if table is None:
        made.open.update(made.places)
        return False
    second = call.argument(1)
    if name == "createTable":
        made.places.setdefault(table, (scope.module.path, call.line))
        columns = _keys(models, second, scope)
        if columns is None:
            made.open.add(table)
            return False
        made.columns[table] |= columns
        return True
    text = _text(models, second, scope)
    if name == "renameColumn":
        text = _text(models, call.argument(2), scope)
    if text is None:
        made.open.add(table)
        return False
    if name == "renameTable":
        renamed.append((table, text.lower()))
    else:
        made.columns[table].add(text.lower())
        options = call.argument(2) if name == "addColumn" else None
        if isinstance(options, s.Mapping) and (own := _text(models, options.get("field"), scope)):
            made.columns[table].add(own.lower())
    return True


def _table(models: Models, expr: s.Expr | None, scope: Scope) -> str | None:
    origin = models.origins.one(expr, scope) if expr is not None else None
    if origin is not None and isinstance(origin.expr, s.Mapping):
        expr, scope = origin.expr.get("tableName"), origin.scope
    text = _text(models, expr, scope)
    return text.lower() if text else None


def _text(models: Models, expr: s.Expr | None, scope: Scope) -> str | None:
    found = constant(expr, scope, models.origins) if expr is not None else None
    return found if isinstance(found, str) else None


def _keys(models: Models, expr: s.Expr | None, scope: Scope) -> set[str] | None:
    """The columns of an object literal, and what their ``field`` calls them."""
    origin = models.origins.one(expr, scope) if expr is not None else None
    if origin is None or not isinstance(origin.expr, s.Mapping):
        return None
    found: set[str] = set()
    for key, value, inner in models.origins.entries(origin):
        if not isinstance(key, s.Literal):
            return None
        found.add(str(key.value).lower())
        if isinstance(value, s.Mapping) and (own := _text(models, value.get("field"), inner)):
            found.add(own.lower())
    return found


def _synced(models: Models) -> str | None:
    """Does the service also make its tables from the models: changing them, or only new ones?"""
    found: str | None = None
    for call, scope in models.model.calls_named("sync"):
        if scope.module.language == "python" or is_tests(scope.module.path):
            continue
        if not isinstance(call.func, s.Attribute) or not _is_sequelize(models, call.func.value):
            continue
        options = call.argument(0)
        if options is not None and not isinstance(options, s.Mapping):
            return "alter"
        if isinstance(options, s.Mapping) and options.entries:
            return "alter"
        found = "plain"
    return found


def _is_sequelize(models: Models, expr: s.Expr) -> bool:
    """May ``sync`` of it be Sequelize's?"""
    values = [item for item in models.model.evaluate(expr) if isinstance(item, ExternalValue)]
    if values:
        return any(item.path.startswith("sequelize") for item in values)
    name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
    return re.search(r"sequelize|db|database|conn|model|^[A-Z]", name) is not None


def _made_elsewhere(model: CodeModel, migrations: list[str]) -> set[str]:
    """The tables that SQL text outside of the migrations creates."""
    found: set[str] = set()
    for path in model.tree.files:
        if path.endswith(".sql"):
            found.update(match[1].lower() for match in _CREATES.finditer(model.tree.text(path)))
    for path, module in model.modules.items():
        if path in migrations or module.language == "python" or is_tests(path):
            continue
        for node in nodes_of(module):
            match node:
                case s.Literal(value=str(text)) if len(text) > 12:
                    found.update(match[1].lower() for match in _CREATES.finditer(text))
                case s.Call(
                    func=s.Attribute(name="createTable" | "addColumn"),
                    args=[s.Argument(value=s.Literal(value=str(text))), *_],
                ):
                    found.add(text.lower())
    return found


def _is_queried(models: Models, item: SequelizeModel) -> bool:
    return any(query.model is item for query in models.queries.all)


# --- the findings ---


def _no_column(
    item: SequelizeModel, attribute: ModelAttribute, column: str, table: str,
    place: tuple[str, int], *, warn: bool,
) -> Drift:  # fmt: skip
    named = f" (`{column}`)" if column != attribute.name else ""
    table = item.table or table
    return Drift(
        attribute.path,
        s.Node(attribute.span),
        f"{item.name}.{attribute.name} without migration",
        f"No migration adds {item.name}.{attribute.name}{named} to the table `{table}`.",
        "The database that the migrations build lacks the column, and Sequelize names all "
        f"attributes: every query of {item.name} fails (no such column).",
        f"Add a migration with `queryInterface.addColumn('{table}', '{column}', …)`.",
        (Related(*place, f"`{table}` is created here"),),
        Severity.WARNING if warn else Severity.ERROR,
    )


def _no_table(item: SequelizeModel, made: _Made) -> Drift:
    place = next(iter(made.places.values()))
    return Drift(
        item.path,
        s.Node(item.span),
        f"{item.name} without migration",
        f"No migration creates the table of {item.name}, `{item.table or item.plural}`, as they do "
        "for the other models.",
        f"The database that the migrations build lacks the table: every query of {item.name} "
        "fails.",
        f"Add a migration with `queryInterface.createTable('{item.table or item.plural}', …)`.",
        (Related(*place, "the migrations create another table here"),),
    )
