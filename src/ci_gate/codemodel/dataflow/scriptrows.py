"""Rows of Sequelize's queries: what is read of them, and what they lack.

A row is told by its query and the associations that lead to it (:class:`ModelRow`); what it has
under an association's name follows from the query's includes. A row that is loaded again, or given
values by name, is no longer known: nothing is said of it from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Many,
    ModelRow,
    NotIncluded,
    Number,
    Ref,
    Thing,
    Val,
    merged,
    of,
    without_none,
)
from ci_gate.codemodel.dataflow.events import Mistaken, NotIncludedUsed, PartRead
from ci_gate.codemodel.sequelize.queries import Query

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.domain import Item, Statement
    from ci_gate.codemodel.dataflow.machine import Machine
    from ci_gate.codemodel.sequelize.models import Models

_PLAIN: Final = frozenset({"toJSON", "get"})
#: Methods that change the row and give it.
_CHANGING: Final = frozenset({"update", "save", "increment", "decrement", "restore"})
#: What arrays and sets have of their own.
_OF_LISTS: Final = frozenset({
    "length", "size", "values", "keys", "entries", "at", "with", "fill", "find", "filter", "map",
    "sort", "join", "some", "every", "reduce", "reverse", "slice", "concat", "includes", "forEach",
    "flatMap",
})  # fmt: skip
_RENEWING: Final = frozenset({"reload", "set", "setDataValue", "setAttributes"})


def given(machine: Machine, query: Query, statement: Statement | None) -> Val:
    """What a query gives."""
    queries = machine.entities.sequelize.queries
    plain = queries.lacks(query, "raw")
    row = of(ModelRow(query.call)) if plain else UNKNOWN
    rows = of(Many(row, query.reads, statement))
    match query.method:
        case "findAll" | "bulkCreate":
            return rows
        case "findAndCountAll":
            held: dict[object, Val] = {"count": UNKNOWN, "rows": rows}
            return of(machine.allocate(Thing("dict", fields=held, made=query.call)))
        case "findOne" | "findByPk" if plain:
            return merged((row, NONE))
        case "create" | "build":
            return row
        case "findOrCreate" | "findOrBuild" | "findCreateFind":
            return of(machine.allocate(Thing("list", items=[row, UNKNOWN], made=query.call)))
        case "update":
            pair = [of(Number(query.call)), UNKNOWN]
            return of(machine.allocate(Thing("list", items=pair, made=query.call)))
        case "destroy" | "restore":
            return of(Number(query.call))
    return UNKNOWN


def read(machine: Machine, value: Val, name: str, node: s.Node, frame: Frame) -> None:
    """``row.name``: told where the holder is surely a row, or something that a row lacks."""
    if not value.items:
        return
    item = _surely(value) or _copied(machine, value, name)
    if isinstance(item, NotIncluded):
        machine.emit(NotIncludedUsed(machine.place(node, frame), item))
    elif isinstance(item, ModelRow) and item.call not in machine.run.renewed:
        sure = item.path or item.call not in machine.run.changed
        if sure or part(machine, item, name, node) is not None:
            machine.emit(PartRead(machine.place(node, frame), item, name))
    elif item is None and not value.partial:
        _mistaken(machine, without_none(value).only(), name, node, frame)


def _mistaken(machine: Machine, item: Item | None, name: str, node: s.Node, frame: Frame) -> None:
    """``rows.title``: what a row has is asked of something else that a query gives."""
    what: Literal["list", "array", "page", "number"]
    path: tuple[str, ...] = ()
    if isinstance(item, Many):
        row = item.element.only()
        if item.element.partial or not isinstance(row, ModelRow):
            return
        what, call, path = "list", row.call, row.path
    elif isinstance(item, Number):
        what, call = "number", item.call
    elif isinstance(item, Ref) and isinstance(made := machine.thing(item).made, s.Call):
        what, call = "page" if machine.thing(item).kind == "dict" else "array", made
    else:
        return
    queries = machine.entities.sequelize.queries
    query = queries.of_call.get(call)
    model = queries.reached(query, path) if query is not None else None
    if model is None or name in ("rows", "count"):
        return
    of_row = name in model.attributes or model.alias(name) is not None
    if (of_row and name not in _OF_LISTS) or (what == "page" and name in _OF_LISTS):
        machine.emit(Mistaken(machine.place(node, frame), model.name, name, what, call))


def iterated(machine: Machine, value: Val, node: s.Node, frame: Frame) -> None:
    """A loop over what a row lacks."""
    item = _surely(value)
    if isinstance(item, NotIncluded):
        machine.emit(NotIncludedUsed(machine.place(node, frame), item))


def _copied(machine: Machine, value: Val, name: str) -> ModelRow | None:
    """The row that an object is made of (``{ ...row.toJSON(), tags }``), where nothing else has
    the name."""
    item = value.only()
    if value.partial or not isinstance(item, Ref) or machine.thing(item).kind != "dict":
        return None
    fields = machine.thing(item).fields
    rest = [held for key, held in fields.items() if not isinstance(key, str)]
    if name in fields or len(rest) != 1:
        return None
    row = _surely(rest[0])
    return row if isinstance(row, ModelRow) else None


def _surely(value: Val) -> ModelRow | NotIncluded | None:
    item = without_none(value).only()
    return item if not value.partial and isinstance(item, ModelRow | NotIncluded) else None


def part(machine: Machine, row: ModelRow, name: str, node: s.Node) -> Val | None:
    """What a row has under a name; None for what is no association."""
    if row.call in machine.run.renewed:
        return None
    models = machine.entities.sequelize
    query = models.queries.of_call.get(row.call)
    model = models.queries.reached(query, row.path) if query is not None else None
    association = model.alias(name) if model is not None else None
    if query is None or association is None:
        return None
    there = models.queries.comes_with(query, (*row.path, name))
    if there is None or _is_put(models, name):
        return UNKNOWN
    if not there:
        return of(NotIncluded(row, name, node))
    inner = of(ModelRow(row.call, (*row.path, name)))
    return of(Many(inner)) if association.many else merged((inner, NONE))


def _is_put(models: Models, name: str) -> bool:
    """Does the program put something into rows under that name?"""
    return bool(models.model.stores(name)) or any(
        isinstance(first := call.argument(0), s.Literal) and first.value == name
        for call, _ in models.model.calls_named("setDataValue")
    )


def called(
    machine: Machine, owner: Val, name: str, args: Args, node: s.Expr, frame: Frame
) -> Val | None:
    """A method of a row; None for others."""
    row = _surely(owner)
    if not isinstance(row, ModelRow):
        return None
    if name in _RENEWING:
        machine.use(*args.all())
        machine.run.renewed.add(row.call)
        return UNKNOWN
    if name in _CHANGING:
        machine.use(*args.all())
        machine.run.changed.add(row.call)
        return owner
    first = args.get(0)
    constant = first.only() if first is not None else None
    if name == "get" and isinstance(constant, Const) and isinstance(constant.value, str):
        read(machine, owner, constant.value, node, frame)
        return part(machine, row, constant.value, node) or UNKNOWN
    return of(row) if name in _PLAIN else None


def renew(machine: Machine, value: Val) -> None:
    """The program puts names into the row that are not followed."""
    for item in value.items:
        if isinstance(item, ModelRow):
            machine.run.renewed.add(item.call)
