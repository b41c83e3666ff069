"""What JavaScript itself brings: conversions, arrays, promises, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import (
    builtin,
    calls,
    objects,
    scriptrows,
    scriptweb,
    texts,
)
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Func,
    Library,
    Many,
    Method,
    Params,
    Partial,
    Ref,
    Request,
    Text,
    Thing,
    Val,
    is_missing,
    merged,
    of,
)

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.scriptmachine import ScriptMachine

_NAMES: Final = (
    "Number", "parseInt", "parseFloat", "Boolean", "BigInt", "String", "Math", "Object", "Array",
    "JSON", "Promise", "console", "isNaN", "isFinite", "Date", "Set", "structuredClone",
    "encodeURIComponent", "decodeURIComponent",
)  # fmt: skip
#: The language's own objects, by name.
GLOBALS: Final = {name: of(Library(f"global.{name}")) for name in _NAMES}
_NUMBERS: Final = frozenset({
    "global.Number", "global.parseInt", "global.parseFloat", "global.Boolean", "global.BigInt",
    "global.Number.parseInt", "global.Number.parseFloat", "global.Date", "global.Date.parse",
})  # fmt: skip
_CHECKS: Final = frozenset({
    "global.isNaN", "global.isFinite", "global.Number.isInteger", "global.Number.isNaN",
    "global.Number.isFinite", "global.Number.isSafeInteger", "global.Array.isArray",
})  # fmt: skip
_TEXTS: Final = frozenset({
    "global.String", "global.encodeURIComponent", "global.decodeURIComponent",
    "global.JSON.stringify", "global.JSON.parse",
})  # fmt: skip
_SAME: Final = frozenset({
    "global.Promise.resolve", "global.Object.freeze", "global.Object.seal",
    "global.structuredClone", "global.Set", "global.Object.create",
})  # fmt: skip
_TEXT_METHODS: Final = frozenset({
    "trim", "trimStart", "trimEnd", "toLowerCase", "toUpperCase", "toLocaleLowerCase", "toString",
    "substring", "substr", "normalize", "padStart", "padEnd", "split", "replace", "replaceAll",
    "charAt", "valueOf", "toFixed", "toISOString", "getTime",
})  # fmt: skip
_EACH: Final = frozenset({
    "map", "flatMap", "filter", "forEach", "some", "every", "find", "findLast", "findIndex", "sort",
    "toSorted",
})  # fmt: skip


def called(
    machine: ScriptMachine, expr: s.Call, owner: Val, target: Val, args: Args, frame: Frame
) -> Val | None:
    """What calling something of the language or of the web framework gives; None for others."""
    if _is_log(expr):
        return UNKNOWN
    checked = machine.schemas.checked(machine, expr, target, args)
    if checked is not None:
        return checked
    item = target.only()
    if isinstance(item, Library) and item.path.startswith("global."):
        return _global(machine, item.path, expr, args, frame)
    if isinstance(item, Params | Library) or (
        isinstance(item, Method) and isinstance(item.owner, Request)
    ):
        found = scriptweb.called(machine, item, args, expr)
        if found is not None:
            return found
    if not isinstance(expr.func, s.Attribute) or any(isinstance(i, Func) for i in target.items):
        return _bound(machine, expr, owner, args, frame)
    return _method(machine, expr, expr.func.name, owner, args, frame)


def _is_log(expr: s.Call) -> bool:
    """``req.log.info(...)``, ``logger.error(...)``: what is written down is not used."""
    match expr.func:
        case s.Attribute(
            value=s.Name(id=base) | s.Attribute(name=base),
            name="info" | "warn" | "error" | "debug" | "trace" | "log" | "http" | "verbose",
        ):
            return base.lower() in ("log", "logger", "logging", "winston")
    return False


def _bound(
    machine: ScriptMachine, expr: s.Call, owner: Val, args: Args, frame: Frame
) -> Val | None:
    """``handler.bind(this)``, ``handler.call(this, a)``."""
    if not isinstance(expr.func, s.Attribute) or not any(isinstance(i, Func) for i in owner.items):
        return None
    rest = Args(args.node, args.positional[1:], (), args.whole)
    if expr.func.name == "bind":
        return of(Partial(owner, rest.positional, ())) if rest.positional else owner
    if expr.func.name == "call":
        return calls.call(machine, owner, rest, expr, frame)
    return None


# --- the language's functions --------------------------------------------------------------------


def _global(
    machine: ScriptMachine, path: str, expr: s.Call, args: Args, frame: Frame
) -> Val | None:
    first = args.get(0) or UNKNOWN
    sources = args.sources()
    if path in _NUMBERS or path.startswith("global.Math."):
        return Val((), objects.as_typed(sources))
    if path == "global.Array.isArray" and is_missing(first):
        return of(Const(False))
    if path in _CHECKS:
        machine.run.checked |= sources
        return UNKNOWN
    if path in _TEXTS:
        held = frozenset().union(*(machine.deep_sources(value) for value in args.positional))
        return Val((), held)
    if path in _SAME:
        return first
    if path.startswith("global.console."):
        return NONE
    if path == "global.Object.assign":
        return _assigned(machine, first, args.positional[1:])
    if path in ("global.Promise.all", "global.Promise.allSettled", "global.Promise.race"):
        return first
    if path in ("global.Object.entries", "global.Object.keys", "global.Object.values"):
        return _parts(machine, path.rpartition(".")[2], first, expr, frame)
    if path == "global.Array.from" and len(args.positional) > 1:
        return _each(machine, "map", first, args.positional[1], expr, frame)
    if path in ("global.Array.from", "global.Object.fromEntries"):
        return Val(first.items if path.endswith("from") else (), machine.deep_sources(first))
    return None


def _assigned(machine: ScriptMachine, target: Val, given: tuple[Val, ...]) -> Val:
    """``Object.assign(target, ...given)``."""
    item = target.only()
    if not isinstance(item, Ref):
        scriptrows.renew(machine, target)
        machine.use(target, *given)
        return target
    thing = machine.thing(item)
    for index, value in enumerate(given):
        inner = value.only()
        if isinstance(inner, Ref) and machine.thing(inner).kind == "dict":
            for name, held in machine.thing(inner).fields.items():
                known = thing.fields.get(name)
                thing.fields[name] = held if known is None else merged((known, held))
            thing.whole = thing.whole and machine.thing(inner).whole
        else:
            thing.whole = False
            thing.fields[("spread", len(thing.fields), index)] = value
    return target


def _parts(machine: ScriptMachine, name: str, value: Val, expr: s.Call, frame: Frame) -> Val:
    """``Object.entries(value)``."""
    found: list[Val] = []
    for item in value.items:
        if isinstance(item, Ref) and machine.thing(item).kind == "dict":
            thing = machine.thing(item)
            held = merged(thing.fields.values()) if thing.fields else UNKNOWN
            held = Val(held.items, machine.deep_sources(of(item)), held.partial)
            keys = objects.keys(thing)
        else:
            many = objects.iterated(machine, of(item), expr, frame)
            held, keys = Val((), many.element.sources), UNKNOWN
        if name == "entries":
            held = of(machine.allocate(Thing("list", items=[keys, held])), sources=held.sources)
        found.append(of(Many(keys if name == "keys" else held)))
    return merged(found) if found else Val((), value.sources)


# --- methods -------------------------------------------------------------------------------------


def _method(
    machine: ScriptMachine, expr: s.Call, name: str, owner: Val, args: Args, frame: Frame
) -> Val | None:
    if name in ("then", "catch", "finally"):
        return _promise(machine, name, owner, args, expr, frame)
    of_row = scriptrows.called(machine, owner, name, args, expr, frame)
    if of_row is not None:
        return of_row
    if not _is_plain(machine, owner):
        return None
    callback = args.get(0)
    if name in _EACH and (callback is not None or name == "sort"):
        return _each(machine, name, owner, callback or UNKNOWN, expr, frame)
    if name == "reduce" and callback is not None:
        return _reduced(machine, owner, args, expr, frame)
    item = owner.only()
    if isinstance(item, Ref) and machine.thing(item).kind == "list":
        found = _list_method(machine, item, name, args)
        if found is not None:
            return found
    if name == "flat":
        return _flat(machine, owner, expr, frame)
    if name in ("slice", "reverse", "values"):
        machine.use(*args.all())
        return owner
    if name == "concat":
        if texts.is_text(owner):
            return texts.assembled((owner, *args.positional), owner.sources | args.sources())
        return Val(owner.items, owner.sources | args.sources(), True)
    if name in _TEXT_METHODS:
        if isinstance(item, Const) and name in ("trim", "toString") and not owner.partial:
            return owner
        return Val((), owner.sources | args.sources())
    if name == "join":
        return Val((), machine.deep_sources(owner))
    if name in ("includes", "indexOf", "has", "startsWith", "endsWith", "match", "test", "exec"):
        machine.run.checked |= owner.sources | args.sources()
    return None


def _flat(machine: ScriptMachine, owner: Val, expr: s.Call, frame: Frame) -> Val:
    """The items of the lists in a list."""
    many = objects.iterated(machine, owner, expr, frame)
    if not any(
        isinstance(item, Many) or (isinstance(item, Ref) and machine.thing(item).kind == "list")
        for item in many.element.items
    ):
        return owner
    inner = objects.iterated(machine, many.element, expr, frame)
    stored = many.stored or inner.stored
    found = Many(inner.element, stored, inner.statement or many.statement)
    return Val((found,), owner.sources, owner.partial)


def _is_plain(machine: ScriptMachine, owner: Val) -> bool:
    """May it be an array or a text, as far as can be seen?"""
    return all(
        isinstance(item, Const | Text | Many)
        or (isinstance(item, Ref) and machine.thing(item).kind == "list")
        for item in owner.items
    )


def _list_method(machine: ScriptMachine, item: Ref, name: str, args: Args) -> Val | None:
    thing = machine.thing(item)
    if name in ("push", "unshift"):
        for value in args.positional:
            thing.add(value, machine.depth)
        thing.whole = thing.whole and args.whole and name == "push" and not machine.loops
        return UNKNOWN
    if name in ("pop", "shift", "at"):
        return merged(thing.items) if thing.items else UNKNOWN
    if name == "slice" and not args.positional:
        return of(machine.allocate(Thing("list", items=list(thing.items), whole=thing.whole)))
    if name == "concat":
        made = machine.allocate(Thing("list", items=list(thing.items), whole=False))
        for value in args.positional:
            objects.extend(machine, made, value)
        return of(made)
    if name == "join":
        separator = args.get(0) or of(Const(","))
        text = separator.only()
        if isinstance(text, Const | Text):
            return builtin.joined(machine, text, of(item), machine.deep_sources(of(item)))
    return None


def _promise(
    machine: ScriptMachine, name: str, owner: Val, args: Args, expr: s.Call, frame: Frame
) -> Val:
    found: list[Val] = []
    for index, value in enumerate(args.positional):
        given = (owner,) if name == "then" and index == 0 else (UNKNOWN,)
        found.append(calls.call(machine, value, Args(None, given), expr, frame))
    if name == "then" and found:
        return found[0]
    return owner if name == "finally" else merged([owner, *found])


def _each(
    machine: ScriptMachine, name: str, owner: Val, callback: Val, expr: s.Call, frame: Frame
) -> Val:
    """The array's methods that call back with each element."""
    many = objects.iterated(machine, owner, expr, frame)
    given = Args(None, (many.element, UNKNOWN))
    if name in ("sort", "toSorted"):
        given = Args(None, (many.element, many.element))
    result = UNKNOWN
    if callback.items:
        result = calls.call(machine, callback, given, expr, frame)
    if name in ("map", "flatMap"):
        if name == "flatMap":
            result = objects.iterated(machine, result, expr, frame).element
        return Val((Many(result, many.stored, many.statement),), result.sources | owner.sources)
    if name == "forEach":
        return NONE
    if name not in ("sort", "toSorted"):
        machine.use(result)
    if name in ("find", "findLast"):
        return Val(many.element.items, many.element.sources | owner.sources, True)
    return UNKNOWN if name in ("some", "every", "findIndex") else owner


def _reduced(machine: ScriptMachine, owner: Val, args: Args, expr: s.Call, frame: Frame) -> Val:
    many = objects.iterated(machine, owner, expr, frame)
    start = args.get(1) or many.element
    given = Args(None, (start, many.element, UNKNOWN))
    result = calls.call(machine, args.positional[0], given, expr, frame)
    return merged([start, result]) if result.items or result.sources else start
