from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.connections import Connection
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._node_drivers import drivers_beside
from ci_gate.rules.database._running import Running
from ci_gate.rules.database._same import same_database
from ci_gate.rules.database._service import ServiceView, words

_HEALTH: Final = regex(r"health|ping|ready|readiness|liveness|alive|wait_for|is_up|check_conn")
#: What only the driver can do: bulk copy, notifications, backups, advisory locks.
_SPECIAL: Final = regex(
    r"^(?:copy_\w+|copy|add_listener|add_log_listener|remove_listener|notifies|backup|iterdump|"
    r"executescript|set_type_codec|create_function|create_collation|enable_load_extension|"
    r"load_extension|set_trace_callback|poll|blobopen|cursor_factory)$"
)
_SPECIAL_TEXT: Final = regex(
    r"^\s*(?:listen|notify|copy|vacuum|analyze|pragma|attach|select\s+pg_(?:try_)?advisory\w*|"
    r"create\s+database|drop\s+database|alter\s+system|select\s+(?:1|version\(\)|now\(\)))\b|"
    r"\b(?:sqlite_master|sqlite_schema|alembic_version|information_schema|pg_catalog|pg_\w+)\b",
    re.IGNORECASE,
)
_WRITTEN: Final = regex(r"^\s*(?:select|insert|update|delete|replace|with)\b", re.IGNORECASE)


class DriverBesideOrm(Rule):
    """Service code opens the ORM's own database a second time, with the bare driver.

    ## Why is this bad?
    The two know nothing of each other: what one has not committed the other does not see, a
    transaction cannot hold both, SQLite answers "database is locked", and the driver's SQL keeps
    the old columns when an entity changes. Settings of the engine (foreign keys, pool, schema,
    time zone) do not apply.

    ## Fix
    Use the session that the ORM already has; what needs SQL text can go through
    `session.execute(text(...))`, in Sequelize through `sequelize.query(...)`.

    ## Silent on
    Scripts, migrations, commands and tests; health checks; what only the driver can do (COPY,
    LISTEN, PRAGMA, backups, advisory locks); set-up (`CREATE SCHEMA`) and connections of which no
    plain statement is seen; event hooks of the engine; connections that are not certain to go to
    the ORM's database, such as those of data sources, caches and search indexes; services that
    work through the driver in more modules than through the ORM, unless `orm` is configured.

    ## Source
    Constraint decay, arXiv 2605.06445: a raw driver where an ORM is prescribed.
    """

    id = "database/driver-beside-orm"
    group = "database"

    def check(self, facts: Facts) -> Iterable[Finding]:
        view = facts.once(ServiceView)
        for defect in drivers_beside(facts, view):
            yield defect.finding(self)
        for connection, orm in beside_orm(facts, view):
            name = connection.function.name
            who = name if name != "<module>" else connection.path
            yield self.finding(
                connection.path,
                connection.node,
                message=(
                    f"{who} opens the database with {connection.library}, though "
                    f"{_title(orm)} has it open ({orm.path}:{orm.node.line})."
                ),
                why=(
                    "The driver's connection is outside of the ORM's transaction and settings: it "
                    "does not see what the session has not committed, and a change of an entity "
                    "misses its SQL."
                ),
                fix="Take the ORM's session instead; SQL text can go through it too.",
                subject=f"{who} opens {connection.library}",
                related=[Related(orm.path, orm.node.line, "the ORM opens the same database here")],
            )


def beside_orm(facts: Facts, view: ServiceView) -> Iterator[tuple[Connection, Connection]]:
    """Connections of a driver in service code, with the ORM's connection to the same database."""
    running = facts.once(Running)
    used = [item for item in facts.connections if item.orm and running.holds(item.path)]
    if not used or (facts.config.orm is None and not _orm_is_the_habit(facts, running)):
        return
    for connection in facts.connections:
        if connection.orm or connection.library == "databases":
            continue
        if not running.holds(connection.path) or view.is_command(connection.function):
            continue
        if view.for_development(connection.path, connection.node):
            continue
        if _for_the_engine(connection) or _just_tried(view, connection):
            continue
        orm = next((item for item in used if same_database(connection, item)), None)
        if orm is not None and _ordinary(facts, connection):
            yield connection, orm


def _orm_is_the_habit(facts: Facts, running: Running) -> bool:
    """Are there entities, and do more modules work through the ORM than through a driver?"""
    if not any(not item.abstract and running.holds(item.path) for item in facts.entities):
        return False
    orm: set[str] = set()
    driver: set[str] = set()
    for path, accesses in facts.access.by_module().items():
        if running.holds(path):
            orm.update(path for item in accesses if item.runs and item.library != "driver")
            driver.update(path for item in accesses if item.runs and item.library == "driver")
    return len(orm) >= len(driver)


def _title(connection: Connection) -> str:
    return {
        "sqlalchemy": "SQLAlchemy", "flask_sqlalchemy": "Flask-SQLAlchemy", "django": "Django",
        "tortoise": "Tortoise",
    }.get(connection.library, connection.library)  # fmt: skip


def _just_tried(view: ServiceView, connection: Connection) -> bool:
    """``connect(…).close()``: is the database there?"""
    outer = next(
        (item.node for item in view.surroundings.of(connection.path, connection.node)), None
    )
    return isinstance(outer, s.Attribute) and outer.name in ("close", "ping")


def _for_the_engine(connection: Connection) -> bool:
    """Does the engine itself get the connection (``creator=``, a connect hook)?"""
    for function in connection.function.outward():
        node = function.node
        if isinstance(node, s.Function):
            if any(
                word in ("listens_for", "listens", "receiver")
                for item in node.decorators
                for word in words(item)
            ):
                return True
            if _passed_as_creator(function):
                return True
    return False


def _passed_as_creator(function: FunctionInfo) -> bool:
    """Is the function handed to ``create_engine(creator=…)`` or a pool in its own module?"""
    node = function.node
    for call in s.walk(function.module):
        if isinstance(call, s.Call):
            for argument in call.args:
                if argument.keyword not in ("creator", "async_creator", "async_creator_fn"):
                    continue
                if isinstance(argument.value, s.FunctionExpr) and argument.value.function is node:
                    return True
                if isinstance(argument.value, s.Name) and argument.value.id == function.name:
                    return True
    return False


def _ordinary(facts: Facts, connection: Connection) -> bool:
    """Does the connection run plain statements, and not just what only a driver does?

    Looked for in the function that opens it, in those that call it, and in what else the modules
    there run with the driver."""
    model = facts.model
    function = connection.function
    callers = {edge.caller for edge in model.callers(function)}
    near = {function} if isinstance(function.node, s.Module) else {function, *callers}
    if any(_HEALTH.search(item.name.lower()) for item in near):
        return False
    special = False
    for item in near:
        if isinstance(item.node, s.Module):
            continue
        for call in model.calls_in(item):
            name = call.func.name if isinstance(call.func, s.Attribute) else ""
            texts = _texts(facts, call)
            if any(_WRITTEN.match(text) for text in texts):
                return True
            special = special or _SPECIAL.match(name) is not None
    return not special and any(
        _WRITTEN.match(text)
        for path in _modules(facts, connection)
        for access in facts.access.by_module().get(path, ())
        if access.library == "driver" and access.what.startswith(connection.library)
        for text in _texts(facts, access.node)
    )


def _modules(facts: Facts, connection: Connection) -> set[str]:
    """The module that opens the connection and those that import it."""
    return {connection.path} | {
        edge.source
        for edge in facts.model.import_edges
        if edge.target == connection.path and not edge.type_only
    }


def _texts(facts: Facts, call: s.Call) -> list[str]:
    """What the first argument of a call can say, but for what only the driver does."""
    argument = call.args[0] if call.args else None
    if argument is None or argument.star:
        return []
    found = facts.connections.texts.of(argument.value, facts.model.scope_of(call))
    return [
        text.text for text in found if text.text is not None and not _SPECIAL_TEXT.search(text.text)
    ]
