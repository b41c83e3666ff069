from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel.connections import Address, Connection
from ci_gate.codemodel.databases import HOLE, TITLES, Engine
from ci_gate.findings import Finding, Related
from ci_gate.rules._defects import has_python
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._builder_engine import other_engines
from ci_gate.rules.database._evidence import Evidence
from ci_gate.rules.database._expected import Expected, expected
from ci_gate.rules.database._fallback import Reason, Reasons
from ci_gate.rules.database._node_engines import wrong_engines
from ci_gate.rules.database._running import Running
from ci_gate.rules.database._service import ServiceView, is_side_store


class WrongEngine(Rule):
    """The service uses another database engine than the one it is built for.

    Three ways lead there: the connection names another engine; a setting that is missing is
    replaced by another engine; and the worst, a handler that answers a failed connection with
    another database, often SQLite in memory. On Node that is what Sequelize and the drivers open;
    Knex, Kysely or Drizzle set up for another engine than the configured one (`database:`).

    ## Why is this bad?
    The service starts, answers and stores its data where nobody looks for it. A database in memory
    is gone at the next restart, a file on the container's disk at the next deployment, and every
    worker has its own. A wrong `DATABASE_URL` is never noticed.

    ## Fix
    Take the address from one setting that has no default, and let a failed connection end the
    process.

    ## Silent on
    Tests and settings for development (by the name of the file, class, function or condition),
    scripts and commands (what no module with routes or an application leads to), addresses that a
    condition other than "the setting is missing" picks, stand-by servers of the same engine, and
    projects of which neither the configuration nor the tree says unambiguously which engine they
    use: a README or code beside the connection that speaks of SQLite makes it a choice, unless the
    base of the change has neither. A handler that raises again is silent too.

    ## Source
    Constraint decay, arXiv 2605.06445: the constraint "PostgreSQL" met by a silent SQLite.
    """

    id = "database/wrong-engine"
    group = "database"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in (*wrong_engines(facts), *other_engines(facts)):
            yield defect.finding(self)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        view = facts.once(ServiceView)
        running = facts.once(Running)
        reasons = Reasons(facts, view)
        wanted = {service.root: expected(facts, view, service) for service in facts.stack.services}
        seen: set[tuple[str, int]] = set()
        for connection in facts.connections:
            service = view.service_of(connection.path)
            if service is None or not running.holds(connection.path):
                continue
            if view.is_command(connection.function):
                continue
            for finding, place in self._connection(
                facts, view, reasons, connection, wanted[service.root]
            ):
                if place not in seen:
                    seen.add(place)
                    yield finding

    def _connection(
        self,
        facts: Facts,
        view: ServiceView,
        reasons: Reasons,
        connection: Connection,
        wanted: Expected | None,
    ) -> Iterator[tuple[Finding, tuple[str, int]]]:
        for address in connection.addresses:
            engine = address.place.engine
            if engine is None or view.way_for_development(connection, address.trail):
                continue
            reason = reasons.of(connection, address)
            place = (reason.path, reason.node.line)
            if reason.why == "failure":
                if not connection.orm and is_side_store(connection, address):
                    continue
                if address.place.in_memory or _other(facts, connection, address, wanted):
                    yield self._replaced(connection, address, reason), place
            elif wanted is None or engine == wanted.engine or reason.why == "chosen":
                continue
            elif reason.why == "default":
                yield self._default(address, reason, wanted, engine), place
            elif _is_main_database(facts, connection, address, wanted):
                yield self._plain(connection, address, wanted, engine), place

    def _replaced(self, connection: Connection, address: Address, reason: Reason) -> Finding:
        kind = _named(address)
        where = connection.function.name
        who = where if where != "<module>" else reason.path
        end = (
            "The service starts, accepts writes and loses them at the next restart"
            if address.place.in_memory
            else "The service starts and stores its data where nobody looks for it"
        )
        return self.finding(
            reason.path,
            reason.node,
            message=(
                f"When the configured database cannot be opened, {who} takes {kind} in its place."
            ),
            why=f"{end}; that the database cannot be reached is never noticed.",
            fix="Let the error end the process: drop the handler, or log and raise.",
            subject=f"{who} falls back to {kind}",
            repository_wide=True,
            related=_opened(connection, reason),
        )

    def _default(
        self, address: Address, reason: Reason, wanted: Expected, engine: Engine
    ) -> Finding:
        setting = next(
            (name[4:] for name in sorted(address.sources) if name.startswith("env:")), None
        )
        what = f"{setting} is not set" if setting else "no setting names a database"
        return self.finding(
            reason.path,
            reason.node,
            message=(
                f"Where {what}, the service runs on {_named(address)}, though it is built for "
                f"{TITLES[wanted.engine]}: {wanted.reason}."
            ),
            why=(
                f"A deployment that forgets the setting starts without complaint, stores its data "
                f"in {TITLES[engine]}, and loses sight of all that {TITLES[wanted.engine]} holds."
            ),
            fix="Take the default away, so that a missing setting ends the process.",
            subject=f"default {_named(address)}",
            repository_wide=True,
            related=_evidence(wanted.evidence),
        )

    def _plain(
        self, connection: Connection, address: Address, wanted: Expected, engine: Engine
    ) -> Finding:
        return self.finding(
            connection.path,
            connection.node,
            message=(
                f"The service opens {_named(address)}, though it is built for "
                f"{TITLES[wanted.engine]}: {wanted.reason}."
            ),
            why=(
                f"Its data is not where the rest of the system looks for it, and what works on "
                f"{TITLES[engine]} may fail on {TITLES[wanted.engine]}."
            ),
            fix=f"Connect to {TITLES[wanted.engine]}, by the setting that names it.",
            subject=f"opens {TITLES[engine]}",
            repository_wide=True,
            related=_evidence(wanted.evidence),
        )


def _other(facts: Facts, connection: Connection, address: Address, wanted: Expected | None) -> bool:
    """Is an address that is taken after a failure another database than the service's own? A
    second server of the same engine is a stand-by."""
    mine = address.place
    if wanted is not None and mine.engine != wanted.engine:
        return True
    others = [
        item
        for other in facts.connections
        for item in other.addresses
        if other.path == connection.path and item is not address
    ]
    if any(item.text == address.text for item in others):
        return False
    if address.text is None or HOLE in address.text:
        return False
    if mine.engine == "sqlite":
        return True
    engines = {item.place.engine for item in others} - {None}
    return bool(engines) and mine.engine not in engines


def _is_main_database(
    facts: Facts, connection: Connection, address: Address, wanted: Expected
) -> bool:
    """Is the connection the service's only one? Beside another it is a second engine."""
    if connection.alias not in (None, "default"):
        return False
    if not connection.orm and (
        address.place.in_memory
        or is_side_store(connection, address)
        or any(item.orm for item in facts.connections)
    ):
        return False
    return not any(
        item.place.engine == wanted.engine or (item.place.engine is None and other.orm)
        for other in facts.connections
        if other is not connection and other.path != connection.path
        for item in other.addresses
    )


def _named(address: Address) -> str:
    place = address.place
    title = TITLES[place.engine] if place.engine is not None else "another database"
    if place.in_memory:
        return f"{title} in memory"
    return f"{title} ({place.file})" if place.file else title


def _opened(connection: Connection, reason: Reason) -> list[Related]:
    if connection.node is reason.node:
        return []
    return [Related(connection.path, connection.node.line, "opened here")]


def _evidence(evidence: Iterable[Evidence]) -> list[Related]:
    return [
        Related(item.path, item.line, f"says so: {item.text}" if item.text else "says so")
        for item in evidence
        if item.path is not None
    ][:3]
