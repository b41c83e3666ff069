"""The raw database drivers' part in a run: connections, pools, cursors and the text they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import driverargs, running
from ci_gate.codemodel.dataflow.adapters import Adapter
from ci_gate.codemodel.dataflow.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    Block,
    Cursor,
    DriverRow,
    Frame,
    Item,
    Library,
    Many,
    Method,
    Pool,
    RowKind,
    Session,
    Statement,
    Text,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.dataflow.driverargs import Settings
from ci_gate.codemodel.dataflow.driverfacts import (
    COMMIT_CALLS,
    COMMIT_SETTINGS,
    DRIVERS,
    FACTORY_ATTRIBUTES,
    FACTORY_KEYWORDS,
    OPENING_CALLS,
    PATHS,
    QUOTED,
)
from ci_gate.codemodel.dataflow.events import Opened, Ran, Settled, UsedClosed
from ci_gate.codemodel.dataflow.running import How, Running
from ci_gate.codemodel.libraries import canonical
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_METHODS: Final[dict[str, How]] = {
    "execute": "rows", "executemany": "write", "execute_many": "write", "executescript": "write",
    "execute_fetchall": "many", "execute_insert": "write", "fetch": "many", "fetch_all": "many",
    "fetchrow": "one", "fetch_one": "one", "fetchval": "one", "fetch_val": "one",
    "iterate": "many", "stream": "many", "copy": "rows", "callproc": "write", "fetchmany": "write",
}  # fmt: skip
_STATUS_ONLY: Final = frozenset({"asyncpg", "databases"})
"""Drivers whose ``execute`` gives no rows."""
_TAKING: Final = frozenset({*running.MANY, *running.ONE, "fetchmany", "copy"})
"""Methods that take rows of a cursor."""
_OF_POOLS: Final = ("kwargs", "configure")
"""What a pool is given for all of its connections."""
_CLOSING: Final = ("contextlib.closing", "contextlib.aclosing")


class Drivers(Adapter):
    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._settings: dict[int, Settings] = {}
        self._inside: dict[int, int] = {}
        self._told: tuple[bool, bool] | None = None

    # --- values ---

    def value(self, path: str) -> Val | None:
        made = PATHS.get(path)
        if made is None:
            return None
        name = made.driver.name
        if made.role == "pool":
            usual = self._usual(name)
            rows = usual.rows or "unknown"
            return of(Pool(name, rows, made.is_async, usual.autocommits, self._only_call(path)))
        session = self.machine.ambient(path, is_async=made.is_async, driver=name)
        return of(session if made.role == "connection" else self._cursor(session, []))

    def _only_call(self, path: str) -> s.Node | None:
        """The one call of the program that makes such a pool."""
        calls = self.machine.model.calls_named(path.removesuffix("()").rpartition(".")[2])
        if len(calls) != 1:
            return None
        call, scope = calls[0]
        self.machine.homes[call] = scope.module.path
        return call

    def called(self, item: Item, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if isinstance(item, Library):
            return self._function(item.path, args, node, frame)
        if not isinstance(item, Method):
            return None
        owner, name = item.owner, item.name
        if isinstance(owner, Session) and owner.library == "driver":
            return self._connection_method(owner, name, args, node, frame)
        if isinstance(owner, Pool):
            return self._pool_method(owner, name, args, node, frame)
        if isinstance(owner, Cursor):
            return self._cursor_method(owner, name, args, node, frame)
        if isinstance(owner, Block):
            if name in ("commit", "rollback"):
                self._settle(owner.session, name, node, frame)  # type: ignore[arg-type]
            if name == "start":
                self._inside[owner.session.id] = self._inside.get(owner.session.id, 0) + 1
            return NONE
        return UNKNOWN if isinstance(owner, DriverRow) else None

    def _function(self, path: str, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        first = args.get(0)
        if path in _CLOSING and first is not None:
            held = first.only()
            if isinstance(held, Session):
                return of(Block(held, held, closes=True))
            return of(held) if isinstance(held, Cursor) else None
        package, _, name = path.rpartition(".")
        if package in ("psycopg.sql", "psycopg2.sql", "psycopg2.extensions"):
            if name in ("SQL", "Composed") and first is not None:
                return first
            if name in QUOTED:
                self.machine.use(*args.all())
                return of(Text(HOLE))
        made = PATHS.get(canonical(path + "()"))
        if made is None or (made.role == "cursor"):
            return None
        self.machine.use(*args.all())
        given = driverargs.settings(self.machine, args)
        name = made.driver.name
        if made.role == "pool":
            commits = made.driver.autocommits or given.autocommits
            self.machine.home(node, frame)
            rows = given.rows or made.driver.rows
            return of(Pool(name, rows, made.is_async, commits, node))
        session = self._opened(name, node, frame, is_async=made.is_async)
        if given.rows is None:
            known = self._usual(name).rows if session.shared else made.driver.rows
            given = replace(given, rows=known)
        if made.driver.autocommits or (session.shared and not given.autocommits):
            given = replace(given, autocommits=self._usual(name).autocommits)
        self._settings[session.id] = given
        return of(session)

    def _opened(
        self, driver: str, node: s.Expr, frame: Frame, *, is_async: bool, commits: bool = False
    ) -> Session:
        machine = self.machine
        session = machine.session(
            is_async=is_async, origin=node, library="driver", driver=driver, commits=commits
        )
        machine.home(node, frame)
        machine.emit(Opened(machine.place(node, frame), session))
        return session

    # --- rows ---

    def _usual(self, driver: str) -> Settings:
        """How a connection is that was not seen to be opened."""
        model = self.machine.model
        if self._told is None:
            self._told = (
                model.mentions(
                    FACTORY_ATTRIBUTES, (*FACTORY_KEYWORDS, *_OF_POOLS, "factory"), OPENING_CALLS
                ),
                model.mentions(
                    COMMIT_SETTINGS, (*COMMIT_SETTINGS, *_OF_POOLS), OPENING_CALLS, COMMIT_CALLS
                ),
            )
        rows, commits = self._told
        known = DRIVERS[driver]
        return Settings(
            "unknown" if rows else known.rows,
            True if known.autocommits else None if commits else False,
        )

    def _of(self, session: Session) -> Settings:
        return self._settings.get(session.id) or self._usual(session.driver)

    def _rows_of(self, session: Session) -> RowKind:
        return self._of(session).rows or DRIVERS[session.driver].rows

    def set_attribute(self, item: Item, target: s.Attribute, value: Val, frame: Frame) -> bool:
        if not isinstance(item, Session | Cursor) or (
            isinstance(item, Session) and item.library != "driver"
        ):
            return False
        if isinstance(item, Cursor) and target.name in FACTORY_ATTRIBUTES:
            sure = not self.machine.depth
            self.machine.row_kinds[item.id] = driverargs.factory(value) if sure else "unknown"
            return True
        session = item if isinstance(item, Session) else item.session
        if session is None:
            return True
        now = self._of(session)
        if target.name in FACTORY_ATTRIBUTES:
            now = replace(now, rows=driverargs.factory(value))
        elif target.name == "autocommit":
            now = replace(now, autocommits=driverargs.flag(value))
        elif target.name == "isolation_level":
            now = replace(now, autocommits=value == NONE if value.known else None)
        self._settings[session.id] = now
        del frame
        return True

    # --- pools ---

    def _pool_method(
        self, pool: Pool, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        if name in ("acquire", "getconn", "connection", "get_connection"):
            commits = name == "connection" and pool.driver == "psycopg"
            session = self._opened(
                pool.driver, node, frame, is_async=pool.is_async, commits=commits
            )
            self._settings[session.id] = Settings(pool.rows, pool.autocommits, pool.origin)
            return of(session)
        if name in ("release", "putconn"):
            for value in args.positional[:1]:
                for item in value.items:
                    if isinstance(item, Session):
                        self._close(item, node, frame)
            return NONE
        if name in _METHODS or name in ("transaction", "executemany"):
            each = f"pool:{pool.driver}"
            session = machine.ambient(each, is_async=pool.is_async, driver=pool.driver)
            session = replace(session, scoped=True, shared=False)
            self._settings[session.id] = Settings(pool.rows, True, pool.origin)
            return self._connection_method(session, name, args, node, frame)
        if name in ("connect", "close", "disconnect", "open", "wait", "closeall", "terminate",
                    "wait_closed", "__aenter__", "__aexit__"):  # fmt: skip
            return of(pool) if name in ("connect", "__aenter__") else NONE
        machine.use(*args.all())
        return UNKNOWN

    # --- connections ---

    def _connection_method(
        self, session: Session, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        if name in _METHODS:
            return self._run(session, None, name, args, node, frame)
        if name in ("cursor", "prepare"):
            rows = self._cursor_rows(session, args)
            made = self._cursor(session, [], rows)
            if name == "prepare" or (session.driver == "asyncpg" and args.positional):
                return self._prepared(made, name, args, node, frame)
            return of(made)
        if name in ("commit", "rollback"):
            self._settle(session, name, node, frame)  # type: ignore[arg-type]
            return NONE
        if name in ("close", "aclose", "terminate", "stop"):
            self._close(session, node, frame)
            return NONE
        if name in ("transaction", "begin"):
            return of(Block(session, session, commits=True))
        if name in ("connect", "__enter__", "__aenter__"):
            return of(session)
        if name in COMMIT_CALLS or name == "autocommit":
            given = args.get(0) if name == "autocommit" else args.get(None, "autocommit")
            commits = driverargs.flag(given) if given is not None else None
            self._settings[session.id] = replace(self._of(session), autocommits=commits)
            return NONE
        machine.use(*args.all())
        return UNKNOWN

    def _cursor_rows(self, session: Session, args: Args) -> RowKind:
        given = driverargs.settings(self.machine, args).rows
        for value in args.positional:
            if given is None and isinstance(value.only(), Library):
                given = driverargs.factory(value)
        return given or self._rows_of(session)

    def _cursor(self, session: Session, rans: list[Ran], rows: RowKind | None = None) -> Cursor:
        how = Running(session, session.driver, rows or self._rows_of(session), UNKNOWN, Args(None))
        origin = self._of(session).origin or session.origin
        return replace(running.cursor(self.machine, how, rans), origin=origin)

    def _prepared(self, made: Cursor, name: str, args: Args, node: s.Expr, frame: Frame) -> Val:
        """asyncpg's ``conn.cursor(query)`` and ``conn.prepare(query)``."""
        text = driverargs.text(args)
        session = made.session
        if text is None or session is None:
            return of(made)
        what = Running(session, made.driver, made.rows, text, args, spread=True)
        how: How = "many" if name == "cursor" else "rows"
        self.machine.pending[made.id] = [running.run(self.machine, what, how, node, frame)]
        return of(made)

    def _cursor_method(
        self, item: Cursor, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        session = item.session
        if item.driver == "asyncpg" and session is not None:
            data = frozenset().union(*(self.machine.deep_sources(v) for v in args.all()))
            for ran in self.machine.pending.get(item.id, ()):
                ran.data |= data
            self.machine.run.used |= data
            if name == "fetch":
                return running.many(self.machine, item, marked=True)
        elif session is not None and name in _METHODS and name not in _TAKING:
            return self._run(session, item, name, args, node, frame)
        if session is not None and name in _TAKING:
            self._check(session, "fetch", node, frame)
        found = running.fetched(self.machine, item, name, args, node, frame)
        if found is not None:
            return found
        self.machine.use(*args.all())
        return of(item) if name in ("__enter__", "__aenter__") else UNKNOWN

    def _run(
        self, session: Session, on: Cursor | None, name: str, args: Args, node: s.Expr,
        frame: Frame,
    ) -> Val | None:  # fmt: skip
        machine = self.machine
        text = driverargs.text(args)
        if text is None:
            machine.use(*args.all())
            return UNKNOWN
        self._check(session, "run", node, frame)
        how = _METHODS[name]
        rows = on.rows if on is not None else self._rows_of(session)
        if args.get(None, "record_class") is not None:
            rows = "unknown"
        what = Running(session, session.driver, rows, text, args,
                       spread=DRIVERS[session.driver].spread)  # fmt: skip
        statement = text.only()
        if isinstance(statement, Statement):
            return self._run_statement(session, statement, how, args, node, frame)
        if name == "executescript":
            self._settle(session, "commit", node, frame)
        ran = running.run(machine, what, how, node, frame)
        self._after(session, ran, node, frame)
        if name == "executescript":
            self._settle(session, "commit", node, frame)
        if on is not None:
            running.ran_on(machine, on, ran)
            return of(on)
        result = self._cursor(session, [ran], rows)
        if how == "many":
            return running.many(machine, result)
        if name in ("fetchval", "fetch_val"):
            return running.scalar(machine, result)
        if how == "one":
            return running.one(machine, result)
        return UNKNOWN if session.driver in _STATUS_ONLY else of(result)

    def _run_statement(
        self, session: Session, statement: Statement, how: How, args: Args, node: s.Expr,
        frame: Frame,
    ) -> Val:  # fmt: skip
        """A statement of SQLAlchemy's on a connection of ``databases``."""
        machine = self.machine
        machine.use(*args.all())
        if statement.kind != "select":
            how = "write"
        data = statement.sources | args.sources()
        machine.emit(Ran(machine.place(node, frame), statement, how, session, data))
        row = of(DriverRow(session.driver, "unknown"))
        if how == "many":
            return of(Many(row, not statement.single, statement))
        return merged((row, NONE))

    def _after(self, session: Session, ran: Ran, node: s.Expr, frame: Frame) -> None:
        """What running the text does to the transaction."""
        kind = running.kind_of(ran)
        if kind in ("commit", "rollback"):
            self._inside.pop(session.id, None)
            self._settle(session, kind, node, frame)
        elif kind == "begin":
            self._inside[session.id] = self._inside.get(session.id, 0) + 1
        elif kind == "write" and not self._inside.get(session.id):
            known = self._of(session).autocommits
            if known is not False:
                self._settle(session, "commit", node, frame, certain=known is True)

    def _settle(
        self,
        session: Session,
        how: Literal["commit", "rollback"],
        node: s.Expr,
        frame: Frame,
        *,
        certain: bool = True,
    ) -> None:
        self.machine.emit(Settled(self.machine.place(node, frame), session, how, certain))

    def _close(self, session: Session, node: s.Expr, frame: Frame) -> None:
        self.machine.emit(Settled(self.machine.place(node, frame), session, "close"))
        self.machine.state.closed[session.id] = self.machine.tick()

    def _check(
        self, session: Session, how: Literal["run", "fetch"], node: s.Node, frame: Frame
    ) -> None:
        if session.id in self.machine.state.closed and not session.shared:
            self.machine.emit(UsedClosed(self.machine.place(node, frame), session, how))

    # --- blocks ---

    def around(
        self, item: Item, node: s.Expr, frame: Frame, body: Callable[[Val], bool]
    ) -> bool | None:
        if isinstance(item, Pool | Cursor):
            return body(of(item))
        if isinstance(item, Block):
            return self._block(item, node, frame, body)
        if isinstance(item, Session) and item.library == "driver":
            end = DRIVERS[item.driver].end
            commits = item.commits or "commit" in end
            closes = "close" in end or item.commits
            return self._block(Block(item, item, commits, closes), node, frame, body)
        return None

    def _block(self, block: Block, node: s.Expr, frame: Frame, body: Callable[[Val], bool]) -> bool:
        session = block.session
        if block.commits:
            self._inside[session.id] = self._inside.get(session.id, 0) + 1
        left = body(of(block.gives) if block.gives is not None else NONE)
        if block.commits:
            self._inside[session.id] = max(0, self._inside.get(session.id, 0) - 1)
            self._settle(session, "commit", node, frame)
        if block.closes:
            self._close(session, node, frame)
        return left

    # --- attributes and iteration ---

    def attribute(self, item: Item, name: str, node: s.Node, frame: Frame) -> Val | None:
        del node, frame
        if isinstance(item, Session) and item.library == "driver":
            if name in ("total_changes", "in_transaction", "info", "row_factory"):
                return UNKNOWN
            return of(Method(item, name))
        if isinstance(item, Cursor):
            if name in ("rowcount", "lastrowid", "description", "arraysize", "query"):
                return UNKNOWN
            if name == "connection":
                return of(item.session) if item.session is not None else UNKNOWN
            return of(Method(item, name))
        if isinstance(item, Pool | Block):
            return of(Method(item, name))
        if isinstance(item, DriverRow):
            return of(Method(item, name)) if name in _ROW_CALLS else UNKNOWN
        return None

    def item(self, item: Item, key: Val, node: s.Node, frame: Frame) -> Val | None:
        del key, node, frame
        return UNKNOWN if isinstance(item, DriverRow) else None

    def iterated(self, item: Item, node: s.Node, frame: Frame) -> Many | None:
        if isinstance(item, Cursor):
            if item.session is not None:
                self._check(item.session, "fetch", node, frame)
            found = running.many(self.machine, item)
            inner = found.only()
            if isinstance(inner, Many):
                return inner
        if isinstance(item, DriverRow):
            return Many(UNKNOWN)
        return None


_ROW_CALLS: Final = frozenset({"get", "keys", "values", "items", "_asdict", "pop", "copy"})
