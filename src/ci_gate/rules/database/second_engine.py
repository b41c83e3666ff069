from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.connections import Address, Connection
from ci_gate.codemodel.databases import TITLES, Engine
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._defects import has_python
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._expected import Expected, expected
from ci_gate.rules.database._fallback import Reasons
from ci_gate.rules.database._node_engines import second_engines
from ci_gate.rules.database._running import Running
from ci_gate.rules.database._service import ServiceView, is_side_store, words

_WRITES: Final = regex(r"^\s*(?:insert|update|delete|replace|create\s+table)\b", re.IGNORECASE)
_ROUTED: Final = ("DATABASE_ROUTERS", "SQLALCHEMY_BINDS", "__bind_key__")


class SecondEngine(Rule):
    """Part of the service keeps its data in a database engine of its own.

    ## Why is this bad?
    The data is in two places that no transaction, foreign key, backup or migration joins. A SQLite
    file beside a PostgreSQL service is different on every worker host and gone after a deployment.

    ## Fix
    Keep the data in the service's database, through the session it already has.

    ## Silent on
    Tests, scripts, commands and settings for development; replicas and several databases of one
    engine; databases that Django's routers or Flask-SQLAlchemy's binds declare; stores that stand
    beside a database by design, by their name (cache, search, queue, analytics, import and export);
    databases in memory; addresses that are not known. Where it is not seen that the second engine
    is written to, or the tree does not agree on the first, the finding is a warning.

    ## Source
    Constraint decay, arXiv 2605.06445: the constraint "one relational database".
    """

    id = "database/second-engine"
    group = "database"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in second_engines(facts):
            yield defect.finding(self)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        view = facts.once(ServiceView)
        running = facts.once(Running)
        reasons = Reasons(facts, view)
        if _declared(facts, view):
            return
        for service in facts.stack.services:
            wanted = expected(facts, view, service)
            mine = [
                item
                for item in facts.connections
                if running.holds(item.path) and view.service_of(item.path) is service
            ]
            main = _main(reasons, mine, wanted)
            if main is None:
                continue
            for connection, address in _others(view, reasons, mine, main[1]):
                yield self._finding(facts, connection, address, main, wanted)

    def _finding(
        self,
        facts: Facts,
        connection: Connection,
        address: Address,
        main: tuple[Connection, Engine],
        wanted: Expected | None,
    ) -> Finding:
        engine = address.place.engine
        assert engine is not None
        name = connection.function.name
        who = name if name != "<module>" else connection.path
        shown = f" ({address.place.file})" if address.place.file else ""
        certain = connection.orm or _writes(facts, connection)
        return self.finding(
            connection.path,
            connection.node,
            message=(
                f"{who} opens {TITLES[engine]}{shown} beside the service's {TITLES[main[1]]} "
                f"({main[0].path}:{main[0].node.line})."
            ),
            why=(
                "What is stored there is outside of the service's transactions, backups and "
                "migrations"
                + (", and every host has a file of its own." if engine == "sqlite" else ".")
            ),
            fix=f"Keep it in {TITLES[main[1]]}, through the session that the service already has.",
            subject=f"{who} opens {TITLES[engine]}",
            severity=Severity.ERROR if wanted is not None and certain else Severity.WARNING,
            related=[Related(main[0].path, main[0].node.line, "the service's database")],
        )


def _main(
    reasons: Reasons, connections: list[Connection], wanted: Expected | None
) -> tuple[Connection, Engine] | None:
    """The service's own database: the one that its ORM opens, or that the configuration names."""
    for connection in sorted(connections, key=lambda item: not item.orm):
        engines = {
            item.place.engine
            for item in connection.primary
            if item.place.engine and reasons.of(connection, item).why == "plain"
        }
        if wanted is not None:
            if wanted.engine in engines or (connection.orm and not engines):
                return connection, wanted.engine
        elif connection.orm and len(engines) == 1:
            return connection, engines.pop()
    return None


def _others(
    view: ServiceView, reasons: Reasons, connections: list[Connection], engine: Engine
) -> Iterator[tuple[Connection, Address]]:
    for connection in connections:
        if connection.alias not in (None, "default") or view.is_command(connection.function):
            continue
        if any(item.place.engine in (None, engine) for item in connection.addresses):
            continue
        for address in connection.addresses:
            place = address.place
            known = place.file is not None or place.database is not None or address.sources
            if place.in_memory or not known or view.way_for_development(connection, address.trail):
                continue
            if is_side_store(connection, address):
                continue
            if reasons.of(connection, address).why != "plain":
                continue
            yield connection, address
            break


def _declared(facts: Facts, view: ServiceView) -> bool:
    """Does the service declare that it has several databases?"""
    for path, module in facts.model.modules.items():
        if module.language != "python" or not view.holds(path):
            continue
        for node in s.walk(module):
            if isinstance(node, s.Assign) and any(
                word in _ROUTED for target in node.targets for word in words(target)
            ):
                return True
    return len({c.alias for c in facts.connections if c.library == "django"}) > 1


def _writes(facts: Facts, connection: Connection) -> bool:
    """Do the functions at the connection write to it?"""
    function = connection.function
    near = {function, *(edge.caller for edge in facts.model.callers(function))}
    for item in near:
        for call in facts.model.calls_in(item):
            for argument in call.args[:1]:
                for text in facts.connections.texts.of(argument.value, facts.model.scope_of(call)):
                    if text.text is not None and _WRITES.match(text.text):
                        return True
    return False
