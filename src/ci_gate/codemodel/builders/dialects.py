"""Which database the chains of a program are for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.texts import text_of
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.origins import Origins, nodes_of
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

Dialect = Literal["postgres", "sqlite", "mysql"]

_CLIENTS: Final[dict[str, Dialect]] = {
    "pg": "postgres", "postgres": "postgres", "postgresql": "postgres", "pg-native": "postgres",
    "pgnative": "postgres", "sqlite3": "sqlite", "better-sqlite3": "sqlite", "sqlite": "sqlite",
    "mysql": "mysql", "mysql2": "mysql",
}  # fmt: skip
_KYSELY: Final[dict[str, Dialect]] = {
    "kysely.PostgresDialect": "postgres", "kysely.SqliteDialect": "sqlite",
    "kysely.MysqlDialect": "mysql", "kysely-postgres-js.PostgresJSDialect": "postgres",
}  # fmt: skip
_TABLES: Final[dict[str, Dialect]] = {
    "drizzle-orm/pg-core": "postgres", "drizzle-orm/sqlite-core": "sqlite",
    "drizzle-orm/mysql-core": "mysql",
}  # fmt: skip
_KNEXFILE: Final = regex(r"(?:^|/)knexfile\.[cm]?[jt]s$")


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a program says which database a builder is for; ``dialect`` is None where that is
    worked out when it runs."""

    dialect: Dialect | None
    path: str
    node: s.Node


def only(choices: Iterable[Choice]) -> Dialect | None:
    """The dialect that all agree on."""
    found = {item.dialect for item in choices}
    return found.pop() if len(found) == 1 else None


def knex_choices(model: CodeModel, origins: Origins) -> Iterator[Choice]:
    """The calls of ``knex({ client })`` and the entries of knexfiles."""
    for path, module in model.modules.items():
        if module.language == "python":
            continue
        if _KNEXFILE.search(path):
            for node in nodes_of(module):
                if isinstance(node, s.Mapping) and node.get("client") is not None:
                    client = node.get("client")
                    yield Choice(_CLIENTS.get(text_of(model, client) or ""), path, client or node)
        elif not is_outside(path) and any(
            edge.package == "knex" for edge in model.imports_of(path)
        ):
            for node in nodes_of(module):
                if isinstance(node, s.Call) and node.args and _makes_knex(model, node):
                    options = origins.one(node.args[0].value, model.scope_of(node))
                    if options is not None and isinstance(options.expr, s.Mapping):
                        client = options.expr.get("client") or options.expr.get("dialect")
                        dialect = _CLIENTS.get(text_of(model, client) or "")
                        yield Choice(dialect, options.scope.module.path, client or options.expr)


def _makes_knex(model: CodeModel, call: s.Call) -> bool:
    return any(
        isinstance(value, ExternalValue) and value.path == "knex"
        for value in model.evaluate(call.func)
    )


def kysely_choices(model: CodeModel) -> Iterator[Choice]:
    """The dialect objects that are made for Kysely."""
    for name in sorted({path.rpartition(".")[2] for path in _KYSELY}):
        for call, scope in model.calls_named(name):
            if call.new and not is_outside(scope.module.path):
                for value in model.evaluate(call.func):
                    dialect = _KYSELY.get(value.path) if isinstance(value, ExternalValue) else None
                    if dialect is not None:
                        yield Choice(dialect, scope.module.path, call)


def drizzle_choices(model: CodeModel) -> Iterator[Choice]:
    """The imports of the packages that tables are declared with."""
    for edge in model.import_edges:
        specifier = edge.node.specifier
        if edge.package == "drizzle-orm" and not is_outside(edge.source) and specifier in _TABLES:
            yield Choice(_TABLES[specifier], edge.source, edge.node)
