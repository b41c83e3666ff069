"""Migrations in JavaScript and TypeScript: Sequelize's, Knex's, and raw SQL that they run."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.regex import regex
from ci_gate.rules.database._added_columns import Added, History, Step, plain
from ci_gate.rules.database._added_sql import in_order

_FOLDER: Final = regex(r"(?:^|/)(?:\w*migrations?|migrate)$")
_NUMBERED: Final = regex(r"^\d")
_CREATES: Final = frozenset({"createTable", "createTableIfNotExists", "createTableLike"})
_EMPTIES: Final = frozenset({
    "del", "delete", "destroy", "truncate", "bulkDelete", "clear", "emptyTable",
})  # fmt: skip
_RAW: Final = frozenset({"query", "raw", "execute", "exec", "sql", "addSql"})
#: Knex's columns that nothing fills.
_TYPES: Final = frozenset({
    "string", "text", "integer", "tinyint", "smallint", "mediumint", "bigint", "bigInteger",
    "boolean", "date", "datetime", "dateTime", "timestamp", "time", "float", "double", "decimal",
    "binary", "json", "jsonb", "uuid", "enum", "enu",
})  # fmt: skip
_NOT_NULL: Final = frozenset({"notNullable", "notNull"})
_FILLS: Final = frozenset({
    "defaultTo", "alter", "primary", "increments", "nullable", "generatedAlwaysAs",
})  # fmt: skip
_UNSURE: Final = (s.If, s.For, s.While, s.Switch, s.Conditional, s.Handler)


def node_histories(model: CodeModel, dialect: Dialect) -> Iterator[History]:
    """The histories that folders of numbered migrations make."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path, module in model.modules.items():
        folder, name = posixpath.split(path)
        if module.language != "python" and _FOLDER.search(folder) and _NUMBERED.match(name):
            groups[folder].append(path)
    for paths in groups.values():
        paths.sort(key=lambda path: in_order(posixpath.basename(path)))
        steps = [_read(model.modules[path], dialect) for path in paths]
        yield History(steps, frozenset(paths[-1:]))


def _read(module: s.Module, dialect: Dialect) -> Step:
    step = Step(module.path)
    for function in dict.fromkeys(_ups(module)):
        sure = {node for node in _walk(function, sure=True) if isinstance(node, s.Call)}
        for node in _walk(function, sure=False):
            if isinstance(node, s.Call):
                _call(step, node, dialect, node in sure)
    return step


def _ups(module: s.Module) -> Iterator[s.Function]:
    """The functions called ``up``: declared, exported, a method, or a key of what is exported."""
    for node in s.walk(module):
        match node:
            case s.Function(name="up"):
                yield node
            case s.Entry(key=s.Literal(value="up"), value=s.FunctionExpr(function=function)):
                yield function
            case s.Assign(
                targets=[s.Attribute(name="up") | s.Name(id="up")],
                value=s.FunctionExpr(function=function),
            ):
                yield function


def _walk(root: s.Node, *, sure: bool) -> Iterator[s.Node]:
    """All nodes below, functions' bodies included; ``sure``: but those under a condition."""
    stack: list[s.Node] = [root]
    while stack:
        node = stack.pop()
        yield node
        if sure and (
            isinstance(node, _UNSURE) or (isinstance(node, s.Binary) and node.op in ("and", "or"))
        ):
            continue
        stack.extend(s.children(node))


def _call(step: Step, call: s.Call, dialect: Dialect, sure: bool) -> None:
    """What a call does to tables, and the SQL that it runs; ``sure``: it runs in any case."""
    if not isinstance(call.func, s.Attribute):
        return
    name, first = call.func.name, call.argument(0)
    if name in _EMPTIES:
        step.empties = True
    elif sure and name in ("addColumn", "table", "alterTable"):
        _add(step, name, call)
    elif name in _RAW and first is not None:
        text = _raw_text(first)
        if text is not None:
            step.read_sql(text, first.line, dialect, sure=sure)
        else:
            step.empties = True
    table = _table(first)
    if table is None:
        return
    if name in _CREATES:
        step.created.setdefault(table, call.line)
    elif name in ("dropTable", "dropTableIfExists"):
        step.gone.add(table)
    elif name == "renameTable":
        new = _table(call.argument(1))
        if new is not None:
            step.renamed[table] = new


def _raw_text(expr: s.Expr) -> str | None:
    """The text of a string or of a template without holes."""
    match expr:
        case s.Literal(value=str(text)):
            return text
        case s.Template(parts=parts, tag=None):
            texts = [
                p.value for p in parts if isinstance(p, s.Literal) and isinstance(p.value, str)
            ]
            return "".join(texts) if len(texts) == len(parts) else None
    return None


def _table(expr: s.Expr | None) -> str | None:
    """``"users"`` or ``{tableName: "users", schema: …}``."""
    if isinstance(expr, s.Mapping):
        expr = expr.get("tableName")
    text = _raw_text(expr) if expr is not None else None
    return plain(text) if text is not None else None


def _add(step: Step, name: str, call: s.Call) -> None:
    """``queryInterface.addColumn(…)`` and ``knex.schema.alterTable(…)``."""
    match name, [argument.value for argument in call.args]:
        case "addColumn", [table, s.Literal(value=str(column)), s.Mapping() as options, *_]:
            place = _table(table)
            if place is not None and _is_refused(options):
                step.added.append(Added(place, column, step.path, call, "a defaultValue"))
        case "table" | "alterTable", [table, s.FunctionExpr(function=builder)]:
            place = _table(table)
            if place is not None:
                for column, node in _built(builder):
                    step.added.append(Added(place, column, step.path, node, "a defaultTo()"))


def _is_refused(options: s.Mapping) -> bool:
    """Sequelize's options of a column that forbids NULL and that nothing fills."""
    if any(entry.key is None for entry in options.entries):
        return False
    allows = options.get("allowNull")
    if not (isinstance(allows, s.Literal) and allows.value is False):
        return False
    if any(options.get(key) is not None for key in ("defaultValue", "autoIncrement", "primaryKey")):
        return False
    kind = options.get("type")
    return kind is not None and not any(
        isinstance(node, s.Attribute) and node.name == "VIRTUAL" for node in s.walk(kind)
    )


def _built(builder: s.Function) -> Iterator[tuple[str, s.Node]]:
    """The columns that a table builder of Knex adds as ``notNullable`` without a default."""
    if not builder.params:
        return
    table = builder.params[0].name
    for statement in builder.body:
        expr = statement.value if isinstance(statement, s.ExprStmt | s.Return) else None
        calls: list[s.Call] = []
        while isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute):
            calls.append(expr)
            expr = expr.func.value
        if not calls or not (isinstance(expr, s.Name) and expr.id == table):
            continue
        names = {call.func.name for call in calls if isinstance(call.func, s.Attribute)}
        first = calls[-1]
        column = first.argument(0)
        if (
            isinstance(first.func, s.Attribute)
            and first.func.name in _TYPES
            and names & _NOT_NULL
            and not names & _FILLS
            and isinstance(column, s.Literal)
            and isinstance(column.value, str)
        ):
            yield column.value, first
