"""What an expression stands for while data is followed.

A :class:`Val` is what a name may hold: one of ``items``, made from ``sources``. Items are immutable
and compare by value; objects, lists and mappings are a :class:`Ref` to the run's heap, where their
contents lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Final, Literal, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from ci_gate.data import dataclass, replace

MAX_ITEMS = 8
MAX_LENGTH = 64


# --- where data comes from -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Data from outside, or an item of a loop.

    ``part``: ``query``, ``path``, ``body``, ``header`` of the request; ``item`` for what a loop
    over stored data hands out. ``typed``: it went through a conversion (``int``, a pydantic field)
    and can no longer carry text. ``node`` is where it is read.
    """

    part: Literal["query", "path", "body", "header", "item"]
    name: str | None
    node: s.Node
    typed: bool = False


# --- values --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Const:
    value: str | int | float | bool | bytes | None


HOLE: Final = "\x00"
"""What stands in a text for a part of it that is not known."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of which parts are not known: ``text`` has a ``HOLE`` for each."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """An object, list or mapping of the heap."""

    id: int


@dataclass(frozen=True, slots=True)
class Typed:
    """An object of which only the class is known. ``shared``: it is older than the request."""

    cls: ClassInfo
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Func:
    """A function of the tree, with the frame it closes over and the object it is bound to."""

    info: FunctionInfo
    this: Val | None = None
    frame: Frame | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Partial:
    """A callable with arguments already given."""

    func: Val
    positional: tuple[Val, ...]
    keywords: tuple[tuple[str, Val], ...]


@dataclass(frozen=True, slots=True)
class ClassItem:
    cls: ClassInfo


@dataclass(frozen=True, slots=True)
class Module:
    path: str


@dataclass(frozen=True, slots=True)
class Library:
    """Something of a library, by canonical path (see ``values.ExternalValue``)."""

    path: str


@dataclass(frozen=True, slots=True)
class Many:
    """A collection of like things. ``stored``: its length is that of a query's result.

    ``statement`` is the query it came out of.
    """

    element: Val
    stored: bool = False
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Deferred:
    """What calling a ``@contextmanager`` function gives: the call, not yet run."""

    func: Func
    args: Args


@dataclass(frozen=True, slots=True)
class Request:
    """The framework's request object."""


@dataclass(frozen=True, slots=True)
class Params:
    """A mapping of request data: ``request.args``, ``request.query_params``. ``typed``: a schema
    has looked at it."""

    part: Literal["query", "path", "body", "header"]
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """A method of an item that the machine or an adapter plays itself."""

    owner: Item
    name: str


# --- the ORM's things ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """An entity in a statement; two aliases of one entity are two tables. ``core``: its table is
    meant (``User.__table__``), whose rows have columns and hold no objects."""

    entity: Entity
    alias: s.Node | None = None
    core: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        return self.entity.name


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """``Article.slug``, ``favorites.c.user_id``; ``column`` is the attribute's name."""

    table: Table
    column: str


@dataclass(frozen=True, slots=True)
class RelationRef:
    """``Article.author``."""

    table: Table
    relation: str


@dataclass(frozen=True, slots=True)
class Columns:
    """``favorites.c``."""

    table: Table


@dataclass(frozen=True, slots=True)
class Link:
    """A comparison between columns of two tables: it ties them together."""

    left: Table
    right: Table


@dataclass(frozen=True, slots=True)
class Chosen:
    """``Article.id.in_(ids)`` where the ids come out of another query: ``value`` is what one of
    them is, as far as that is known."""

    column: ColumnRef
    statement: Statement
    value: Val


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition, function or ordering over columns.

    ``pinned`` are the columns that it holds to one value (``Tag.name == name``); ``within`` the
    statements that it contains, ``texts`` the SQL texts that it may be. ``distant`` are the columns
    of what belongs to an object's owner (``author__followers``): they hold many owners' objects.
    ``counts``: it is a number of rows (``*``), or of values of a column. ``chosen``: the columns
    that must be among what another query gave.
    """

    refs: frozenset[ColumnRef | RelationRef] = frozenset()
    links: frozenset[Link] = frozenset()
    pinned: frozenset[ColumnRef] = frozenset()
    aggregate: bool = False
    distinct: bool = False
    opaque: bool = False
    within: tuple[Statement, ...] = ()
    texts: tuple[str, ...] = ()
    distant: frozenset[ColumnRef | RelationRef] = frozenset()
    counts: Literal["", "rows", "values"] = ""
    chosen: tuple[Chosen, ...] = ()

    def tables(self) -> frozenset[Table]:
        return frozenset(ref.table for ref in self.refs)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A name that Django resolves against a model (``author__name__in``), and what it is put
    against. ``under``: it is one of several alternatives, or negated."""

    path: str
    node: s.Node
    value: Val | None = None
    under: Literal["", "or", "not"] = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``Count("comments", distinct=True)``: a number over the rows that ``names`` lead to.

    ``opaque``: a part of it is not known. ``module`` is the file of ``node``.
    """

    function: str
    names: tuple[Lookup, ...]
    node: s.Node
    module: str
    distinct: bool = False
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class Lookups:
    """``Q(...)``, ``F(...)``, ``Count(...)``, ``Prefetch(...)``: lookups of a model not yet known.

    ``within`` are the query sets inside it, ``alias`` the name that the result is to have,
    ``aggregates`` the aggregates that it is or contains.
    """

    names: tuple[Lookup, ...] = ()
    function: str = ""
    alias: str = ""
    aggregate: bool = False
    distinct: bool = False
    opaque: bool = False
    within: tuple[Statement, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate resolved against its statement's model: ``across`` are the ways through
    collections on which its rows lie (``comments``, ``comments__likes``)."""

    function: str
    across: frozenset[str]
    node: s.Node
    module: str
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Eager:
    """A relation to be loaded with its owner: the path of relation names from ``root``."""

    root: Entity | None
    path: tuple[str, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter, join condition, ordering or (Django) aggregated annotation of a statement."""

    kind: Literal["filter", "order", "group", "join", "aggregate"]
    expression: Expression
    node: s.Node


@dataclass(frozen=True, slots=True)
class Statement:
    """A query or write in the making; every builder call gives a new one.

    ``selected`` are the things asked for, ``tables`` what FROM and JOIN name explicitly,
    ``joined`` those that came by a join, ``outer`` those of them whose row may be missing,
    ``derived`` the statements it selects from.
    ``limited``: it has a limit, page or slice. ``focus`` is what ``filter_by`` speaks of.
    ``opaque``: something not understood was applied, so nothing may be concluded from what is
    absent. ``classes`` are the query set classes of the tree whose methods it has. ``ready``: its
    rows are there already (prefetched), so that taking them asks nothing; None where that is not
    known. ``turns`` are the loops that make it anew in each turn. ``measures`` are the
    aggregates that are worked out over one join of all collections; ``spread`` are the ways through
    collections that its filters join and of which more than one row may match. ``sliced``: a part
    of a Django query set was cut out of it; ``joins`` are SQLAlchemy's joins to tables under their
    own names, with the calls that make them; ``locking``: it locks its rows; ``empty``: it has none
    (``Article.objects.none()``).
    """

    library: Literal["sqlalchemy", "django", "sequelize"]
    kind: Literal["select", "insert", "update", "delete"]
    node: s.Node
    module: str
    selected: tuple[Item, ...] = ()
    tables: frozenset[Table] = frozenset()
    joined: frozenset[Table] = frozenset()
    outer: frozenset[Table] = frozenset()
    multiplied: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    eager: frozenset[Eager] = frozenset()
    annotations: frozenset[str] = frozenset()
    sources: frozenset[Source] = frozenset()
    limited: bool = False
    distinct: bool = False
    grouped: bool = False
    single: bool = False
    values: bool = False
    opaque: bool = False
    legacy: bool = False
    focus: Table | None = None
    classes: tuple[ClassInfo, ...] = ()
    ready: bool | None = False
    turns: tuple[s.Node, ...] = ()
    derived: tuple[Statement, ...] = ()
    measures: tuple[Measure, ...] = ()
    spread: frozenset[str] = frozenset()
    sliced: bool = False
    joins: tuple[tuple[Table, s.Node], ...] = ()
    locking: bool = False
    empty: bool = False

    def entity(self) -> Entity | None:
        """The one entity whose instances it gives; None for columns, tuples and writes."""
        if len(self.selected) == 1 and isinstance(self.selected[0], Table):
            return self.selected[0].entity
        return None

    def where(self, kind: str) -> Sequence[Condition]:
        return [item for item in self.conditions if item.kind == kind]


@dataclass(frozen=True, slots=True)
class Manager:
    """Django's ``Article.objects``, ``article.comments``.

    ``statement`` is what it starts with, ``classes`` the manager classes of the tree whose methods
    it has. ``owner`` and ``relation``: it gives what is related to that object.
    """

    statement: Statement
    classes: tuple[ClassInfo, ...] = ()
    owner: Instance | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """A paginator over a statement, or one of its pages."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Subquery:
    """A statement used as a table or value inside another."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Rows:
    """The result of a statement that ran. ``shape``: rows, single values, or mappings."""

    statement: Statement
    session: Session | None
    shape: Literal["rows", "scalars", "mappings"] = "rows"
    unique: bool = False
    clock: int = 0
    ran: object = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what each of its places can be."""

    places: tuple[Val, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of an entity.

    ``loaded`` are the relations (as paths) that are known to be loaded; None when that is not
    known. ``clock`` is when it was loaded. ``fresh``: made by the constructor, not by a query.
    ``extra`` are the names that the query put on it.
    """

    entity: Entity
    loaded: frozenset[tuple[str, ...]] | None = None
    session: Session | None = None
    clock: int = 0
    fresh: bool = False
    origin: s.Node | None = None
    extra: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """The value that an object has in a column. ``present``: it is there (the key of a stored
    object), neither None nor empty."""

    entity: Entity
    column: str
    present: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A session or connection. ``id`` tells sessions of one run apart.

    ``shared``: it is older than the request; ``scoped``: a registry that gives each thread or
    request its own. ``commits``: leaving its block commits. ``expires``: a commit expires its
    objects. ``driver`` is the database driver whose connection it is.
    """

    id: int
    is_async: bool
    library: Literal["sqlalchemy", "django", "driver"] = "sqlalchemy"
    shared: bool = False
    scoped: bool = False
    commits: bool = False
    origin: s.Node | None = None
    expires: bool | None = None
    driver: str = ""


@dataclass(frozen=True, slots=True)
class Factory:
    """A session factory. ``expires``: its sessions expire their objects on commit."""

    is_async: bool
    expires: bool | None
    scoped: bool = False


# --- the drivers' things -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of a driver's connections; ``rows``: what their rows are; ``autocommits``: each
    statement is a transaction (None: not known)."""

    driver: str
    rows: RowKind
    is_async: bool
    autocommits: bool | None
    origin: s.Node | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A cursor, a prepared statement, or the result of SQL text that ran. ``id`` tells them
    apart; ``origin`` is what says of which kind ``rows`` are."""

    id: int
    session: Session | None
    driver: str
    rows: RowKind
    origin: s.Node | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A context manager over a connection: what it binds, and what its end does."""

    session: Session
    gives: Session | Cursor | None
    commits: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A row as the driver hands it out. ``origin`` is what says of which kind it is; ``texts`` are
    the statements that it may come from, with ``HOLE`` for what is not known of them (none: not
    known)."""

    driver: str
    kind: RowKind
    origin: s.Node | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A row that a query of Sequelize gives (``call``), or that it includes: ``path`` are the names
    of the associations that lead to it."""

    call: s.Call
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotIncluded:
    """What a row has for an association that its query did not include: undefined. ``read`` is
    where it was taken from the row."""

    row: ModelRow
    name: str
    read: s.Node


@dataclass(frozen=True, slots=True)
class Number:
    """A number of rows, which a method of a Sequelize model gives at ``call``."""

    call: s.Call


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement made of SQL text, to be run (``db.prepare(text)``)."""

    text: Val


RowKind: TypeAlias = Literal["tuple", "record", "sqlite-row", "dict", "object", "unknown"]

Item: TypeAlias = (
    Const | Text | Field | Ref | Typed | Func | Partial | ClassItem | Module | Library | Many
    | Deferred | Request | Params | Method | Table | ColumnRef | RelationRef | Columns | Expression
    | Lookups
    | Eager | Statement | Manager | Pages | Subquery | Rows | Row | Instance | Session | Factory
    | Pool | Cursor | Block | DriverRow | ModelRow | NotIncluded | Number | Prepared
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Val:
    """What a name may hold. Without items it is unknown; ``partial``: it may also be another."""

    items: tuple[Item, ...] = ()
    sources: frozenset[Source] = frozenset()
    partial: bool = False

    @property
    def known(self) -> bool:
        return bool(self.items) and not self.partial

    def only(self) -> Item | None:
        """The one item that it can be."""
        return self.items[0] if len(self.items) == 1 else None


UNKNOWN = Val()
NOTHING: Final = Const(None)
NONE = Val((NOTHING,))


def is_missing(value: Val) -> bool:
    """Is it what a row surely lacks?"""
    return not value.partial and isinstance(value.only(), NotIncluded)


def of(*items: Item, sources: Iterable[Source] = ()) -> Val:
    return Val(items, frozenset(sources))


def merged(values: Iterable[Val]) -> Val:
    """What is one of ``values``."""
    given = values if isinstance(values, list | tuple) else list(values)
    if len(given) == 1 and given[0].items:
        only: Val = given[0]
        return only
    items: dict[Item, None] = {}
    sources: frozenset[Source] = frozenset()
    partial = False
    for value in given:
        items.update(dict.fromkeys(value.items))
        sources |= value.sources
        partial = partial or value.partial or not value.items
    if len(items) > 1 and sum(isinstance(item, Statement) for item in items) > 1:
        items = _without_variants(items)
    if len(items) > MAX_ITEMS:
        return Val(tuple(items)[-MAX_ITEMS:], sources, True)
    return Val(tuple(items), sources, partial)


def _without_variants(items: dict[Item, None]) -> dict[Item, None]:
    """Variants of one of Django's query sets, as conditional filters make them, are one."""
    first: dict[s.Node, Statement] = {}
    found: dict[Item, None] = {}
    for item in items:
        variant = item
        if isinstance(variant, Statement) and variant.library == "django":
            known = first.get(variant.node)
            if known is not None and known.selected == variant.selected:
                found.pop(known)
                variant = _either(known, variant)
            first[variant.node] = variant
        found[variant] = None
    return found


def _either(one: Statement, other: Statement) -> Statement:
    """What is one of two variants: it may have what either has."""
    conditions = dict.fromkeys((*one.conditions, *other.conditions))
    return replace(
        one,
        tables=one.tables | other.tables,
        joined=one.joined | other.joined,
        multiplied=tuple(dict.fromkeys((*one.multiplied, *other.multiplied))),
        conditions=tuple(conditions),
        eager=one.eager | other.eager,
        annotations=one.annotations | other.annotations,
        sources=one.sources | other.sources,
        limited=one.limited or other.limited,
        distinct=one.distinct or other.distinct,
        grouped=one.grouped or other.grouped,
        single=one.single or other.single,
        opaque=one.opaque or other.opaque,
        ready=one.ready if one.ready == other.ready else None,
        turns=min(one.turns, other.turns, key=len),
        measures=_taken_together(one.measures, other.measures),
        spread=one.spread | other.spread,
        sliced=one.sliced and other.sliced,
        locking=one.locking and other.locking,
        empty=one.empty and other.empty,
    )


def _taken_together(one: tuple[Measure, ...], other: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """The aggregates that stand beside each other in one of the variants."""
    common = tuple(item for item in one if item in other)
    if len(common) == len(one):
        return other
    return one if len(common) == len(other) else common


def tainted(value: Val, sources: frozenset[Source]) -> Val:
    return value if sources <= value.sources else replace(value, sources=value.sources | sources)


def without_none(value: Val) -> Val:
    items = tuple(item for item in value.items if item != NOTHING)
    return value if len(items) == len(value.items) else replace(value, items=items)


# --- frames and the heap -------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Frame:
    """One call in progress."""

    function: FunctionInfo
    names: dict[str, Val] = field(default_factory=dict)
    this: Val | None = None
    parent: Frame | None = None
    returned: list[Val] = field(default_factory=list)
    yielded: list[Val] = field(default_factory=list)
    on_yield: object | None = None
    nonlocals: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Thing:
    """An object, list or mapping. ``whole``: all its contents are known; ``keys`` is what keys may
    be that are not constants; ``row``: the row that gives it its other keys. ``depth``: in how many
    branches it was made; ``optional`` are the places of what was added in a further one. ``born``
    is its place on the heap."""

    kind: Literal["object", "list", "dict"]
    cls: ClassInfo | None = None
    fields: dict[object, Val] = field(default_factory=dict)
    items: list[Val] = field(default_factory=list)
    whole: bool = True
    stored: bool = False
    shared: bool = False
    statement: Statement | None = None
    made: s.Node | None = None
    keys: Val | None = None
    row: DriverRow | None = None
    depth: int = 0
    optional: set[int] = field(default_factory=set)
    born: int = 0

    def add(self, value: Val, depth: int) -> None:
        """Append to a list, where ``depth`` branches have been taken."""
        if len(self.items) < MAX_LENGTH:
            if depth > self.depth:
                self.optional.add(len(self.items))
            self.items.append(value)


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of a call. ``whole`` is false after a spread that is not known; ``rest`` is
    what keywords carry that are spread and not known one by one."""

    node: s.Call | None
    positional: tuple[Val, ...] = ()
    keywords: tuple[tuple[str, Val], ...] = ()
    whole: bool = True
    rest: frozenset[Source] = frozenset()

    def get(self, position: int | None = None, keyword: str | None = None) -> Val | None:
        for name, value in self.keywords:
            if name == keyword:
                return value
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None

    def all(self) -> tuple[Val, ...]:
        if not self.keywords:
            return self.positional
        return (*self.positional, *[value for _, value in self.keywords])

    def sources(self) -> frozenset[Source]:
        found = self.rest
        for value in self.all():
            found |= value.sources
        return found
