"""What the arguments of a driver's calls say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    Args,
    Const,
    Library,
    Ref,
    RowKind,
    Val,
    of,
)
from ci_gate.codemodel.dataflow.driverfacts import (
    FACTORIES,
    FACTORY_KEYWORDS,
    REAL_DICTS,
)
from ci_gate.data import dataclass, replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_TEXT: Final = ("query", "sql", "statement", "command", "operation")
_TRUE: Final = of(Const(True))
_FALSE: Final = of(Const(False))


@dataclass(frozen=True, slots=True)
class Settings:
    """How a connection was asked to be. ``rows``: None where nothing is said of them;
    ``autocommits``: None where that is not known; ``origin``: where it was asked."""

    rows: RowKind | None = None
    autocommits: bool | None = False
    origin: s.Node | None = None


def settings(machine: Machine, args: Args) -> Settings:
    """What the arguments of ``connect``, ``cursor`` or a pool ask for."""
    inner = args.get(None, "kwargs")
    if inner is not None:
        held = inner.only()
        thing = machine.thing(held) if isinstance(held, Ref) else None
        if thing is None or thing.kind != "dict":
            return Settings("unknown", None)
        keywords = tuple((k, v) for k, v in thing.fields.items() if isinstance(k, str))
        given = settings(machine, Args(None, (), keywords, thing.whole))
        return replace(given, rows="unknown") if args.get(None, "configure") else given
    if not args.whole:
        return Settings("unknown", None)
    return Settings(_rows(args), _autocommits(args))


def _rows(args: Args) -> RowKind | None:
    for keyword in FACTORY_KEYWORDS:
        given = args.get(None, keyword)
        if given is not None and given != NONE:
            return factory(given)
    if args.get(None, "factory") is not None or args.get(None, "configure") is not None:
        return "unknown"
    dictionary = args.get(None, "dictionary")
    if dictionary is not None:
        return "dict" if dictionary == _TRUE else "unknown"
    return None


def _autocommits(args: Args) -> bool | None:
    given = args.get(None, "autocommit")
    if given is not None:
        return flag(given)
    level = args.get(None, "isolation_level")
    if level is not None and level != NONE:
        return False if level.known else None
    return level is not None


def flag(value: Val) -> bool | None:
    """A switch: None where it cannot be told."""
    return True if value == _TRUE else False if value == _FALSE else None


def text(args: Args) -> Val | None:
    """The SQL text of a call that runs it."""
    for keyword in _TEXT:
        found = args.get(None, keyword)
        if found is not None:
            return found
    return args.get(0)


def text_of(call: s.Call) -> s.Expr | None:
    """The same, as an expression."""
    for keyword in _TEXT:
        found = call.argument(keyword=keyword)
        if found is not None:
            return found
    return call.argument(0)


def factory(value: Val) -> RowKind:
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
