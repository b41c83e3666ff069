from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import TITLES
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._engines import only_engine

#: Types that SQLAlchemy writes for PostgreSQL alone.
_TYPES: Final = regex(
    r"^sqlalchemy\.(?:dialects\.postgresql\.(?:\w+\.)*"
    r"(?P<pg>JSONB|ARRAY|INET|CIDR|MACADDR8?|TSVECTOR|TSQUERY|HSTORE|CITEXT|INTERVAL|BIT|MONEY|"
    r"BYTEA|OID|REGCLASS|INT[48](?:MULTI)?RANGE|NUM(?:MULTI)?RANGE|DATE(?:MULTI)?RANGE|"
    r"TSTZ?(?:MULTI)?RANGE)|(?:types\.|sql\.sqltypes\.)?(?P<general>ARRAY))(?:\(\))?$"
)
_FIX: Final = {
    "JSONB": "Use `sqlalchemy.JSON`, or `JSON().with_variant(JSONB(), 'postgresql')`.",
    "ARRAY": "Keep the values in a table of their own, or in a column of `sqlalchemy.JSON`.",
}
_OTHERS: Final = frozenset({"sqlite", "mysql"})


class UnsupportedType(Rule):
    """A column is of a type that the project's database does not have.

    `JSONB`, `ARRAY`, `INET` and others of PostgreSQL in a SQLAlchemy model of a service on SQLite
    or MySQL; `DataTypes.ARRAY` in a Sequelize model there.

    ## Why is this bad?
    `CompileError: Compiler can't render element of type JSONB` when the tables are made: the
    service does not start on a fresh database.

    ## Fix
    A type that the database has, or `with_variant()`.

    ## Silent on
    Projects with more than one database, or none that is known; types with a variant; projects that
    compile a type themselves (`@compiles`) or decorate it (`TypeDecorator`).

    ## Source
    SQLAlchemy, "PostgreSQL Data Types", "The Type Hierarchy"; Sequelize, "Other Data Types".
    """

    id = "database/unsupported-type"
    group = "database"

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._sequelize(facts)
        engine = only_engine(facts)
        if engine not in _OTHERS:
            return
        model = facts.model
        seen: set[tuple[str, s.Span]] = set()
        if any("compiles" in s.gathered(item).words for item in model.modules.values()):
            return
        for entity, column in _columns(facts):
            if (column.path, column.span) in seen or is_outside(column.path):
                continue
            seen.add((column.path, column.span))
            name = _foreign(model, column)
            if name is not None:
                yield self.finding(
                    column.path,
                    s.Node(column.span),
                    message=f"{entity.name}.{column.name} is of type {name}, which "
                    f"{TITLES[engine]} does not have.",
                    why="The table cannot be made: the service does not start on a fresh database.",
                    fix=_FIX.get(name, "Use a type that the database has."),
                    subject=f"{entity.name}.{column.name} {name}",
                )

    def _sequelize(self, facts: Facts) -> Iterator[Finding]:
        instances = facts.entities.sequelize.instances
        if instances.dialect is None or instances.dialect == "postgres":
            return
        for entity in facts.entities:
            for column in entity.columns.values() if entity.kind == "sequelize" else ():
                if column.type == "array" and not is_outside(column.path):
                    yield self.finding(
                        column.path,
                        s.Node(column.span),
                        message=f"{entity.name}.{column.name} is of type ARRAY, which only "
                        "PostgreSQL has.",
                        why=f"The table cannot be made on {instances.dialect}: the service does "
                        "not start on a fresh database.",
                        fix="Keep the values in a table of their own, or in a column of JSON.",
                        subject=f"{entity.name}.{column.name} ARRAY",
                    )


def _columns(facts: Facts) -> Iterator[tuple[Entity, Column]]:
    for entity in facts.entities:
        if entity.kind in ("sqlalchemy", "sqlmodel"):
            for column in entity.columns.values():
                yield entity, column


def _foreign(model: CodeModel, column: Column) -> str | None:
    """The name of a foreign type in the column's declaration."""
    module = model.modules.get(column.path)
    if module is None or module.language != "python":
        return None
    if "with_variant" in s.gathered(module).words and "with_variant" in _text(model, column):
        return None
    for kind in (s.Name, s.Attribute):
        for node in model.nodes_of(module, kind):
            assert isinstance(node, s.Name | s.Attribute)
            if column.span[0] <= node.span[0] and node.span[2] <= column.span[2]:
                name = _type(model, node)
                if name is not None:
                    return name
    return None


def _text(model: CodeModel, column: Column) -> str:
    lines = model.tree.text(column.path).splitlines()
    return "\n".join(lines[column.span[0] - 1 : column.span[2]])


def _type(model: CodeModel, node: s.Expr) -> str | None:
    found = model.evaluate(node)
    if len(found) != 1:
        return None
    value = next(iter(found))
    match = _TYPES.match(value.path) if isinstance(value, ExternalValue) else None
    return (match["pg"] or match["general"]) if match is not None else None
