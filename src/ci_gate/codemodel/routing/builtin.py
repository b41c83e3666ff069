"""What the two languages bring along that set-up code uses: strings, lists, mappings, paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    Const,
    DictVal,
    External,
    FuncVal,
    Instance,
    LibraryObject,
    ListVal,
    Native,
    Opaque,
    Value,
    text_of,
)

if TYPE_CHECKING:
    from ci_gate.codemodel.routing.machine import Machine

NAMES = frozenset(
    {
        "Array", "Object", "Promise", "String", "dict", "enumerate", "frozenset", "getattr",
        "import", "list", "map", "process", "reversed", "set", "setattr", "sorted", "str", "tuple",
        "zip", "globalThis",
    }
)  # fmt: skip
"""Names that need no import."""

_CALLBACKS = frozenset({"then", "finally", "forEach", "map", "flatMap", "tap", "catch"})


# --- operators -----------------------------------------------------------------------------------


def operator(op: str, left: Value, right: Value) -> Value:
    if op == "+":
        return _plus(left, right)
    if op == "%" and isinstance(left, Const) and isinstance(left.value, str):
        values: list[Value] = right.items if isinstance(right, ListVal) else [right]
        return Const(_percent(left.value, values))
    if op == "/" and isinstance(left, Const) and isinstance(left.value, str):
        return Const(posixpath.join(left.value, text_of(right) or HOLE))
    if not (isinstance(left, Const) and _certain(left)):
        return UNKNOWN
    if op in {"in", "not in"}:
        items = right.items if isinstance(right, ListVal) and right.whole else None
        if isinstance(right, DictVal) and right.whole:
            return Const((left.value in right.entries) is (op == "in"))
        if items is None or not all(isinstance(item, Const) for item in items):
            return UNKNOWN
        return Const((left in items) is (op == "in"))
    if not (isinstance(right, Const) and _certain(right)):
        return UNKNOWN
    if op in {"==", "is"}:
        return Const(left.value == right.value)
    if op in {"!=", "is not"}:
        return Const(left.value != right.value)
    return UNKNOWN


def _certain(value: Const) -> bool:
    return not (isinstance(value.value, str) and HOLE in value.value)


def _plus(left: Value, right: Value) -> Value:
    if isinstance(left, Const) and isinstance(right, Const):
        if isinstance(left.value, int) and isinstance(right.value, int):
            return Const(left.value + right.value)
        return Const(_text(left) + _text(right))
    if any(isinstance(item, Const) and isinstance(item.value, str) for item in (left, right)):
        return Const(_text(left) + _text(right))
    return UNKNOWN


def _text(value: Value) -> str:
    text = text_of(value)
    return HOLE if text is None else text


def _percent(template: str, values: list[Value]) -> str:
    left = list(values)
    return re.sub(r"%(\(\w+\))?[sdr]", lambda _: _text(left.pop(0)) if left else HOLE, template)


# --- attributes ----------------------------------------------------------------------------------


def attribute(machine: Machine, value: Value, name: str) -> Value | None:
    if isinstance(value, DictVal):
        if name in value.entries:
            return value.entries[name]
        method = _DICT.get(name)
        return None if method is None else Native(lambda args: method(machine, value, args))
    if isinstance(value, ListVal):
        list_method = _LIST.get(name)
        if list_method is None:
            return None
        return Native(lambda args: list_method(machine, value, args))
    if isinstance(value, Const) and isinstance(value.value, str):
        text = value.value
        if name in {"parent", "value"}:
            return Const(posixpath.dirname(text)) if name == "parent" else value
        return Native(lambda args: _string_method(text, name, args))
    if isinstance(value, FuncVal):
        return _function_attribute(machine, value, name)
    if name in _CALLBACKS:
        return Native(lambda args: _call_back(machine, args))
    return None


def _call_back(machine: Machine, args: Args) -> Value:
    """A callback handed to something not known, such as a promise."""
    for item in args.positional:
        if isinstance(item, FuncVal):
            machine.invoke(item, Args([UNKNOWN], {}, args.module, args.span))
    return UNKNOWN


def _function_attribute(machine: Machine, value: FuncVal, name: str) -> Value | None:
    if name in value.attrs:
        return value.attrs[name]
    if name == "bind":

        def bind(args: Args) -> Value:
            this = args.get(0)
            return machine.bound(value, this) if isinstance(this, Instance | DictVal) else value

        return Native(bind)
    if name in {"call", "apply"}:

        def call(args: Args) -> Value:
            rest = args.positional[1:]
            if name == "apply" and rest:
                rest = machine.iterated(rest[0]) or []
            return machine.invoke(value, Args(rest, {}, args.module, args.span))

        return Native(call)
    return None


def _string_method(text: str, name: str, args: Args) -> Value:
    texts = [text_of(item) for item in args.positional]
    known = [item for item in texts if item is not None]
    if name in {
        "lower",
        "toLowerCase",
        "upper",
        "toUpperCase",
        "strip",
        "trim",
        "lstrip",
        "rstrip",
    }:
        change: dict[str, Callable[..., str]] = {
            "lower": text.lower, "toLowerCase": text.lower, "upper": text.upper,
            "toUpperCase": text.upper, "strip": text.strip, "trim": text.strip,
            "lstrip": text.lstrip, "rstrip": text.rstrip,
        }  # fmt: skip
        return Const(change[name](*known[:1]))
    if name in {"toString", "valueOf"}:
        return Const(text)
    if name == "concat":
        return Const(text + "".join(known))
    if name == "format":
        return Const(_format(text, args))
    if name in {"replace", "replaceAll"} and len(known) == 2 and known[0]:
        count = 1 if name == "replace" and not args.module.endswith(".py") else -1
        return Const(text.replace(known[0], known[1], count))
    if name == "join" and args.positional:
        items = args.positional[0]
        if isinstance(items, ListVal):
            return Const(text.join(_text(item) for item in items.items))
    if name == "split" and known and known[0]:
        return ListVal([Const(part) for part in text.split(known[0])])
    if name in {"startswith", "startsWith"} and known and HOLE not in text + known[0]:
        return Const(text.startswith(known[0]))
    if name in {"endswith", "endsWith"} and known and HOLE not in text + known[0]:
        return Const(text.endswith(known[0]))
    if name == "removeprefix" and known:
        return Const(text.removeprefix(known[0]))
    if name == "removesuffix" and known:
        return Const(text.removesuffix(known[0]))
    if name == "resolve":
        return Const(text)
    return UNKNOWN


def _format(text: str, args: Args) -> str:
    position = iter(args.positional)

    def field(found: re.Match[str]) -> str:
        key = found.group(1)
        if key in args.keywords:
            return _text(args.keywords[key])
        if key.isdigit() and int(key) < len(args.positional):
            return _text(args.positional[int(key)])
        return HOLE if key else _text(next(position, UNKNOWN))

    return re.sub(r"\{(\w*)\}", field, text)


# --- lists and mappings --------------------------------------------------------------------------


def _append(machine: Machine, value: ListVal, args: Args) -> Value:
    del machine
    value.items += args.positional
    return NONE


def _extend(machine: Machine, value: ListVal, args: Args) -> Value:
    added = machine.iterated(args.get(0) or UNKNOWN)
    value.items += (added or [])[:1000]
    value.whole = value.whole and added is not None
    return NONE


def _insert(machine: Machine, value: ListVal, args: Args) -> Value:
    del machine
    value.items[:0] = args.positional[1:]
    return NONE


def _unshift(machine: Machine, value: ListVal, args: Args) -> Value:
    del machine
    value.items[:0] = args.positional
    return NONE


def _concat(machine: Machine, value: ListVal, args: Args) -> Value:
    made = ListVal(list(value.items), value.whole)
    for item in args.positional:
        added = machine.iterated(item)
        made.items += [item] if added is None else added
    return made


def _each(machine: Machine, value: ListVal, args: Args) -> Value:
    func = args.get(0)
    results: list[Value] = []
    items: list[Value] = list(value.items) or ([] if value.whole else [UNKNOWN])
    for index, item in enumerate(items):
        given = Args([item, Const(index)], {}, args.module, args.span)
        results.append(UNKNOWN if func is None else machine.call(func, given))
    return ListVal(results, value.whole)


def _flat_each(machine: Machine, value: ListVal, args: Args) -> Value:
    mapped = _each(machine, value, args)
    return _flat(machine, mapped, args) if isinstance(mapped, ListVal) else mapped


def _flat(machine: Machine, value: ListVal, args: Args) -> Value:
    del args
    made = ListVal([], value.whole)
    for item in value.items:
        inner = machine.iterated(item)
        made.items += [item] if inner is None else inner
    return made


def _same(machine: Machine, value: ListVal, args: Args) -> Value:
    del machine, args
    return value


def _joined(machine: Machine, value: ListVal, args: Args) -> Value:
    del machine
    return Const((args.text(0) or ",").join(_text(item) for item in value.items))


_LIST: dict[str, Callable[[Machine, ListVal, Args], Value]] = {
    "append": _append, "push": _append, "add": _append, "extend": _extend, "insert": _insert,
    "unshift": _unshift, "concat": _concat, "forEach": _each, "map": _each, "flatMap": _flat_each,
    "flat": _flat, "filter": _same, "sort": _same, "reverse": _same, "slice": _same, "copy": _same,
    "join": _joined, "values": _same,
}  # fmt: skip


def _get(machine: Machine, value: DictVal, args: Args) -> Value:
    del machine
    key = args.get(0)
    found = value.entries.get(key.value) if isinstance(key, Const) else None
    if found is not None:
        return found
    default = args.get(1)
    return UNKNOWN if default is None else default


def _setdefault(machine: Machine, value: DictVal, args: Args) -> Value:
    key = args.get(0)
    if isinstance(key, Const) and key.value not in value.entries:
        value.entries[key.value] = args.get(1) or NONE
    return _get(machine, value, args)


def _update(machine: Machine, value: DictVal, args: Args) -> Value:
    del machine
    other = args.get(0)
    if isinstance(other, DictVal):
        value.entries.update(other.entries)
        value.whole = value.whole and other.whole
    elif other is not None:
        value.whole = False
    value.entries.update(args.keywords)
    return NONE


def _pairs(value: DictVal) -> ListVal:
    pairs: list[Value] = [
        ListVal([Const(key), item])
        for key, item in value.entries.items()
        if isinstance(key, str | int)
    ]
    return ListVal(pairs, value.whole)


def _keys(value: DictVal) -> ListVal:
    return ListVal([Const(key) for key in value.entries if isinstance(key, str | int)], value.whole)


_DICT: dict[str, Callable[[Machine, DictVal, Args], Value]] = {
    "get": _get, "setdefault": _setdefault, "update": _update,
    "items": lambda _m, value, _a: _pairs(value),
    "entries": lambda _m, value, _a: _pairs(value),
    "keys": lambda _m, value, _a: _keys(value),
    "values": lambda _m, value, _a: ListVal(list(value.entries.values()), value.whole),
    "copy": lambda _m, value, _a: DictVal(dict(value.entries), value.whole),
}  # fmt: skip


# --- functions of the standard libraries ---------------------------------------------------------


def _default(machine: Machine, args: Args) -> Value:
    """A setting that is read from outside: its default."""
    del machine
    found = args.get(1, "default")
    return found if found is not None else Opaque(args.call)


def _field(machine: Machine, args: Args) -> Value:
    del machine
    found = args.get(0, "default")
    return found if found is not None else Opaque(args.call)


def _first(machine: Machine, args: Args) -> Value:
    del machine
    return args.get(0) or UNKNOWN


def _join_path(machine: Machine, args: Args) -> Value:
    del machine
    parts = [_text(item) for item in args.positional]
    return Const(posixpath.normpath(posixpath.join(*parts))) if parts else UNKNOWN


def _dirname(machine: Machine, args: Args) -> Value:
    del machine
    text = args.text(0)
    return UNKNOWN if text is None else Const(posixpath.dirname(text))


def _as_list(machine: Machine, args: Args) -> Value:
    items = machine.iterated(args.get(0) or UNKNOWN)
    if items is None:
        return ListVal([], not args.positional)
    return ListVal(items)


def _enumerate(machine: Machine, args: Args) -> Value:
    items = machine.iterated(args.get(0) or UNKNOWN)
    if items is None:
        return UNKNOWN
    return ListVal([ListVal([Const(index), item]) for index, item in enumerate(items)])


def _zip(machine: Machine, args: Args) -> Value:
    columns = [machine.iterated(item) for item in args.positional]
    if not columns or any(column is None for column in columns):
        return UNKNOWN
    return ListVal([ListVal(list(row)) for row in zip(*(c or [] for c in columns), strict=False)])


def _dict(machine: Machine, args: Args) -> Value:
    made = DictVal({}, args.whole)
    _update(machine, made, args)
    return made


def _get_attribute(machine: Machine, args: Args) -> Value:
    holder, name = args.get(0), args.text(1)
    found = machine.attribute(holder, name) if holder is not None and name else None
    return found or args.get(2) or Opaque(args.call)


def _set_attribute(machine: Machine, args: Args) -> Value:
    del machine
    holder, name, value = args.get(0), args.text(1), args.get(2)
    if isinstance(holder, Instance | LibraryObject) and name and value is not None:
        holder.attrs[name] = value
    return NONE


def _object_part(part: Callable[[DictVal], ListVal]) -> Callable[[Machine, Args], Value]:
    def run(machine: Machine, args: Args) -> Value:
        del machine
        value = args.get(0)
        return part(value) if isinstance(value, DictVal) else UNKNOWN

    return run


def _assign(machine: Machine, args: Args) -> Value:
    target = args.get(0)
    if isinstance(target, DictVal):
        for item in args.positional[1:]:
            _update(machine, target, Args([item], {}, args.module, args.span))
    return target or UNKNOWN


def _partial(machine: Machine, args: Args) -> Value:
    """``functools.partial``: a function with its first arguments given."""
    del machine
    func = args.get(0)
    if not isinstance(func, FuncVal):
        return func or UNKNOWN
    return FuncVal(
        func.info, func.env, func.this, func.owner, args.positional[1:], dict(args.keywords)
    )


def _decorator(machine: Machine, args: Args) -> Value:
    """A decorator without effect on routes, with or without arguments."""
    del machine
    value = args.get(0)
    return value if value is not None else Native(lambda inner: inner.get(0) or UNKNOWN)


def _decorator_factory(machine: Machine, args: Args) -> Value:
    del machine, args
    return Native(lambda inner: inner.get(0) or UNKNOWN)


EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "os.environ.get": _default, "os.getenv": _default, "decouple.config": _default,
    "starlette.config.Config()": _default, "environs.Env().str": _default,
    "environ.Env().str": _default, "environs.Env()": _default, "environ.Env()": _default,
    "pydantic.Field": _field, "dataclasses.field": _field,
    "path.join": _join_path, "path.resolve": _join_path, "path.dirname": _dirname,
    "path.posix.join": _join_path, "path.default.join": _join_path,
    "os.path.join": _join_path, "os.path.dirname": _dirname, "os.path.abspath": _first,
    "pathlib.Path": _join_path, "url.fileURLToPath": _first,
    "url.URL": lambda machine, args: _join_path(
        machine, Args(list(reversed(args.positional)), {}, args.module, args.span)
    ),
    "list": _as_list, "tuple": _as_list, "set": _as_list, "frozenset": _as_list,
    "sorted": _as_list, "reversed": _as_list, "Array.from": _as_list, "itertools.chain": _as_list,
    "Promise.all": _first, "Object.freeze": _first, "str": _first, "String": _first,
    "Promise.resolve": _first, "typing.cast": lambda _m, args: args.get(1) or UNKNOWN,
    "enumerate": _enumerate, "zip": _zip, "dict": _dict, "getattr": _get_attribute,
    "setattr": _set_attribute, "Object.assign": _assign,
    "Object.values": _object_part(lambda value: ListVal(list(value.entries.values()), value.whole)),
    "Object.entries": _object_part(_pairs), "Object.keys": _object_part(_keys),
    "functools.partial": _partial, "functools.lru_cache": _decorator,
    "functools.cache": _decorator, "contextlib.asynccontextmanager": _decorator,
    "contextlib.contextmanager": _decorator, "functools.wraps": _decorator_factory,
}  # fmt: skip

__all__ = ["EXTERNALS", "NAMES", "External", "attribute", "operator"]
