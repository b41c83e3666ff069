"""What a run leaves behind: the things that rules look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    DriverRow,
    Instance,
    ModelRow,
    NotIncluded,
    Rows,
    Session,
    Source,
    Statement,
    Val,
)
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Route
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop in progress over things that a query gave; ``depth`` calls led to it."""

    node: s.Node
    function: FunctionInfo
    item: Source
    statement: Statement | None
    depth: int = 0


@dataclass(slots=True, eq=False)
class Place:
    """Where something happened: the node, the function, the calls that led there, and the loops
    around it whose every turn comes here."""

    node: s.Node
    function: FunctionInfo
    calls: tuple[tuple[s.Node, FunctionInfo], ...] = ()
    loops: tuple[Loop, ...] = ()

    @property
    def path(self) -> str:
        return self.function.module.path


@dataclass(slots=True, eq=False)
class Ran:
    """A statement ran. ``how``: its result is one thing, many, a number, it writes, or (``rows``)
    nobody has looked at it yet. ``data`` is what reached it. Of SQL text, ``texts`` are those that
    may have run, with ``HOLE`` for what is not known of them; ``told``: there are no others."""

    place: Place
    statement: Statement | None
    how: Literal["rows", "one", "many", "count", "write"]
    session: Session | None = None
    data: frozenset[Source] = frozenset()
    texts: tuple[str, ...] = ()
    told: bool = False

    def home(self) -> Place:
        """Where the statement was handed over in the module that built it."""
        if self.statement is None or self.place.path == self.statement.module:
            return self.place
        for index in range(len(self.place.calls) - 1, -1, -1):
            node, function = self.place.calls[index]
            if function.module.path == self.statement.module:
                return Place(node, function, self.place.calls[:index], self.place.loops)
        return self.place


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A relation was read that may not be loaded yet. ``state``: of the instance's session."""

    place: Place
    instance: Instance
    relation: str
    state: Literal["open", "closed"]


@dataclass(frozen=True, slots=True, eq=False)
class Expired:
    """A column was read after a commit or rollback expired its object, or (``update``) after the
    database gave it a new value."""

    place: Place
    instance: Instance
    attribute: str
    state: Literal["open", "closed"]
    cause: s.Node
    cause_path: str
    by: Literal["commit", "update"] = "commit"


@dataclass(frozen=True, slots=True, eq=False)
class Consumed:
    """The rows of a result were taken."""

    place: Place
    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Wrote:
    """Something is to be stored. ``what`` says it in a few words; ``deleted`` is the object that
    ``session.delete()`` got, where it can be nothing else."""

    place: Place
    session: Session | None
    what: str
    deleted: Instance | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KeyRead:
    """The primary key was read of a new object that no ``flush()`` or ``commit()`` has written yet.
    ``session``: that it was added to; None, where it was not added before."""

    place: Place
    item: Instance
    name: str
    session: Session | None


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A session or connection was opened."""

    place: Place
    session: Session


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A session committed, rolled back, was flushed or closed."""

    place: Place
    session: Session | None
    how: Literal["commit", "rollback", "flush", "close"]
    certain: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SqlText:
    """SQL text was handed to the database or to ``text()``."""

    place: Place
    text: Val


@dataclass(frozen=True, slots=True, eq=False)
class UsedClosed:
    """A driver's connection was used that had surely been closed, or given back to its pool:
    ``how`` is what was asked of it, to run a statement or to give the rows of one."""

    place: Place
    session: Session
    how: Literal["run", "fetch"]


@dataclass(frozen=True, slots=True, eq=False)
class RowUsed:
    """A driver's row was used in a way that its type refuses."""

    place: Place
    row: DriverRow
    how: Literal["set", "key", "index", "attribute", "dict"]
    name: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ColumnRead:
    """A column of a driver's row was read, or of a dict that was made of one. The statement may
    not give it."""

    place: Place
    row: DriverRow
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class PartRead:
    """An attribute or association of a Sequelize row was read."""

    place: Place
    row: ModelRow
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Mistaken:
    """An attribute of a ``model``'s objects was read of something else that a query gave: a list
    of them, a row or array that holds one, the object of `findAndCountAll`, or a number of rows.
    ``origin`` is the query."""

    place: Place
    model: str
    name: str
    what: Literal["list", "row", "array", "page", "number"]
    origin: s.Node | None


@dataclass(frozen=True, slots=True, eq=False)
class NotIncludedUsed:
    """Something was asked of what a row lacks, as if it were there."""

    place: Place
    what: NotIncluded


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """An attribute of an entity (its class or an instance) was read, set or named as keyword.

    ``lookup`` is a part of a name that Django resolves (``path`` is the name as written): the part
    that leads nowhere (``found`` is false), else the last one. ``found`` is None where the reader
    of the event has to tell.
    ``certain``: the holder came out of a query or constructor and can be nothing else.
    """

    place: Place
    entity: object
    name: str
    how: Literal["class", "instance", "set", "keyword", "lookup", "filter-by", "values", "manager"]
    value: Val | None = None
    certain: bool = False
    path: str = ""
    found: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A column was compared with something inside a filter."""

    place: Place
    left: Val
    right: Val
    operator: str


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A session was put into an object that was not made by it. ``made`` is the expression that
    makes the object; ``certain``: it is surely older than the request."""

    place: Place
    owner: ClassInfo
    attribute: str
    session: Session
    made: s.Node | None = None
    certain: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Paged:
    """A number was bound as limit or offset."""

    place: Place
    value: Val


@dataclass(frozen=True, slots=True, eq=False)
class Discarded:
    """A builder call made a new statement that nobody took."""

    place: Place
    statement: Statement


@dataclass(frozen=True, slots=True, eq=False)
class Recut:
    """A method that Django refuses was called on a part that was cut out of a query set."""

    place: Place
    statement: Statement
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Unresolved:
    """An attribute was read that holds an SQL expression (``F("views") + 1``), put there by
    ``cause``."""

    place: Place
    instance: Instance
    attribute: str
    cause: s.Node
    cause_path: str


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A statement with aggregates was made, or given a further condition."""

    place: Place
    statement: Statement


Event = (
    Ran | Discarded | Measured | Opened | Loaded | Expired | Consumed | Wrote | Settled | SqlText
    | UsedClosed | RowUsed | ColumnRead | PartRead | Mistaken | NotIncludedUsed | Attribute
    | KeyRead
    | Compared | Shared | Paged | Recut | Unresolved
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Run:
    """One entry point followed to its end.

    ``complete`` is false where the budget ran out, or a call was left out to stay within it;
    ``gap`` says how many events came before the first such call. ``read`` are the request's data
    that were taken out of it, ``used`` those that arrived somewhere (a statement, a comparison, a
    call that is not known), ``checked`` those that were compared with a closed set where they are
    kept;
    ``named``: the names that a condition looked for (``"name" in fields``);
    ``wildcard``: request data were taken out wholesale; ``escaped``: sessions (by id) that
    something unknown has got; ``relations``: those that were read of objects; ``answered``: where
    the statements begin whose rows are in the answer, as far as that can be seen; ``responded``:
    the same of what was handed to a library's response; ``reordered``: of rows that were sorted, or
    looked through for each of other rows; ``spliced``: where data were put into a text as they
    were; ``renewed``: the queries of which a row was loaded again or given what is not followed;
    ``changed``: of which one was updated.
    """

    entry: FunctionInfo
    route: Route | None
    events: list[Event] = field(default_factory=list)
    entered: set[FunctionInfo] = field(default_factory=set)
    read: set[Source] = field(default_factory=set)
    used: set[Source] = field(default_factory=set)
    checked: set[Source] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    wildcard: bool = False
    escaped: set[int] = field(default_factory=set)
    relations: set[tuple[Entity, str]] = field(default_factory=set)
    answered: frozenset[s.Node] = frozenset()
    responded: set[s.Node] = field(default_factory=set)
    reordered: set[s.Node] = field(default_factory=set)
    spliced: set[tuple[Source, s.Node, FunctionInfo]] = field(default_factory=set)
    renewed: set[s.Node] = field(default_factory=set)
    changed: set[s.Node] = field(default_factory=set)
    homes: dict[s.Node, str] = field(default_factory=dict)
    unknown_calls: int = 0
    complete: bool = True
    gap: int | None = None
    returned: Val | None = None

    def unbroken(self) -> Sequence[Event]:
        """The events up to the first call that was left out: among these, what did not happen
        before or after an event can be told."""
        return self.events if self.gap is None else self.events[: self.gap]
