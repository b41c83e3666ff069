"""Which database the project is for."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import ENGINES, Engine
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.query._operators import asks_for_dialect

_DIALECTS: Final[dict[Engine, Dialect]] = {
    "postgresql": "postgres", "sqlite": "sqlite", "mysql": "mysql",
}  # fmt: skip
_CHOOSES: Final = regex(r"dialect|sqlite|postgres|mysql|drivername|variant")


def only_engine(facts: Facts) -> Engine | None:
    """The one engine of the project."""
    if facts.config.database is not None:
        return ENGINES.get(facts.config.database)
    named = {name for service in facts.stack.services for name in service.databases}
    return ENGINES.get(named.pop()) if len(named) == 1 else None


def only_dialect(facts: Facts) -> Dialect | None:
    """The SQL of the project's one engine."""
    engine = only_engine(facts)
    if engine is None and not facts.stack.services:
        opened = facts.entities.sequelize.instances.dialect
        return opened if opened in ("postgres", "sqlite", "mysql") else None
    return _DIALECTS.get(engine) if engine is not None else None


def is_chosen(model: CodeModel, path: str, node: s.Node) -> bool:
    """Does it run for one of several databases only: under a condition on the dialect, or in a
    function whose name speaks of one?"""
    function = model.scope_of(node).function
    return _CHOOSES.search(function.name.lower()) is not None or asks_for_dialect(
        model.surroundings, path, node
    )
