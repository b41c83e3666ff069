"""Which engine a service in JavaScript is meant to use: what its packages and code say."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import Engine
from ci_gate.codemodel.places import is_outside
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._evidence import Evidence, evidence
from ci_gate.rules.database._node_openings import openings_of
from ci_gate.rules.database._node_reached import is_tests
from ci_gate.rules.database._service import ServiceView
from ci_gate.stack.model import Service

_DRIVERS: Final[dict[str, Engine]] = {
    "pg": "postgresql", "postgres": "postgresql", "pg-promise": "postgresql",
    "@vercel/postgres": "postgresql", "@neondatabase/serverless": "postgresql",
    "mysql": "mysql", "mysql2": "mysql", "mariadb": "mysql",
}  # fmt: skip
#: What only PostgreSQL has: operators and types of Sequelize, casts and keywords of SQL.
_OPERATORS: Final = frozenset({"iLike", "notILike", "overlap", "contained", "iRegexp"})
_TYPES: Final = frozenset({"JSONB", "ARRAY", "HSTORE", "CITEXT", "TSVECTOR", "RANGE", "INET"})
_SQL: Final = regex(r"\w\s*::\s*(?:int|text|float|uuid|jsonb?|date|numeric)\b|\bILIKE\b")


def node_votes(
    facts: Facts, view: ServiceView, service: Service
) -> Iterator[tuple[Engine, Evidence]]:
    """What speaks for an engine in ``package.json`` and in the code."""
    model = facts.model
    for path in model.tree.files:
        if posixpath.basename(path) == "package.json" and view.service_of(path) is service:
            yield from _packages(model.tree.text(path), path)
    for path, module in model.modules.items():
        if module.language == "python" or is_outside(path) or is_tests(path):
            continue
        if view.service_of(path) is not service:
            continue
        line = _only_postgresql(module)
        if line:
            yield "postgresql", Evidence("code", path, line, "")
            break
    openings = openings_of(facts).all
    mains = [item for item in openings if item.orm] or [
        item for item in openings if item.engine != "sqlite"
    ]
    for item in mains or openings:
        if item.why == "plain" and view.service_of(item.path) is service:
            yield item.engine, Evidence("connection", item.path, item.node.line, "")


def made_for_sqlite(facts: Facts, view: ServiceView, service: Service) -> bool:
    """Does code other than that which opens the database, or says what stands in for a missing
    setting, speak of SQLite?"""
    opens = {path for item in openings_of(facts).all for path in (item.path, item.default_in)}
    for path, module in facts.model.modules.items():
        if module.language == "python" or path in opens or is_tests(path):
            continue
        if view.service_of(path) is not service:
            continue
        try:
            if "sqlite" in facts.model.tree.text(path).lower():
                return True
        except (OSError, UnicodeError):
            continue
    return False


def _packages(text: str, path: str) -> Iterator[tuple[Engine, Evidence]]:
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return
    named = data.get("dependencies") if isinstance(data, dict) else None
    for name in named if isinstance(named, dict) else ():
        engine = _DRIVERS.get(str(name))
        if engine is not None:
            yield engine, evidence("dependency", path, text, max(text.find(f'"{name}"'), 0))


def _only_postgresql(module: s.Module) -> int:
    """The first line that works on PostgreSQL only; 0 where there is none."""
    for node in s.walk(module):
        match node:
            case s.Attribute(value=s.Name(id="Op"), name=name) if name in _OPERATORS:
                return node.line
            case s.Attribute(value=s.Name(id="DataTypes" | "DataType"), name=name) if (
                name in _TYPES
            ):
                return node.line
            case s.Literal(value=str(text)) if len(text) > 10 and _SQL.search(text):
                return node.line
    return 0
