"""What Python itself brings: conversions, collections, strings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, convert, objects, rows, texts, web
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Instance,
    Library,
    Many,
    Method,
    Params,
    Partial,
    Ref,
    Source,
    Table,
    Text,
    Thing,
    Typed,
    Val,
    merged,
    of,
    tainted,
    without_none,
)
from ci_gate.codemodel.entities.declarations import declarations
from ci_gate.codemodel.values import ClassValue

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine
    from ci_gate.codemodel.model import ClassInfo

_TYPED = frozenset({
    "builtins.int", "builtins.float", "builtins.bool", "uuid.UUID",
    "decimal.Decimal", "datetime.datetime.fromisoformat", "datetime.date.fromisoformat",
    "builtins.round", "builtins.abs", "math.ceil", "math.floor",
})  # fmt: skip
_SAME_TYPE = frozenset({"builtins.min", "builtins.max"})
_COPIES = frozenset({
    "builtins.list", "builtins.set", "builtins.tuple", "builtins.sorted", "builtins.reversed",
    "builtins.frozenset", "builtins.iter", "builtins.aiter", "copy.copy", "copy.deepcopy",
    "itertools.chain.from_iterable", "collections.deque", "typing.cast", "textwrap.dedent",
    "inspect.cleandoc",
})  # fmt: skip
STRING_METHODS = frozenset({
    "strip", "lower", "upper", "lstrip", "rstrip", "title", "replace", "format", "join", "encode",
    "decode", "split", "casefold", "capitalize", "removeprefix", "removesuffix", "partition",
    "rpartition", "splitlines", "zfill", "translate", "swapcase", "format_map", "expandtabs",
})  # fmt: skip
_SAME_TEXT = frozenset({"strip", "lstrip", "rstrip", "as_string", "expandtabs"})
_SORTS = frozenset({"builtins.sorted", "builtins.reversed", "heapq.nsmallest", "heapq.nlargest"})
_RESPONSES = frozenset({
    "aiohttp.web.json_response", "flask.jsonify", "flask.make_response", "quart.jsonify",
    "fastapi.responses.JSONResponse", "fastapi.responses.ORJSONResponse",
    "starlette.responses.JSONResponse", "sanic.response.json", "sanic.json",
    "django.http.JsonResponse", "rest_framework.response.Response",
})  # fmt: skip
_CONTEXT_VARIABLE = "contextvars.ContextVar()."
_FORMED = ("datetime.", "uuid.", "math.", "time.", "hashlib.", "hmac.", "decimal.", "secrets.")
"""Packages whose results have a form of their own, whatever they are made of."""
_PURE = ("re.", "logging.", "structlog.", "os.", "json.", "functools.wraps", "http.", "enum.")


def called(machine: Machine, item: object, args: Args, node: s.Expr, frame: Frame) -> Val | None:
    """What calling a built-in function or method gives; None when it is none."""
    if isinstance(item, Library):
        return _function(machine, item.path, args, node, frame)
    if isinstance(item, Method):
        if isinstance(item.owner, Params):
            return web.parameters_method(machine, item.owner, item.name, args, node)
        if isinstance(item.owner, Const | Text):
            return _string(machine, item.owner, item.name, args)
        if item.name in ("sort", "reverse") and isinstance(item.owner, Ref | Many):
            machine.run.reordered |= machine.rows_in(of(item.owner))
        if isinstance(item.owner, Ref):
            return _collection(machine, item.owner, item.name, args)
        if isinstance(item.owner, Many):
            return _many(item.owner, item.name, args)
    return None


def _function(machine: Machine, path: str, args: Args, node: s.Expr, frame: Frame) -> Val | None:
    if path in ("builtins.len", "builtins.bool"):
        for value in args.positional:
            objects.tested(machine, value, node, frame)
            truth = objects.truth(value)
            if path == "builtins.bool" and truth is not None:
                return of(Const(truth), sources=objects.as_typed(value.sources))
    if path == "builtins.len":
        return UNKNOWN
    if path.startswith(_CONTEXT_VARIABLE):
        return _context_variable(machine, path.removeprefix(_CONTEXT_VARIABLE), args, node, frame)
    if path in _SORTS:
        for value in args.positional:
            machine.run.reordered |= machine.rows_in(value)
    if path.removesuffix("()") in _RESPONSES:
        for value in args.all():
            machine.run.responded |= machine.rows_in(value)
    if path in _TYPED:
        return Val((), objects.as_typed(args.sources()))
    if path in _SAME_TYPE:
        return Val((), args.sources())
    if path in _COPIES and args.positional:
        value = args.positional[-1 if path == "typing.cast" else 0]
        if path in ("typing.cast", "copy.copy", "copy.deepcopy", "textwrap.dedent",
                    "inspect.cleandoc"):  # fmt: skip
            return value
        return _copied(machine, value, node, frame)
    if path in ("builtins.str", "builtins.repr", "builtins.print"):
        return Val((), args.sources())
    if path in ("builtins.dict", "builtins.zip", "builtins.enumerate", "builtins.map",
                "builtins.filter", "builtins.next", "builtins.anext", "builtins.getattr",
                "builtins.setattr", "builtins.any", "builtins.all", "builtins.sum",
                "builtins.isinstance", "builtins.hasattr", "builtins.type"):  # fmt: skip
        return _BUILTIN[path](machine, args, node, frame)
    if path in ("functools.partial", "functools.partialmethod") and args.positional:
        return of(Partial(args.positional[0], args.positional[1:], args.keywords))
    if path == "dataclasses.replace" and args.positional:
        return _replaced(machine, args)
    if path in ("dataclasses.asdict", "attrs.asdict", "attr.asdict") and args.positional:
        held = args.positional[0].only()
        if isinstance(held, Ref) and machine.thing(held).kind == "object":
            return _as_dict(machine, machine.thing(held))
        return Val((), args.sources())
    if path in ("asyncio.gather", "anyio.gather"):
        return of(machine.allocate(Thing("list", items=list(args.positional))))
    if path in ("asgiref.sync.sync_to_async", "asgiref.sync.async_to_sync",
                "channels.db.database_sync_to_async", "asyncio.create_task",
                "asyncio.wait_for", "asyncio.shield") and args.positional:  # fmt: skip
        return args.positional[0]
    if path in ("starlette.concurrency.run_in_threadpool", "asyncio.to_thread",
                "anyio.to_thread.run_sync", "fastapi.concurrency.run_in_threadpool"):  # fmt: skip
        if args.positional:
            rest = Args(args.node, args.positional[1:], args.keywords, args.whole)
            return calls.call(machine, args.positional[0], rest, node, frame)
        return UNKNOWN
    if path.endswith((".BackgroundTasks().add_task", ".BackgroundTask", "Executor().submit")):
        if args.positional:
            rest = Args(args.node, args.positional[1:], args.keywords, args.whole)
            calls.call(machine, args.positional[0], rest, node, frame)
        return UNKNOWN
    if path.startswith(_FORMED) or (path == "re.sub" and _keeps_plain(args)):
        machine.use(*args.all())
        return Val((), objects.as_typed(args.sources()))
    if path.startswith(_PURE):
        machine.use(*args.all())
        return Val((), args.sources())
    return None


def _keeps_plain(args: Args) -> bool:
    """``re.sub("[^a-z]", ...)`` leaves nothing but the characters named."""
    return any("[^" in text for text in texts.texts(args.get(0) or UNKNOWN))


def _copied(machine: Machine, value: Val, node: s.Expr, frame: Frame) -> Val:
    item = value.only()
    if isinstance(item, Ref) and machine.thing(item).kind == "list":
        thing = machine.thing(item)
        made = Thing("list", items=list(thing.items), whole=thing.whole, stored=thing.stored,
                     statement=thing.statement)  # fmt: skip
        return Val((machine.allocate(made),), value.sources)
    if not value.items:
        return Val((), value.sources)
    many = objects.iterated(machine, value, node, frame)
    return Val((many,), value.sources)


def _dict(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    thing = Thing("dict", whole=args.whole)
    for value in args.positional:
        rows.made_dict(machine, value, node, frame)
        item = value.only()
        if isinstance(item, Ref):
            thing.fields.update(machine.thing(item).fields)
        elif isinstance(item, Params):
            return web.wholesale(machine, item)
        else:
            thing.whole = False
            thing.row = rows.copied(value)
    thing.fields.update(dict(args.keywords))
    return Val((machine.allocate(thing),), args.sources())


def _zip(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    manys = [objects.iterated(machine, value, node, frame) for value in args.positional]
    place = machine.allocate(Thing("list", items=[many.element for many in manys]))
    return of(Many(of(place), any(many.stored for many in manys)))


def _enumerate(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    if not args.positional:
        return UNKNOWN
    many = objects.iterated(machine, args.positional[0], node, frame)
    place = machine.allocate(Thing("list", items=[UNKNOWN, many.element]))
    return of(Many(of(place), many.stored, many.statement))


def _map(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    if len(args.positional) < 2:
        return UNKNOWN
    element, loop = objects.loop_over(machine, args.positional[1], node, node, frame)
    result: list[Val] = []

    def body() -> bool:
        inner = Args(None, (element,))
        result.append(calls.call(machine, args.positional[0], inner, node, frame))
        return False

    if loop is None:
        body()
    else:
        machine.looping(loop, body)
    return of(Many(result[0], loop is not None))


def _filter(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    if len(args.positional) < 2:
        return UNKNOWN
    _map(machine, args, node, frame)
    return of(objects.iterated(machine, args.positional[1], node, frame))


def _next(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    if not args.positional:
        return UNKNOWN
    many = objects.iterated(machine, args.positional[0], node, frame)
    given = [many.element, *args.positional[1:]]
    return merged(given)


def _getattr(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    name = args.get(1)
    holder = args.positional[0].only() if args.positional else None
    if isinstance(holder, Library) and holder.path in web.CONTEXTS and len(args.positional) > 2:
        return web.context_value(machine, Args(None, args.positional[1:]))
    names = objects.names(name) if name is not None else ()
    if names:
        default = args.positional[2:3] if len(names) > 1 else ()
        found = [objects.attribute(machine, args.positional[0], each, node, frame)
                 for each in names]  # fmt: skip
        return merged([*found, *default])
    machine.use(*args.all())
    return UNKNOWN


def _setattr(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    if len(args.positional) == 3:
        holder, name, value = args.positional
        constant = name.only()
        text = constant.value if isinstance(constant, Const) else None
        target = machine.model.make_up(
            s.Attribute(node.span, node, text if isinstance(text, str) else "*", node.span)
        )
        if isinstance(text, str) or not any(isinstance(i, Ref) for i in holder.items):
            objects.set_attribute(machine, holder, target, value, frame)
        machine.use(name, value)
    return NONE


def _any(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    for value in args.positional:
        machine.use(objects.iterated(machine, value, node, frame).element)
    return UNKNOWN


def _test(_machine: Machine, _args: Args, _node: s.Expr, _frame: Frame) -> Val:
    return UNKNOWN


def _hasattr(machine: Machine, args: Args, _node: s.Expr, _frame: Frame) -> Val:
    if len(args.positional) != 2:
        return UNKNOWN
    holder, name = args.positional
    item, constant = holder.only(), name.only()
    held = web.is_set(machine, holder, name) or (
        isinstance(item, Instance) and isinstance(constant, Const) and constant.value in item.extra
    )
    return of(Const(True)) if held else UNKNOWN


def _type(machine: Machine, args: Args, _node: s.Expr, _frame: Frame) -> Val:
    """The class of an object says nothing of the object itself."""
    if len(args.positional) != 1:
        return UNKNOWN
    found = []
    for item in args.positional[0].items:
        cls = machine.thing(item).cls if isinstance(item, Ref) else getattr(item, "cls", None)
        if isinstance(item, Instance):
            found.append(of(Table(item.entity)))
        elif cls is not None and isinstance(item, Ref | Typed):
            found.append(of(convert.class_item(machine, cls)))
        else:
            found.append(UNKNOWN)
    return merged(found) if found else UNKNOWN


_BUILTIN: dict[str, Callable[[Machine, Args, s.Expr, Frame], Val]] = {
    "builtins.dict": _dict, "builtins.zip": _zip, "builtins.enumerate": _enumerate,
    "builtins.map": _map, "builtins.filter": _filter, "builtins.next": _next,
    "builtins.anext": _next, "builtins.getattr": _getattr, "builtins.setattr": _setattr,
    "builtins.any": _any, "builtins.all": _any, "builtins.sum": _any,
    "builtins.isinstance": _test, "builtins.hasattr": _hasattr, "builtins.type": _type,
}  # fmt: skip


def _replaced(machine: Machine, args: Args) -> Val:
    item = args.positional[0].only()
    if not isinstance(item, Ref):
        return args.positional[0]
    thing = machine.thing(item)
    made = Thing("object", thing.cls, {**thing.fields, **dict(args.keywords)})
    return of(machine.allocate(made))


# --- methods -------------------------------------------------------------------------------------


def _string(machine: Machine, item: Const | Text, name: str, args: Args) -> Val | None:
    if isinstance(item, Const) and not isinstance(item.value, str):
        return None
    sources = args.sources()
    for value in args.all():
        sources |= machine.deep_sources(value)
    if name == "join" and args.positional:
        return joined(machine, item, args.positional[0], sources)
    if name == "format":
        return texts.formatted(item, args, sources)
    if name in _SAME_TEXT:
        return of(item, sources=sources)
    if name in STRING_METHODS:
        return Val((), sources)
    machine.use(*args.all())
    return Val((), sources)


def joined(
    machine: Machine, separator: Const | Text, value: Val, sources: frozenset[Source]
) -> Val:
    """``separator.join(parts)``; of parts that are added in branches, all or none."""
    item = value.only()
    if isinstance(item, Ref) and machine.thing(item).kind == "list":
        thing = machine.thing(item)
        rest = [] if thing.whole else [UNKNOWN]
        every = texts.joined(of(separator), [*thing.items, *rest], sources)
        sure = [one for index, one in enumerate(thing.items) if index not in thing.optional]
        if not sure or len(sure) == len(thing.items) or rest:
            return every
        return merged((every, texts.joined(of(separator), sure, sources)))
    if isinstance(item, Many):
        return texts.joined(of(separator), [item.element, UNKNOWN], sources)
    return Val((), sources)


def _many(item: Many, name: str, args: Args) -> Val | None:
    if name in ("pop", "get", "first", "popleft"):
        return item.element
    if name in ("values", "copy", "keys", "union", "intersection", "difference"):
        return of(item)
    if name == "items":
        return None
    if name in ("append", "add", "extend", "remove", "discard", "sort", "reverse", "clear",
                "insert", "appendleft"):  # fmt: skip
        return NONE
    del args
    return None


def _collection(machine: Machine, item: Ref, name: str, args: Args) -> Val | None:
    thing = machine.thing(item)
    if thing.kind == "list":
        return _list_method(machine, item, thing, name, args)
    if thing.kind == "dict":
        return _dict_method(machine, thing, name, args)
    if name in ("model_copy", "copy"):
        return of(item)
    if name in ("model_dump", "dict", "_asdict"):
        return _as_dict(machine, thing)
    return None


def _as_dict(machine: Machine, thing: Thing) -> Val:
    """An object's fields, of which some may be left out. It may have been given them by their
    aliases (``Line(dayOfWeek=3)``), and hands them out by their names."""
    names = None if thing.cls is None else _declared(machine, thing.cls)
    fields = {
        name: value
        for name, value in thing.fields.items()
        if names is None or not isinstance(name, str) or name in names
    }
    made = Thing("dict", fields=fields, whole=False, keys=UNKNOWN)
    sources = frozenset(source for value in thing.fields.values() for source in value.sources)
    return Val((machine.allocate(made),), sources)


def _declared(machine: Machine, cls: ClassInfo) -> set[str]:
    """The names that a class and its ancestors declare."""
    above = (item.cls for item in machine.model.ancestors(cls) if isinstance(item, ClassValue))
    return {item.name for owner in (cls, *above) for item in declarations(owner, machine.model)}


def _list_method(machine: Machine, item: Ref, thing: Thing, name: str, args: Args) -> Val | None:
    if name in ("append", "add", "appendleft", "insert") and args.positional:
        value = args.positional[-1]
        machine.written(thing, value)
        if value not in thing.items or not machine.loops:
            thing.add(value, machine.depth)
        if machine.loops:
            thing.stored = True
            thing.statement = thing.statement or machine.loops[-1].statement
        thing.whole = thing.whole and not machine.loops
        return NONE
    if name in ("extend", "update") and args.positional:
        objects.extend(machine, item, args.positional[0])
        return NONE
    if name in ("pop", "popleft"):
        return merged(thing.items) if thing.items else UNKNOWN
    if name == "copy":
        return of(item)
    if name in ("sort", "reverse", "clear", "remove", "discard"):
        if thing.whole:
            machine.written(thing)
        thing.whole = False
        return NONE
    machine.use(*args.all())
    return Val((item,)) if name in ("union", "intersection", "difference") else None


def _dict_method(machine: Machine, thing: Thing, name: str, args: Args) -> Val | None:
    key = args.get(0, "key")
    constant = key.only() if key is not None and not key.partial else None
    if name in ("get", "pop", "setdefault"):
        default = args.get(1, "default")
        several = objects.names(key) if key is not None and thing.whole else ()
        if len(several) > 1 and name != "setdefault":
            return merged([*(thing.fields.get(each, NONE) for each in several), default or NONE])
        if isinstance(constant, Const) and constant.value in thing.fields:
            found = thing.fields[constant.value]
            return found if thing.whole or default is None else merged((found, default))
        if key is not None and not isinstance(constant, Const):
            machine.use(key)
        every = list(thing.fields.values()) if not isinstance(constant, Const) else []
        if name == "setdefault" and default is not None and isinstance(constant, Const):
            machine.written(thing, default)
            thing.fields[constant.value] = default
            return default
        if thing.whole and isinstance(constant, Const):
            return default if default is not None else NONE
        return merged([*every, default or NONE]) if every else UNKNOWN
    if name in ("values", "keys", "items"):
        held = merged(thing.fields.values()) if thing.fields else UNKNOWN
        if name == "items":
            held = of(machine.allocate(Thing("list", items=[objects.keys(thing), held])))
        return of(Many(held if name != "keys" else objects.keys(thing), thing.stored))
    if name == "update":
        machine.written(thing, *args.all())
        for value in args.positional:
            other = value.only()
            if isinstance(other, Ref):
                thing.fields.update(machine.thing(other).fields)
                thing.whole = thing.whole and machine.thing(other).whole
                thing.row = thing.row if machine.thing(other).whole else None
            else:
                thing.whole, thing.row = False, None
                thing.fields[("update", args.node)] = value
        thing.fields.update(dict(args.keywords))
        return NONE
    if name == "copy":
        copied = Thing("dict", fields=dict(thing.fields), whole=thing.whole, row=thing.row)
        return of(machine.allocate(copied))
    return None


def _context_variable(
    machine: Machine, method: str, args: Args, node: s.Expr, frame: Frame
) -> Val | None:
    """``current.set(connection)``, ``current.get()``: what this run has put there."""
    holder = _holder(node)
    if holder is None:
        return None
    key = f"{_CONTEXT_VARIABLE}{holder}"
    if method == "set" and args.positional:
        machine.context[key] = args.positional[0]
        return UNKNOWN
    if method == "reset":
        machine.context.pop(key, None)
        return NONE
    if method != "get":
        return None
    if key in machine.context:
        return machine.context[key]
    if args.positional:
        return Val(args.positional[0].items, args.positional[0].sources, True)
    return NONE if _starts_empty(machine, holder, frame) else UNKNOWN


def _starts_empty(machine: Machine, holder: str, frame: Frame) -> bool:
    """Is the variable None by default, and set by nobody but the function that asks?"""
    model = machine.model
    setters = {
        scope.function for call, scope in model.calls_named("set") if _holder(call) == holder
    }
    defaults = [call.argument(None, "default") for call, _ in model.calls_named("ContextVar")]
    empty = any(isinstance(item, s.Literal) and item.value is None for item in defaults)
    return empty and setters == {frame.function}


def _holder(node: s.Expr) -> str | None:
    """The name of what a method is called on, the last part of it."""
    match node:
        case s.Call(func=s.Attribute(value=s.Attribute(name=name) | s.Name(id=name))):
            return name
    return None


__all__ = ["called", "tainted", "without_none"]
