from __future__ import annotations

from collections.abc import Iterable

from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._coroutines import Coroutines, Parents, Uses
from ci_gate.rules.orm._library_coroutines import coroutine_of_library
from ci_gate.rules.orm._misuses import finding_of, misuse_of
from ci_gate.rules.orm._parameters import Parameters
from ci_gate.rules.orm._reads import service_functions


class MissingAwait(Rule):
    """A coroutine of the session, the ORM or the driver is never awaited.

    `AsyncSession` and `AsyncConnection` of SQLAlchemy and SQLModel, Django's asynchronous queries
    (`aget`, `acreate`, `asave`, …), Tortoise's models, asyncpg, aiosqlite and psycopg. The object
    may come from another file: from the constructor, a dependency or a factory.

    ## Why is this bad?
    The call only makes a coroutine. The statement is never sent; Python warns at most `coroutine
    was never awaited`. What it should write is lost while the endpoint answers 200, and what is
    read from the coroutine raises AttributeError.

    ## Fix
    Put `await` before the call.

    ## Silent on
    Coroutines that are kept and may be awaited later: handed to a function that is not known to
    want data, put into a list or an attribute, returned to a caller that awaits them; objects that
    are not surely of the asynchronous kind.

    ## Source
    SQLAlchemy, "Asynchronous I/O"; Django, "Asynchronous support"; asyncpg and aiosqlite, their
    API references.
    """

    id = "orm/missing-await"
    group = "orm"
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        certain = facts.certain
        coroutines = Coroutines(model, certain)
        parameters = Parameters(model, certain)
        handlers = {route.handlers[0] for route in model.routes if route.handlers}
        for function in service_functions(model):
            if not any(coroutine_of_library(model, call) for call in model.calls_in(function)):
                continue
            parents = Parents(function)
            for call in parents.calls():
                path = coroutine_of_library(model, call)
                if path is None:
                    continue
                uses = Uses(model, parents, parameters)
                misuse = misuse_of(model, coroutines, uses, function, call, handlers)
                if misuse is not None:
                    yield finding_of(self, function, call, misuse, _name(path))


def _name(path: str) -> str:
    """``AsyncSession.delete`` of ``sqlalchemy.ext.asyncio.AsyncSession().delete``."""
    return ".".join(path.replace("()", "").split(".")[-2:])
