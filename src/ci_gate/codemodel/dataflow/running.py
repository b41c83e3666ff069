"""SQL text that runs, through a driver or through the ORM's session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import driverargs, sqltexts, texts
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Cursor,
    DriverRow,
    Frame,
    Many,
    RowKind,
    Session,
    Source,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.dataflow.events import Paged, Place, Ran, SqlText, Wrote
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.sqldrivers import BY_NAME, only_driver, packages
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

How = Literal["rows", "one", "many", "count", "write"]

MANY: Final = frozenset({"fetchall", "all", "fetch_all", "partitions", "columns", "yield_per"})
ONE: Final = frozenset({
    "fetchone", "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none",
    "fetchval", "fetchrow",
})  # fmt: skip
SAME: Final = frozenset({
    "scalars", "mappings", "unique", "tuples", "execution_options", "freeze", "__aiter__",
    "__iter__",
})  # fmt: skip


_HOLDERS: Final = regex(
    r"_{0,2}(?:db_?|sql_?)?(?:cursor|curs?|conn|connection|con|db|tx)", re.IGNORECASE
)
#: Branches before the last statement of which is kept what ran in them.
_BRANCHES: Final = 3


@dataclass(frozen=True, slots=True)
class Running:
    """A call that runs text: on which connection, with which values beside it."""

    session: Session | None
    driver: str
    rows: RowKind
    text: Val
    args: Args
    spread: bool = False


def run(
    machine: Machine,
    running: Running,
    how: How,
    node: s.Expr,
    frame: Frame,
    *,
    told: bool = False,
    prepared: bool = False,
) -> Ran:
    """The text is handed to the database. ``how`` is what the method says of the result; ``told``:
    there is an event for the text already; ``prepared``: the call gets the values only."""
    machine.unspoken += 1
    place = machine.place(node, frame)
    if not prepared:
        place = home(place)
    if not told:
        machine.emit(SqlText(place, running.text))
    found = texts.texts(running.text)
    data = running.text.sources
    for value in running.args.all():
        if value is not running.text:
            data |= machine.deep_sources(value)
    machine.run.used |= data
    kind = sqltexts.kind(found)
    if kind in ("write", "schema", "begin", "commit", "rollback"):
        how = "write"
    elif kind == "read" and how in ("one", "rows") and all(map(sqltexts.counts, found)):
        how = "count"
    ran = Ran(place, None, how, running.session, data, found, running.text.known)
    machine.emit(ran)
    if kind == "write":
        machine.emit(Wrote(machine.place(node, frame), running.session, _what(found[0])))
    if len(found) == 1:
        for value in sqltexts.paging(found[0], running.args, machine.heap, spread=running.spread):
            machine.emit(Paged(place, value))
    return ran


def guessed(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> None:
    """SQL text given to something of which only the name says that it is a connection or cursor,
    in a program with one driver: the text is handed to the database, and no more is known."""
    if not isinstance(node, s.Call) or not isinstance(node.func, s.Attribute):
        return
    if node.func.name not in BY_NAME or not _HOLDERS.fullmatch(_last(node.func.value)):
        return
    text = driverargs.text(args)
    if text is None or sqltexts.kind(texts.texts(text)) not in ("read", "write", "schema"):
        return
    if machine.known.one_driver is None:
        machine.known.one_driver = only_driver(packages(machine.model).values()) is not None
    if machine.known.one_driver:
        machine.emit(SqlText(home(machine.place(node, frame)), text))


def _last(expr: s.Expr) -> str:
    return expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")


def home(place: Place) -> Place:
    """Where the text comes from: the call of a helper that is handed the text and runs it."""
    call = place.node
    given = driverargs.text_of(call) if isinstance(call, s.Call) else None
    for index in range(len(place.calls) - 1, -1, -1):
        node, function = place.calls[index]
        given = _passed(given, place.function, node)
        if given is None:
            break
        place = Place(node, function, place.calls[:index], place.loops)
    return place


def _passed(given: s.Expr | None, function: FunctionInfo, call: s.Node) -> s.Expr | None:
    """What ``call`` hands over for the parameter that ``given`` names; None if it names none."""
    node = function.node
    if not (
        isinstance(given, s.Name) and isinstance(node, s.Function) and isinstance(call, s.Call)
    ):
        return None
    names = [param.name for param in node.params if not param.kind.startswith("*")]
    if given.id not in names:
        return None
    bound = function.cls is not None and node.kind != "static"
    return call.argument(names.index(given.id) - bound, given.id)


def _what(text: str) -> str:
    words = sqltexts.plainly(text).split()
    return " ".join(words[:3])


def kind_of(ran: Ran) -> sqltexts.Kind:
    return sqltexts.kind(ran.texts) if ran.texts else "unknown"


# --- results -------------------------------------------------------------------------------------


def cursor(machine: Machine, running: Running, rans: list[Ran]) -> Cursor:
    """What holds the result of what has run."""
    machine.cursors += 1
    machine.pending[machine.cursors] = rans
    return Cursor(machine.cursors, running.session, running.driver, running.rows)


def ran_on(machine: Machine, item: Cursor, ran: Ran) -> None:
    """Text ran on a cursor: what is fetched from now on comes from it.

    Of two branches that each ran something, both are kept.
    """
    machine.unspoken += 1
    waiting = [other for other in machine.pending.get(item.id, ()) if other.how == "rows"]
    machine.pending[item.id] = [*waiting[-_BRANCHES:], ran]


def many(machine: Machine, item: Cursor, *, marked: bool = True) -> Val:
    """All rows of the result."""
    rans = machine.pending.get(item.id, [])
    if marked:
        mark(rans, "many")
    stored = not rans or any(sqltexts.grows(ran.texts) for ran in rans)
    return Val((Many(element(machine, item), stored),), _items(rans))


def one(machine: Machine, item: Cursor) -> Val:
    mark(machine.pending.get(item.id, []), "one")
    row = element(machine, item)
    return merged((row, NONE))


def scalar(machine: Machine, item: Cursor) -> Val:
    rans = machine.pending.get(item.id, [])
    mark(rans, "one")
    return Val((), _items(rans))


def element(machine: Machine, item: Cursor) -> Val:
    """One row. Of what its statement was made with, it carries the items of loops only."""
    rans = machine.pending.get(item.id, [])
    kind = machine.row_kinds.get(item.id, item.rows)
    if item.session is not None and item.session.id in machine.run.escaped:
        kind = "unknown"
    row = DriverRow(item.driver, kind, item.origin, _texts(rans))
    return of(row, sources=_items(rans))


def _texts(rans: list[Ran]) -> tuple[str, ...]:
    """The statements that a row may come from; none where one of them is not known."""
    if len(rans) > _BRANCHES or not all(ran.texts and ran.told for ran in rans):
        return ()
    return tuple(dict.fromkeys(text for ran in rans for text in ran.texts))


def mark(rans: list[Ran], how: How) -> None:
    for ran in rans:
        if ran.how == "rows":
            ran.how = how


def _items(rans: list[Ran]) -> frozenset[Source]:
    return frozenset(source for ran in rans for source in ran.data if source.part == "item")


def fetched(
    machine: Machine, item: Cursor, name: str, args: Args, node: s.Expr, frame: Frame
) -> Val | None:
    """A method of a result that takes rows out of it; None for other methods."""
    del node, frame
    if name in MANY:
        return many(machine, item)
    if name == "fetchmany":
        machine.use(*args.all())
        return many(machine, item, marked=False)
    if name in ("scalar", "scalar_one", "scalar_one_or_none", "fetchval"):
        return scalar(machine, item)
    if name in ONE:
        return one(machine, item)
    if name in SAME:
        return of(item)
    return UNKNOWN if name in ("close", "keys", "setinputsizes", "nextset") else None
