"""The raw database drivers' part in a run: connections, pools, cursors and the text they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import running
from ci_gate.codemodel.dataflow.adapters import Adapter
from ci_gate.codemodel.dataflow.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    Block,
    Const,
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
from ci_gate.codemodel.dataflow.driverfacts import (
    DRIVERS,
    FACTORIES,
    FACTORY_ATTRIBUTES,
    FACTORY_CALLS,
    FACTORY_KEYWORDS,
    PATHS,
    QUOTED,
    REAL_DICTS,
    Made,
)
from ci_gate.codemodel.dataflow.events import Opened, Ran, Settled
from ci_gate.codemodel.dataflow.running import How, Running
from ci_gate.codemodel.libraries import canonical

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
_CLOSING: Final = ("contextlib.closing", "contextlib.aclosing")
_TEXT: Final = ("query", "sql", "statement", "command", "operation")


class Drivers(Adapter):
    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._rows: dict[int, RowKind] = {}
        self._autocommits: dict[int, bool] = {}
        self._inside: dict[int, int] = {}
        self._mentions: bool | None = None

    # --- values ---

    def value(self, path: str) -> Val | None:
        made = PATHS.get(path)
        if made is None:
            return None
        name = made.driver.name
        if made.role == "pool":
            return of(Pool(name, self._usual_rows(name), made.is_async))
        session = self.machine.ambient(path, is_async=made.is_async, driver=name)
        return of(session if made.role == "connection" else self._cursor(session, []))

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
        rows = self._given_rows(made.driver.name, args)
        if made.role == "pool":
            usual = self._usual_rows(made.driver.name)
            return of(Pool(made.driver.name, rows or usual, made.is_async))
        return of(self._opened(made, rows, args, node, frame))

    def _opened(
        self, made: Made, rows: RowKind | None, args: Args, node: s.Expr, frame: Frame
    ) -> Session:
        driver = made.driver
        session = self.machine.session(
            is_async=made.is_async, origin=node, library="driver", driver=driver.name
        )
        self._rows[session.id] = rows or ("unknown" if session.shared else driver.rows)
        if session.shared and rows is None:
            self._rows[session.id] = self._usual_rows(driver.name)
        self._autocommits[session.id] = driver.autocommits or _is_autocommit(args)
        self.machine.home(node, frame)
        self.machine.emit(Opened(self.machine.place(node, frame), session))
        return session

    # --- rows ---

    def _given_rows(self, driver: str, args: Args) -> RowKind | None:
        """What a row factory in the arguments makes; None where none is given."""
        if not args.whole or args.get(None, "kwargs") is not None:
            return "unknown"
        for keyword in FACTORY_KEYWORDS:
            given = args.get(None, keyword)
            if given is not None and given != NONE:
                return _factory(given)
        if args.get(None, "factory") is not None or args.get(None, "configure") is not None:
            return "unknown"
        dictionary = args.get(None, "dictionary")
        if dictionary is not None:
            return "dict" if dictionary == of(Const(True)) else "unknown"
        del driver
        return None

    def _usual_rows(self, driver: str) -> RowKind:
        """The rows of a connection that was not seen to be opened."""
        if self._mentions is None:
            self._mentions = self.machine.model.mentions(
                attributes=FACTORY_ATTRIBUTES, keywords=FACTORY_KEYWORDS, calls=FACTORY_CALLS
            )
        return "unknown" if self._mentions else DRIVERS[driver].rows

    def _rows_of(self, session: Session) -> RowKind:
        return self._rows.get(session.id) or self._usual_rows(session.driver)

    def set_attribute(self, item: Item, target: s.Attribute, value: Val, frame: Frame) -> bool:
        if not isinstance(item, Session | Cursor) or (
            isinstance(item, Session) and item.library != "driver"
        ):
            return False
        session = item if isinstance(item, Session) else item.session
        if session is None:
            return True
        if target.name in FACTORY_ATTRIBUTES:
            self._rows[session.id] = _factory(value)
        elif target.name == "autocommit":
            self._autocommits[session.id] = value != of(Const(False))
        elif target.name == "isolation_level":
            self._autocommits[session.id] = value == NONE
        del frame
        return True

    # --- pools ---

    def _pool_method(
        self, pool: Pool, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        driver = DRIVERS[pool.driver]
        if name in ("acquire", "getconn", "connection", "get_connection"):
            commits = name == "connection" and pool.driver == "psycopg"
            session = machine.session(
                is_async=pool.is_async, origin=node, library="driver", driver=pool.driver,
                commits=commits,
            )  # fmt: skip
            self._rows[session.id] = pool.rows
            self._autocommits[session.id] = driver.autocommits
            machine.emit(Opened(machine.place(node, frame), session))
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
            self._rows[session.id] = pool.rows
            self._autocommits[session.id] = True
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
        machine.use(*args.all())
        return UNKNOWN

    def _cursor_rows(self, session: Session, args: Args) -> RowKind:
        given = self._given_rows(session.driver, args)
        for value in args.positional:
            if given is None and isinstance(value.only(), Library):
                given = _factory(value)
        return given or self._rows_of(session)

    def _cursor(self, session: Session, rans: list[Ran], rows: RowKind | None = None) -> Cursor:
        how = Running(session, session.driver, rows or self._rows_of(session), UNKNOWN, Args(None))
        return running.cursor(self.machine, how, rans)

    def _prepared(self, made: Cursor, name: str, args: Args, node: s.Expr, frame: Frame) -> Val:
        """asyncpg's ``conn.cursor(query)`` and ``conn.prepare(query)``."""
        text = _text(args)
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
        text = _text(args)
        if text is None:
            machine.use(*args.all())
            return UNKNOWN
        how = _METHODS[name]
        rows = on.rows if on is not None else self._rows_of(session)
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
            known = self._autocommits.get(session.id)
            if known is None:
                known = DRIVERS[session.driver].autocommits
            if known:
                self._settle(session, "commit", node, frame)

    def _settle(
        self, session: Session, how: Literal["commit", "rollback"], node: s.Expr, frame: Frame
    ) -> None:
        self.machine.emit(Settled(self.machine.place(node, frame), session, how))

    def _close(self, session: Session, node: s.Expr, frame: Frame) -> None:
        self.machine.emit(Settled(self.machine.place(node, frame), session, "close"))
        self.machine.state.closed[session.id] = self.machine.tick()

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
            if name in ("total_changes", "in_transaction", "autocommit", "info", "row_factory"):
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
        del node, frame
        if isinstance(item, Cursor):
            found = running.many(self.machine, item)
            inner = found.only()
            if isinstance(inner, Many):
                return inner
        if isinstance(item, DriverRow):
            return Many(UNKNOWN)
        return None


_ROW_CALLS: Final = frozenset({"get", "keys", "values", "items", "_asdict", "pop", "copy"})


def _text(args: Args) -> Val | None:
    for keyword in _TEXT:
        found = args.get(None, keyword)
        if found is not None:
            return found
    return args.get(0)


def _factory(value: Val) -> RowKind:
    """What a row factory or cursor class makes of rows."""
    item = value.only()
    if item == Const(None) and not value.partial:
        return "tuple"
    if not isinstance(item, Library) or value.partial:
        return "unknown"
    name = item.path.removesuffix("()").rpartition(".")[2]
    if name == "DictCursor" and item.path.startswith(REAL_DICTS):
        return "dict"
    return FACTORIES.get(name, "unknown")


def _is_autocommit(args: Args) -> bool:
    given = args.get(None, "autocommit")
    if given is not None:
        return given != of(Const(False))
    level = args.get(None, "isolation_level")
    return level is not None and level == NONE
