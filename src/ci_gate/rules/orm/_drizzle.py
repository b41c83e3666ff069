"""Drizzle: names that a table or its relations do not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, chain_of
from ci_gate.codemodel.builders.drizzletables import DrizzleTable, DrizzleTables
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._words import nearest

#: What a table has beside its columns.
_OWN: Final = frozenset({
    "$inferSelect", "$inferInsert", "_", "getSQL", "enableRLS", "shouldOmitSQLParens", "as",
    "constructor", "toString", "then",
})  # fmt: skip
_MAX_DEPTH: Final = 8
_MAX_NAMES: Final = 8


def undefined_columns(facts: Facts) -> Iterator[Defect]:
    """Columns that are read from a table, or given a value, and that it does not have."""
    tables = facts.entities.drizzle
    if not tables.all:
        return
    for path, module in sorted(facts.model.modules.items()):
        if module.language == "python" or is_outside(path):
            continue
        for node in nodes_of(module):
            if isinstance(node, s.Attribute) and node.name not in _OWN:
                yield from _read(facts, tables, path, node)
    for statement in facts.builders.statements:
        if statement.library == "drizzle":
            chain = chain_of(statement.call)
            if chain is not None:
                yield from _written(tables, statement.path, chain,
                                    facts.model.function_scope(statement.function))  # fmt: skip
    for table, options, path in _queries(facts):
        yield from _chosen(tables, table, options, path, 0)


def unknown_relations(facts: Facts) -> Iterator[Defect]:
    """``with: { posts: true }`` of a table for which no relation ``posts`` is declared."""
    for table, options, path in _queries(facts):
        yield from _with(table, options, path, 0)


# --- columns -------------------------------------------------------------------------------------


def _read(facts: Facts, tables: DrizzleTables, path: str, node: s.Attribute) -> Iterator[Defect]:
    if not isinstance(node.value, s.Name | s.Attribute):
        return
    try:
        scope = facts.model.scope_of(node)
    except KeyError:
        return
    table = tables.of(node.value, scope)
    if table is None or not table.known or not table.columns or node.name in table.columns:
        return
    yield _no_column(
        table, path, node, node.name,
        f"`{table.name}` has no column `{node.name}`",
        "It is undefined: Drizzle throws when it builds the statement, or the condition compares "
        "with nothing.",
    )  # fmt: skip


def _written(tables: DrizzleTables, path: str, chain: Chain, scope: Scope) -> Iterator[Defect]:
    target = chain.step("insert", "update")
    given = chain.step("values", "set")
    if target is None or given is None:
        return
    first = target.argument(0)
    table = tables.of(first, scope) if first is not None else None
    if table is None or not table.known or not table.columns:
        return
    value = given.argument(0)
    rows = value.items if isinstance(value, s.Sequence) else [value]
    for row in rows:
        if isinstance(row, s.Mapping):
            for entry in row.entries:
                name = entry.key.value if isinstance(entry.key, s.Literal) else None
                if isinstance(name, str) and name not in table.columns:
                    yield _no_column(
                        table, path, entry.key or entry, name,
                        f"`{name}` is given a value, and `{table.name}` has no such column",
                        "Drizzle leaves unknown names out without an error: the value is never "
                        "stored.",
                    )  # fmt: skip


def _chosen(
    tables: DrizzleTables, table: DrizzleTable, options: s.Mapping, path: str, depth: int
) -> Iterator[Defect]:
    chosen = options.get("columns")
    if isinstance(chosen, s.Mapping) and table.known and table.columns:
        for entry in chosen.entries:
            name = entry.key.value if isinstance(entry.key, s.Literal) else None
            if isinstance(name, str) and name not in table.columns:
                yield _no_column(
                    table, path, entry.key or entry, name,
                    f"`columns` names `{name}`, and `{table.name}` has no such column",
                    "Drizzle leaves unknown names out without an error: the rows have no such "
                    "property.",
                )  # fmt: skip
    related = options.get("with")
    if isinstance(related, s.Mapping) and depth < _MAX_DEPTH:
        for entry in related.entries:
            name = entry.key.value if isinstance(entry.key, s.Literal) else None
            target = table.targets.get(str(name))
            if target is not None and isinstance(entry.value, s.Mapping):
                yield from _chosen(tables, target, entry.value, path, depth + 1)


def _no_column(
    table: DrizzleTable, path: str, node: s.Node, name: str, message: str, why: str
) -> Defect:
    alike = nearest(name, table.columns)
    if alike is not None:
        fix = f"If `{alike}` is meant, write that; else add the column to `{table.name}`."
    else:
        names = ", ".join(f"`{item}`" for item in list(table.columns)[:_MAX_NAMES])
        fix = f"Use one of its columns ({names}), or add the column to `{table.name}`."
    return Defect(
        path, spot(node), f"{message}{f'; it has `{alike}`' if alike else ''}.", why, fix,
        f"{table.name}.{name}",
        (Related(table.path, table.call.line, f"`{table.name}` is defined here"),),
    )  # fmt: skip


# --- relations -----------------------------------------------------------------------------------


def _queries(facts: Facts) -> Iterator[tuple[DrizzleTable, s.Mapping, str]]:
    """The options of each ``db.query.<table>.findMany({…})``."""
    tables = facts.entities.drizzle
    if not tables.all:
        return
    for statement in facts.builders.statements:
        chain = chain_of(statement.call)
        step = chain.step("findMany", "findFirst") if chain is not None else None
        if statement.library != "drizzle" or step is None or not statement.sources:
            continue
        table = tables.named(statement.sources[0].name)
        options = step.argument(0)
        if table is not None and isinstance(options, s.Mapping):
            yield table, options, statement.path


def _with(table: DrizzleTable, options: s.Mapping, path: str, depth: int) -> Iterator[Defect]:
    given = options.get("with")
    if not isinstance(given, s.Mapping) or not table.related or depth > _MAX_DEPTH:
        return
    for entry in given.entries:
        name = entry.key.value if isinstance(entry.key, s.Literal) else None
        if not isinstance(name, str):
            continue
        if name not in table.relations:
            yield _no_relation(table, entry, name, path)
            continue
        target = table.targets.get(name)
        if target is not None and isinstance(entry.value, s.Mapping):
            yield from _with(target, entry.value, path, depth + 1)


def _no_relation(table: DrizzleTable, entry: s.Entry, name: str, path: str) -> Defect:
    related = [Related(table.path, table.call.line, f"`{table.name}` is defined here")]
    alike = nearest(name, table.relations)
    if table.relations:
        declared = next(iter(table.relations.values()))
        related.append(Related(declared.path, declared.span[0], "its relations are declared here"))
        names = ", ".join(f"`{item}`" for item in list(table.relations)[:_MAX_NAMES])
        message = f"`with` asks for `{name}`; the relations of `{table.name}` are {names}."
    else:
        message = f"`with` asks for `{name}`, and no `relations()` are declared for `{table.name}`."
    return Defect(
        path,
        spot(entry.key or entry),
        message,
        "Drizzle throws a TypeError when it builds the query: the request answers 500 each time.",
        f"Write `{alike}`." if alike else f"Declare `{name}` in `relations({table.name}, …)`.",
        f"{table.name} with {name}",
        tuple(related),
    )
