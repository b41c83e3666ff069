"""Query builders of Node: statements that are built and never sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.drizzle import METHODS as DRIZZLE
from ci_gate.codemodel.builders.facts import Library, Statement
from ci_gate.codemodel.builders.knex import METHODS as KNEX
from ci_gate.codemodel.builders.kysely import EXECUTES
from ci_gate.codemodel.builders.kysely import METHODS as KYSELY
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts

#: Methods that send the statement, whether or not the answer is waited for.
_SENDS: Final = frozenset({
    "then", "catch", "finally", "asCallback", "stream", "pipe", "run", "all", "get", "execute",
    "iterator", "on",
}) | EXECUTES  # fmt: skip
_CHAINS: Final[dict[Library, frozenset[str]]] = {
    "knex": KNEX | {""},
    "kysely": KYSELY,
    "drizzle": DRIZZLE,
}
_TITLES: Final[dict[Library, str]] = {"knex": "Knex", "kysely": "Kysely", "drizzle": "Drizzle"}


#: Methods that answer at once.
_SYNC: Final = frozenset({"run", "all", "get", "sync", "toSQL", "prepare", "as", "getSQL"})


def builder_methods(libraries: frozenset[Library]) -> frozenset[str]:
    """What chains of these libraries go on with."""
    return frozenset[str]().union(*(_CHAINS[item] for item in libraries))


def is_promise(statement: Statement) -> bool:
    """Has what the chain gives to be awaited for the rows?"""
    steps = set(statement.steps)
    if (
        statement.awaited
        or not statement.sources
        or not steps <= _CHAINS[statement.library]
        or steps & _SYNC
    ):
        return False
    return statement.library != "kysely" or bool(steps & EXECUTES)


def unrun(facts: Facts) -> Iterator[Defect]:
    builders = facts.builders
    for statement in builders.statements:
        if not statement.sources or not set(statement.steps) <= _CHAINS[statement.library]:
            continue
        if statement.awaited or _SENDS.intersection(statement.steps):
            continue
        around = next(builders.surroundings.of(statement.path, statement.call), None)
        if around is None:
            continue
        if isinstance(around.node, s.ExprStmt):
            yield _dropped(statement)
        elif statement.library == "kysely" and isinstance(around.node, s.Await):
            yield _waited(statement)


def _dropped(statement: Statement) -> Defect:
    library = _TITLES[statement.library]
    kysely = statement.library == "kysely"
    function = statement.function.node
    makes_async = isinstance(function, s.Function) and not function.is_async
    fix = "Put `await` before the chain"
    if makes_async:
        fix = f"Make {statement.function.name or 'the function'} `async` and put `await` before it"
    if kysely:
        fix += ", and `.execute()` at its end"
    return Defect(
        statement.path,
        statement.call,
        f"The {statement.label()} is built and never runs: nothing "
        f"{'executes it' if kysely else 'awaits it'}.",
        f"A chain of {library} is sent when it is "
        f"{'executed' if kysely else 'awaited'}, not before: the database never sees it, and no "
        "error tells.",
        f"{fix}.",
        f"{statement.label()} in {statement.function.name}",
    )


def _waited(statement: Statement) -> Defect:
    return Defect(
        statement.path,
        statement.call,
        f"The {statement.label()} is awaited and not executed.",
        "A chain of Kysely is no promise: `await` gives the builder back, or throws, and the "
        "database never sees the statement.",
        "Put `.execute()` at the end of the chain.",
        f"{statement.label()} in {statement.function.name}",
    )
