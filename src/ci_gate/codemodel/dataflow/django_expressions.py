"""``Q``, ``F``, aggregates, functions and subqueries of ``django.db.models``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import django_lookups as lookups
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Aggregate,
    Args,
    Const,
    Item,
    Lookup,
    Lookups,
    Manager,
    Ref,
    Statement,
    Val,
    of,
)
from ci_gate.codemodel.dataflow.events import SqlText
from ci_gate.data import replace
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.domain import Frame
    from ci_gate.codemodel.dataflow.machine import Machine

_EXPRESSION: Final = regex(
    r"^django\.(?:contrib\.(?:gis|postgres)\.)?(?:db\.models|aggregates|search|functions)\."
    r"(?:\w+\.)*([A-Z]\w*)$"
)
_AGGREGATES: Final = frozenset({
    "Count", "Sum", "Avg", "Max", "Min", "StdDev", "Variance", "ArrayAgg", "StringAgg", "JSONBAgg",
    "BitAnd", "BitOr", "BoolAnd", "BoolOr", "Aggregate", "JSONArrayAgg", "AnyValue",
})  # fmt: skip
#: Functions of which the first argument, or all, are names of fields when they are texts.
_FIRST: Final = _AGGREGATES | {
    "F", "Lower", "Upper", "Length", "Trim", "LTrim", "RTrim", "Abs", "Ceil", "Floor", "Round",
    "Cast", "Extract", "Trunc", "Substr", "Left", "Right", "Replace", "MD5", "SHA256", "Reverse",
    "ExpressionWrapper", "FilteredRelation", "TrigramSimilarity", "Chr", "Ord", "Sqrt", "Mod",
}  # fmt: skip
_ALL: Final = frozenset({"Coalesce", "Concat", "Greatest", "Least", "NullIf", "SearchVector"})
_PARTS_OF_DATES: Final = regex(r"^(?:Extract|Trunc)[A-Z]\w*$")
_FIELDS: Final = regex(r"Field$|^(?:Model|Manager|QuerySet|Index|Prefetch|\w*Constraint|"
                            r"ForeignKey|TextChoices|IntegerChoices|Choices|\w+Rel)$")  # fmt: skip


def called(machine: Machine, path: str, args: Args, node: s.Expr, frame: Frame) -> Val | None:
    """``Count("comments")``; None for what is no expression."""
    match = _EXPRESSION.match(path)
    if match is None:
        return None
    name = match[1]
    if name == "Prefetch":
        return _prefetch(machine, args, node)
    if _FIELDS.search(name):
        return None
    machine.use(*args.all())
    sources = args.sources()
    for value in args.all():
        sources |= machine.deep_sources(value)
    if name == "RawSQL" and args.positional:
        machine.emit(SqlText(machine.place(node, frame), args.positional[0]))
    made = _made(machine, name, args, node, frame.function.module.path)
    return of(made, sources=sources)


def _made(machine: Machine, name: str, args: Args, node: s.Expr, module: str) -> Lookups:
    if name in ("OuterRef", "Value", "RawSQL", "SearchQuery"):
        return Lookups(function=name, opaque=name == "RawSQL")
    parts: list[Lookups] = []
    names: list[Lookup] = []
    for index, value in enumerate(args.positional):
        parts += inner(machine, value)
        if index == 0 or name in _ALL:
            names += _field_names(name, value, args, index, node)
    if name in ("Q", "When", "FilteredRelation"):
        names += _conditions(args, node)
    for keyword, value in args.keywords:
        if keyword in ("filter", "condition", "then", "default", "expression", "order_by",
                       "ordering", "partition_by", "queryset"):  # fmt: skip
            parts += inner(machine, value)
    made = lookups.combined([Lookups(tuple(names)), *parts])
    given = args.get(None, "distinct")
    distinct = given is not None and given.only() != Const(False)
    opaque = made.opaque or not args.whole
    aggregates = made.aggregates
    if name in _AGGREGATES:
        aggregates = (Aggregate(name, made.names, node, module, distinct, opaque),)
    return replace(
        made,
        function=name,
        aggregate=(made.aggregate or name in _AGGREGATES) and name not in ("Subquery", "Exists"),
        distinct=distinct,
        opaque=opaque,
        aggregates=() if name in ("Subquery", "Exists", "Window") else aggregates,
    )


def _conditions(args: Args, node: s.Node) -> list[Lookup]:
    where: dict[str, s.Node] = {}
    if args.node is not None:
        where = {item.keyword: item for item in args.node.args if item.keyword is not None}
    return [
        Lookup(keyword, where.get(keyword, node), value)
        for keyword, value in args.keywords
        if keyword not in ("then", "_connector", "_negated", "condition")
    ]


def _field_names(function: str, value: Val, args: Args, index: int, node: s.Node) -> list[Lookup]:
    if function not in _FIRST and function not in _ALL and not _PARTS_OF_DATES.match(function):
        return []
    given = args.node.argument(index) if args.node is not None else None
    return [
        Lookup(item.value, given or node)
        for item in value.items
        if isinstance(item, Const) and isinstance(item.value, str) and item.value != "*"
    ]


def inner(machine: Machine, value: Val) -> list[Lookups]:
    """The lookups and query sets in an argument."""
    found: list[Lookups] = []
    for item in value.items:
        if isinstance(item, Lookups):
            found.append(item)
        elif isinstance(item, Statement):
            found.append(Lookups(within=(item,)))
        elif isinstance(item, Manager):
            found.append(Lookups(within=(item.statement,)))
        elif isinstance(item, Ref):
            for part in machine.thing(item).items:
                found += inner(machine, part)
    return found


def _prefetch(machine: Machine, args: Args, node: s.Expr) -> Val:
    """``Prefetch("comments", queryset=..., to_attr=...)``."""
    machine.use(*args.all())
    path, given = args.get(0, "lookup"), args.get(1, "queryset")
    name = path.only() if path is not None else None
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return UNKNOWN
    alias = args.get(2, "to_attr")
    text = alias.only() if alias is not None else None
    statements = [
        item.statement if isinstance(item, Manager) else item
        for item in (given.items if given is not None else ())
        if isinstance(item, Statement | Manager)
    ]
    absent = given is None or given.items == (Const(None),)
    known = text.value if isinstance(text, Const) else ""
    made: Item = Lookups(
        (Lookup(name.value, node),), "Prefetch",
        known if isinstance(known, str) else "",
        opaque=(not absent and len(statements) != 1) or (alias is not None and text is None),
        within=tuple(statements[:1]),
    )  # fmt: skip
    sources = args.sources()
    for statement in statements:
        sources |= statement.sources
    return of(made, sources=sources)


def binary(machine: Machine, op: str, left: Val, right: Val) -> Val | None:
    """``Q(...) | Q(...)``, ``~Q(...)``, ``F("x") + 1``, and query sets joined by ``|``, ``&``."""
    if op not in ("&", "|", "^", "+", "-", "*", "/", "%", "**", "~"):
        return None
    first, second = left.only(), right.only()
    sources = left.sources | right.sources
    if isinstance(first, Statement) and isinstance(second, Statement):
        if first.library != "django":
            return None
        made = replace(
            first,
            conditions=(*first.conditions, *second.conditions),
            joined=first.joined | second.joined,
            multiplied=tuple(dict.fromkeys((*first.multiplied, *second.multiplied))),
            sources=first.sources | second.sources,
            annotations=first.annotations | second.annotations,
            limited=first.limited and second.limited,
            opaque=first.opaque or second.opaque,
            ready=False,
        )
        return of(made, sources=sources)
    parts = [item for value in (left, right) for item in value.items if isinstance(item, Lookups)]
    if not parts:
        return None
    opaque = not (left.known and right.known) and op in ("&", "|", "^")
    made_of = lookups.combined(parts)
    if op in ("|", "^", "~"):
        under: Literal["or", "not"] = "not" if op == "~" else "or"
        names = tuple(
            name if name.under == "not" else replace(name, under=under) for name in made_of.names
        )
        made_of = replace(made_of, names=names)
    del machine
    return of(replace(made_of, opaque=made_of.opaque or opaque), sources=sources)
