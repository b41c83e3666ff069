"""Which database the chains of a program are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.texts import text_of
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.origins import Origins, nodes_of
from ci_gate.codemodel.values import ExternalValue

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
_KNEXFILE: Final = re.compile(r"(?:^|/)knexfile\.[cm]?[jt]s$")


def knex_dialect(model: CodeModel, origins: Origins) -> Dialect | None:
    """The one dialect that all calls of ``knex({ client })`` and knexfiles name."""
    found = set(_knex(model, origins))
    return found.pop() if len(found) == 1 else None


def _knex(model: CodeModel, origins: Origins) -> Iterator[Dialect | None]:
    for path, module in model.modules.items():
        if module.language == "python":
            continue
        if _KNEXFILE.search(path):
            for node in nodes_of(module):
                if isinstance(node, s.Mapping) and node.get("client") is not None:
                    yield _CLIENTS.get(text_of(model, node.get("client")) or "")
        elif not is_outside(path) and any(
            edge.package == "knex" for edge in model.imports_of(path)
        ):
            for node in nodes_of(module):
                if isinstance(node, s.Call) and node.args and _makes_knex(model, node):
                    options = origins.one(node.args[0].value, model.scope_of(node))
                    if options is not None and isinstance(options.expr, s.Mapping):
                        client = options.expr.get("client") or options.expr.get("dialect")
                        yield _CLIENTS.get(text_of(model, client) or "")


def _makes_knex(model: CodeModel, call: s.Call) -> bool:
    return any(
        isinstance(value, ExternalValue) and value.path == "knex"
        for value in model.evaluate(call.func)
    )


def kysely_dialect(model: CodeModel) -> Dialect | None:
    """The one dialect of which an object is made for Kysely."""
    found: set[Dialect] = set()
    for name in sorted({path.rpartition(".")[2] for path in _KYSELY}):
        for call, scope in model.calls_named(name):
            if call.new and not is_outside(scope.module.path):
                for value in model.evaluate(call.func):
                    dialect = _KYSELY.get(value.path) if isinstance(value, ExternalValue) else None
                    if dialect is not None:
                        found.add(dialect)
    return found.pop() if len(found) == 1 else None


def drizzle_dialect(model: CodeModel) -> Dialect | None:
    """The one dialect of which tables are declared."""
    words: dict[str, Dialect] = {"pg-core": "postgres", "sqlite-core": "sqlite",
                                 "mysql-core": "mysql"}  # fmt: skip
    found = {
        words[word]
        for edge in model.import_edges
        if edge.package == "drizzle-orm" and not is_outside(edge.source)
        for word in words
        if edge.node.specifier == f"drizzle-orm/{word}"
    }
    return found.pop() if len(found) == 1 else None
