from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place, Ran, Run, Settled, Wrote
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._atomic import is_atomic, is_decorated
from ci_gate.rules.orm._paths import Hop, Surroundings, leaves, way

_ERRORS: Final = frozenset({
    "IntegrityError", "DatabaseError", "DataError", "SQLAlchemyError", "DBAPIError",
    "UniqueViolation", "ForeignKeyViolation", "NotNullViolation", "CheckViolation",
    "UniqueViolationError", "ForeignKeyViolationError", "NotNullViolationError",
    "IntegrityConstraintViolationError", "PostgresError",
})  # fmt: skip
_LIBRARIES: Final = ("django.", "sqlalchemy.", "asyncpg.", "psycopg.", "psycopg2.", "sqlmodel.")
#: What ends or renews the transaction.
_CURES: Final = frozenset({
    "rollback", "begin_nested", "close", "aclose", "abort", "set_rollback", "savepoint_rollback",
    "remove", "reset", "invalidate", "restart",
})  # fmt: skip
#: Methods of Django that have a savepoint of their own.
_SAVED: Final = ("get_or_create", "update_or_create")
_POSTGRES: Final = frozenset({"psycopg", "psycopg2", "asyncpg"})


@dataclass(frozen=True, slots=True)
class _Caught:
    """A handler that goes on after an error of the database; ``raises``: within itself only."""

    statement: s.Try
    handler: s.Handler
    function: FunctionInfo
    raises: bool = False


@dataclass(frozen=True, slots=True)
class _Failing:
    """A statement that may fail in a ``try``: the way there, and the level of the ``try``."""

    event: Ran | Wrote | Settled
    hops: tuple[Hop, ...]
    level: int
    caught: _Caught


class AbortedTransaction(Rule):
    """An error of the database is caught, and its transaction is used on.

    The handler swallows `IntegrityError` (or goes on to query) without a rollback, and no savepoint
    stands around the statement that failed.

    ## Why is this bad?
    A statement that fails ends the transaction. Django marks the `atomic` block as broken: the next
    query raises TransactionManagementError, and what was written before is rolled back at the end
    of the block without a word. SQLAlchemy raises PendingRollbackError after a failed flush;
    PostgreSQL answers "current transaction is aborted, commands ignored until end of transaction
    block". As long as no row is there twice, all of it works.

    ## Fix
    Put a savepoint around the statement that may fail, inside the `try`: `with
    transaction.atomic():` in Django, `with session.begin_nested():` in SQLAlchemy. Or let the
    database decide: `get_or_create`, `INSERT … ON CONFLICT DO NOTHING`.

    ## Silent on
    Handlers that roll back or end the work, or raise before they query; statements in a `with`
    block inside the `try`; statements that SQLAlchemy executes on SQLite and MySQL, where the
    transaction lives on; code in Django that is in no transaction.

    ## Source
    Django, "Database transactions" (Avoid catching exceptions inside atomic!); SQLAlchemy, "This
    Session's transaction has been rolled back due to a previous exception during flush".
    """

    id = "orm/aborted-transaction"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        look = _Look(facts)
        if not look.caught:
            return
        seen: set[s.Node] = set()
        for run in facts.flows.runs:
            for failing in look.failing(run):
                if failing.caught.handler in seen:
                    continue
                used = look.used_on(run, failing)
                if used is not None:
                    seen.add(failing.caught.handler)
                    yield self._finding(failing, *used)

    def _finding(self, failing: _Failing, used: Place, later: bool) -> Finding:
        caught = failing.caught
        django = failing.event.session is not None and failing.event.session.library == "django"
        path = caught.function.module.path
        node, function = failing.hops[-1]
        if django and later:
            why = "The next query in the block raises TransactionManagementError."
        elif django:
            why = "Django rolls the whole block back at its end: what was written before is lost."
        elif isinstance(failing.event, Settled):
            why = "The next use of the session raises PendingRollbackError."
        else:
            why = "PostgreSQL refuses the next statement: current transaction is aborted."
        savepoint = "transaction.atomic()" if django else "session.begin_nested()"
        if failing.event.session is not None and failing.event.session.library == "driver":
            savepoint = "connection.transaction()"
        return self.finding(
            path,
            s.Node(caught.handler.span),
            message=(
                f"{caught.function.name} catches an error of the database inside a transaction and"
                " goes on with it"
            ),
            why=why,
            fix=f"Put `with {savepoint}:` around the statement, inside the try.",
            subject=f"{caught.function.name} goes on",
            related=[
                Related(function.module.path, node.line, "this statement may fail"),
                Related(used.path, used.node.line, "and this one is of the same transaction"),
            ],
        )


class _Look:
    """What the rule looks at."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._surroundings = Surroundings()
        self.caught: dict[s.Node, list[_Caught]] = {}
        for function in facts.model.functions.values():
            if function.module.language == "python" and not is_outside(function.module.path):
                self._gather(function)

    def _gather(self, function: FunctionInfo) -> None:
        """Each node of a ``try`` with the handlers that go on after an error of the database."""
        if not isinstance(function.node, s.Function):
            return
        for node in self._surroundings.parents(function).nodes:
            if not isinstance(node, s.Try):
                continue
            handlers = [item for item in node.handlers if self._uncured(item)]
            if len(handlers) != 1 or any(_cures(part) for part in node.final):
                continue
            raises = any(_raises(part) for part in handlers[0].body)
            if raises and leaves(handlers[0].body) != "raise":
                continue
            caught = _Caught(node, handlers[0], function, raises)
            for part in node.body:
                for inner in s.walk(part, into_functions=False):
                    self.caught.setdefault(inner, []).append(caught)

    def _uncured(self, handler: s.Handler) -> bool:
        if handler.type is None:
            return False
        types = handler.type.items if isinstance(handler.type, s.Sequence) else [handler.type]
        if not any(self._is_error(item) for item in types):
            return False
        return not any(_cures(part) for part in handler.body)

    def _is_error(self, expr: s.Expr) -> bool:
        name = expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")
        return name in _ERRORS and any(
            isinstance(value, ExternalValue) and value.path.startswith(_LIBRARIES)
            for value in self._model.evaluate(expr)
        )

    @cached_property
    def _per_request(self) -> bool:
        """Is every view one transaction?"""
        return any(
            isinstance(entry.key, s.Literal)
            and entry.key.value == "ATOMIC_REQUESTS"
            and isinstance(entry.value, s.Literal)
            and entry.value.value is True
            for path, module in self._model.modules.items()
            if module.language == "python" and "ATOMIC_REQUESTS" in self._model.tree.text(path)
            for node in s.walk(module)
            if isinstance(node, s.Mapping)
            for entry in node.entries
        )

    @cached_property
    def _is_postgres(self) -> bool:
        dialect = self._facts.dialect
        if dialect is not None:
            return dialect == "postgres"
        engines = {
            address.place.engine
            for connection in self._facts.connections
            for address in connection.primary
        }
        return engines == {"postgresql"}

    @cached_property
    def _autocommits(self) -> bool:
        """Is the isolation level of SQLAlchemy's connections set?"""
        return any(
            argument.keyword == "isolation_level"
            for name in ("create_engine", "create_async_engine", "execution_options")
            for call, _ in self._model.calls_named(name)
            for argument in call.args
        )

    # --- what may fail ---

    def failing(self, run: Run) -> Iterator[_Failing]:
        for event in run.unbroken():
            if not isinstance(event, Ran | Wrote | Settled) or not self._may_fail(event):
                continue
            hops = way(event.place)
            for level in range(len(hops) - 1, -1, -1):
                node, function = hops[level]
                for caught in self.caught.get(node, ()):
                    if caught.function is function and not any(
                        self._is_saved(hop, caught.statement if index == 0 else None)
                        for index, hop in enumerate(hops[level:])
                    ):
                        yield _Failing(event, hops, level, caught)

    def _may_fail(self, event: Ran | Wrote | Settled) -> bool:
        session = event.session
        if session is None:
            return False
        if session.library == "django":
            if isinstance(event, Wrote):
                return not event.what.endswith(_SAVED)
            return isinstance(event, Ran) and event.how == "write" and not _is_saved_call(event)
        if session.library == "sqlalchemy" and isinstance(event, Settled):
            return event.how in ("flush", "commit")
        if not (isinstance(event, Ran) and event.how == "write"):
            return False
        if session.library == "driver":
            return session.driver in _POSTGRES
        return self._is_postgres and not self._autocommits

    def _is_saved(self, hop: Hop, within: s.Node | None) -> bool:
        """Is there a block or handler around the node that may end what failed?"""
        node, function = hop
        for around, part in self._surroundings.around(node, function):
            if around is within:
                return False
            if isinstance(around, s.With) and not all(_is_cursor(item) for item in around.items):
                return True
            if isinstance(around, s.Try) and (part in around.body or part in around.final):
                return True
        return within is None and is_decorated(self._model, function)

    # --- what comes after ---

    def used_on(self, run: Run, failing: _Failing) -> tuple[Place, bool] | None:
        """Another use of the transaction; is it later than the one that failed?"""
        session = failing.event.session
        assert session is not None
        limits = self._limits(failing, run)
        if limits is None:
            return None
        after = self._after(failing, limits)
        others = [
            (event, way(event.place))
            for event in run.events
            if isinstance(event, Ran | Wrote | Settled)
            and event.session is not None
            and event.session.id == session.id
        ]
        later = [event for event, hops in others if _is_among(hops, failing.hops, after)]
        if any(isinstance(event, Settled) and event.how == "rollback" for event in later):
            return None
        unbroken = {id(event) for event in run.unbroken()}
        for event in later:
            if id(event) not in unbroken:
                break
            if isinstance(event, Ran) or (session.library != "django" and _is_use(event)):
                return event.place, True
        if session.library == "django" and not failing.caught.raises:
            before = self._before(failing, limits)
            for event, hops in others:
                if isinstance(event, Wrote) and _is_among(hops, failing.hops, before):
                    return event.place, False
        return None

    def _limits(self, failing: _Failing, run: Run) -> tuple[int, s.Node | None] | None:
        """The outermost level that is of the same transaction, and its block there."""
        session = failing.event.session
        assert session is not None
        for level in range(failing.level, -1, -1):
            node, function = failing.hops[level]
            inside = failing.caught.statement if level == failing.level else node
            for around, _ in self._surroundings.around(inside, function):
                if not isinstance(around, s.With):
                    continue
                for item in around.items:
                    if session.library == "django" and is_atomic(self._model, item.context):
                        return level, around
                    if session.library != "django" and _cures(item.context):
                        return None
                    if session.driver == "asyncpg" and _is_transaction(item.context):
                        return level, around
            if session.library == "django" and is_decorated(self._model, function):
                return level, None
        if session.library == "django":
            return (0, None) if run.route is not None and self._per_request else None
        return None if session.driver == "asyncpg" else (0, None)

    def _after(self, failing: _Failing, limits: tuple[int, s.Node | None]) -> list[set[s.Node]]:
        """For each level, the nodes that run when the error has been caught."""
        caught = failing.caught
        outermost, block = limits
        found: list[set[s.Node]] = [set() for _ in failing.hops]
        first = found[failing.level]
        first.update(_nodes(caught.handler.body))
        ends = leaves(caught.handler.body)
        if ends == "return" or caught.raises:
            return found
        told = _bound(caught.handler.body) | _told(caught.statement)
        rest = self._surroundings.after(
            caught.statement, caught.function, block if outermost == failing.level else None
        )
        if ends == "break":
            rest = [item for item in rest if not self._in_loop(caught, item)]
        if any(_asks(item, told) for item in rest):
            return found
        first.update(_nodes(rest))
        if any(isinstance(node, s.Return) and node.value is not None
               for part in (*caught.statement.body, *rest)
               for node in s.walk(part, into_functions=False)):  # fmt: skip
            return found
        for level in range(failing.level - 1, outermost - 1, -1):
            node, function = failing.hops[level]
            rest = self._surroundings.after(node, function, block if level == outermost else None)
            found[level].update(_nodes(rest))
        return found

    def _before(self, failing: _Failing, limits: tuple[int, s.Node | None]) -> list[set[s.Node]]:
        outermost, block = limits
        found: list[set[s.Node]] = [set() for _ in failing.hops]
        for level in range(failing.level, outermost - 1, -1):
            node, function = failing.hops[level]
            inside = failing.caught.statement if level == failing.level else node
            limit = block if level == outermost else None
            found[level].update(_nodes(self._surroundings.before(inside, function, limit)))
        return found

    def _in_loop(self, caught: _Caught, statement: s.Stmt) -> bool:
        return any(
            isinstance(around, s.For | s.While) and statement in around.body
            for around, _ in self._surroundings.around(caught.statement, caught.function)
        )


def _is_among(hops: tuple[Hop, ...], failing: tuple[Hop, ...], nodes: list[set[s.Node]]) -> bool:
    """Does the way leave the failing one at one of the nodes of a level?"""
    for level, (node, function) in enumerate(hops):
        if level >= len(failing) or function is not failing[level][1]:
            return False
        if node in nodes[level]:
            return True
        if node is not failing[level][0]:
            return False
    return False


def _is_use(event: Ran | Wrote | Settled) -> bool:
    return isinstance(event, Settled) and event.how in ("commit", "flush")


def _is_saved_call(event: Ran) -> bool:
    node = event.place.node
    return (
        isinstance(node, s.Call)
        and isinstance(node.func, s.Attribute)
        and node.func.name.removeprefix("a") in _SAVED
    )


def _nodes(body: Iterable[s.Node]) -> Iterator[s.Node]:
    for part in body:
        yield from s.walk(part, into_functions=False)


def _called(node: s.Node) -> str:
    if not isinstance(node, s.Call):
        return ""
    func = node.func
    return func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")


def _cures(part: s.Node) -> bool:
    return any(_called(node) in _CURES for node in s.walk(part, into_functions=False))


def _raises(part: s.Node) -> bool:
    """Does it raise, if only in some cases?"""
    return any(isinstance(node, s.Raise) for node in s.walk(part, into_functions=False))


def _is_cursor(item: s.WithItem) -> bool:
    return _called(item.context) == "cursor"


def _is_transaction(expr: s.Expr) -> bool:
    return _called(expr) == "transaction"


def _bound(body: Iterable[s.Stmt]) -> frozenset[str]:
    """The names that the handler sets."""
    return frozenset(
        target.id
        for node in _nodes(body)
        if isinstance(node, s.Assign)
        for target in node.targets
        if isinstance(target, s.Name)
    )


def _told(statement: s.Try) -> frozenset[str]:
    """The names that tell whether the statements of a ``try`` have run."""
    return _bound([*statement.body, *statement.orelse])


def _asks(part: s.Node, names: frozenset[str]) -> bool:
    """Does it decide by one of the names?"""
    return any(
        isinstance(node, s.If | s.While | s.Conditional)
        and node.test is not None
        and any(isinstance(inner, s.Name) and inner.id in names for inner in s.walk(node.test))
        for node in s.walk(part, into_functions=False)
    )
