"""Conditions and functions over columns, as Python's operators build them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Chosen,
    ColumnRef,
    Const,
    Expression,
    Frame,
    Item,
    Library,
    Link,
    Many,
    Ref,
    RelationRef,
    Statement,
    Subquery,
    Table,
    Typed,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.dataflow.events import Compared, Place
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_PARTS = (ColumnRef, RelationRef, Expression, Subquery)
_OPERATORS = frozenset({
    "==", "!=", "<", ">", "<=", ">=", "&", "|", "+", "-", "*", "/", "%", "in", "not in", "^", "//",
    "<<", ">>", "@>",
})  # fmt: skip


def is_part(value: Val) -> bool:
    """Whether the value is made of columns."""
    return any(isinstance(item, _PARTS) for item in value.items)


def binary(
    machine: Machine, op: str, left: Val, right: Val, node: s.Node, frame: Frame
) -> Val | None:
    if op not in _OPERATORS or not (is_part(left) or is_part(right)):
        return None
    if op not in ("&", "|", "+", "-", "*", "/", "%"):
        compared(machine, machine.place(node, frame), left, right, op)
    first, second = expression_of(machine, left), expression_of(machine, right)
    made = combine(first, second)
    if op == "==":
        made = replace(
            made,
            links=made.links | _links(first, second),
            pinned=made.pinned | _pinned(left, right) | _pinned(right, left),
        )
    elif op == "|":
        made = replace(made, pinned=first.pinned & second.pinned)
    return of(
        made,
        sources=left.sources | right.sources | machine.deep_sources(right),
    )


def compared(machine: Machine, place: Place, left: Val, right: Val, op: str) -> None:
    """Note a comparison, with what rules can understand without the run's heap."""
    machine.emit(Compared(place, _shown(machine, left), _shown(machine, right), op))


def _shown(machine: Machine, value: Val) -> Val:
    """The value with objects by their class, lists by what they hold, mappings as ``dict``."""
    if not any(isinstance(item, Ref) for item in value.items):
        return value
    items: list[Item] = []
    for item in value.items:
        thing = machine.thing(item) if isinstance(item, Ref) else None
        if thing is None:
            items.append(item)
        elif thing.kind == "list":
            held = merged(thing.items) if thing.items and thing.whole else UNKNOWN
            items.append(Many(held, thing.stored, thing.statement))
        elif thing.kind == "dict":
            items.append(Library("builtins.dict()"))
        elif thing.cls is not None:
            items.append(Typed(thing.cls))
        else:
            items.append(item)
    return Val(tuple(items), value.sources, value.partial)


def _links(first: Expression, second: Expression) -> frozenset[Link]:
    return frozenset(
        Link(one, other) for one in first.tables() for other in second.tables() if one != other
    )


def _pinned(column: Val, value: Val) -> frozenset[ColumnRef]:
    item = column.only()
    if is_part(value):
        return frozenset()
    if isinstance(item, ColumnRef):
        return frozenset({item})
    if isinstance(item, Expression) and not item.aggregate and len(item.refs) == 1:
        return frozenset(ref for ref in item.refs if isinstance(ref, ColumnRef))
    return frozenset()


def chosen(machine: Machine, column: ColumnRef, values: Val) -> tuple[Chosen, ...]:
    """The column must be among ``values``: the queries that these come out of."""
    found: list[Chosen] = []
    for item in values.items:
        if isinstance(item, Many) and item.statement is not None:
            found.append(Chosen(column, item.statement, item.element))
        elif isinstance(item, Ref):
            thing = machine.thing(item)
            if thing.kind == "list" and thing.statement is not None:
                value = merged(thing.items) if thing.items else UNKNOWN
                found.append(Chosen(column, thing.statement, value))
        elif isinstance(item, Statement | Subquery):
            inner = item.statement if isinstance(item, Subquery) else item
            if inner.limited:
                found.append(Chosen(column, inner, UNKNOWN))
    return tuple(found)


def unary(value: Val) -> Val | None:
    return value if is_part(value) else None


def combine(*parts: Expression) -> Expression:
    """One expression out of several: all their columns, all their links."""
    refs: frozenset[ColumnRef | RelationRef] = frozenset()
    links: frozenset[Link] = frozenset()
    pinned: frozenset[ColumnRef] = frozenset()
    within: tuple[Statement, ...] = ()
    for part in parts:
        refs |= part.refs
        links |= part.links
        pinned |= part.pinned
        within = (*within, *part.within)
    return Expression(
        refs,
        links,
        pinned,
        aggregate=any(part.aggregate for part in parts),
        distinct=any(part.distinct for part in parts),
        opaque=any(part.opaque for part in parts),
        within=within,
        chosen=tuple(item for part in parts for item in part.chosen),
        counts=parts[0].counts if len(parts) == 1 else "",
    )


def expression_of(machine: Machine, value: Val) -> Expression:
    """The columns in a value; ``opaque`` when a part of it is not known to be without any."""
    parts = [_of_item(machine, item) for item in value.items]
    return combine(*parts) if parts else Expression()


def _of_item(machine: Machine, item: Item) -> Expression:
    if isinstance(item, Expression):
        return item
    if isinstance(item, ColumnRef | RelationRef):
        return Expression(frozenset({item}))
    if isinstance(item, Subquery):
        return Expression(within=(item.statement,))
    if isinstance(item, Ref):
        return combine(*(expression_of(machine, value) for value in machine.thing(item).items))
    if isinstance(item, Many):
        return expression_of(machine, item.element)
    if isinstance(item, Const | Table):
        return Expression()
    return Expression()
