"""JavaScript's objects: properties, destructuring, what ``new`` makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, convert, scriptrows, web
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Func,
    Item,
    Many,
    ModelRow,
    Module,
    Params,
    Ref,
    Text,
    Thing,
    Val,
    is_missing,
    merged,
    of,
)
from ci_gate.codemodel.values import ModuleValue

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


def attribute(machine: Machine, item: Item, name: str, node: s.Node) -> Val | None:
    """``item.name``; None for what is as in Python."""
    if isinstance(item, Module):
        return _exported(machine, item.path, name)
    if name == "length" and isinstance(item, Ref | Many | Const | Text):
        return UNKNOWN
    if not isinstance(item, Ref):
        return None
    thing = machine.thing(item)
    if thing.kind != "dict":
        return None
    held = thing.fields.get(name)
    if held is not None and thing.whole:
        return held
    others = [held] if held is not None else []
    for key, value in thing.fields.items():
        if not isinstance(key, str):
            others.append(_in_spread(machine, value, name, node))
    if not others:
        return UNKNOWN
    found = merged(others)
    return Val(found.items, found.sources, True) if not thing.whole else found


def _in_spread(machine: Machine, value: Val, name: str, node: s.Node) -> Val:
    """What an object that was spread (or an entry of a computed name) has under a name."""
    found: list[Val] = []
    for item in value.items:
        if isinstance(item, Params):
            found.append(web.parameter(machine, item, of(Const(name)), node))
        elif isinstance(item, Ref) and machine.thing(item).kind == "dict":
            inner = machine.thing(item)
            found.append(inner.fields.get(name, UNKNOWN))
            if not inner.whole:
                found.append(Val((), machine.deep_sources(of(item))))
        elif isinstance(item, ModelRow):
            found.append(scriptrows.part(machine, item, name, node) or UNKNOWN)
    return Val(
        merged(found).items if found else (), value.sources.union(*(v.sources for v in found))
    )


def _exported(machine: Machine, path: str, name: str) -> Val:
    """What a module gives away under a name."""
    home = machine.model.functions.get(f"{path}::<module>")
    module = machine.model.modules.get(path)
    if home is None or module is None:
        return UNKNOWN
    for export in module.exports:
        if export.name != name:
            continue
        found = UNKNOWN
        if export.value is not None:
            found = convert.before_request(
                machine, export.value, machine.model.function_scope(home)
            )
        elif export.local is not None:
            found = convert.outer_name(machine, export.local, Frame(home))
        if found.items:
            return found
    return convert.converted(machine, machine.model.attribute(ModuleValue(path), name))


# --- destructuring -------------------------------------------------------------------------------


def rest(machine: Machine, value: Val, pattern: s.Mapping) -> Val:
    """``{a, ...rest} = value``."""
    named = {entry.key.value for entry in pattern.entries if isinstance(entry.key, s.Literal)}
    found: list[Item] = []
    for item in value.items:
        if isinstance(item, Params):
            found.append(item)
        elif isinstance(item, Ref) and machine.thing(item).kind == "dict":
            thing = machine.thing(item)
            fields = {key: held for key, held in thing.fields.items() if key not in named}
            found.append(machine.allocate(Thing("dict", fields=fields, whole=thing.whole)))
    return Val(tuple(found), value.sources)


def or_default(machine: Machine, target: s.AssignExpr, value: Val, frame: Frame) -> Val:
    """What a name of a pattern gets that has a default."""
    if is_missing(value):
        return machine.evaluate(target.value, frame)
    if value.known and value != NONE:
        return value
    default = machine.evaluate(target.value, frame)
    if value == NONE or not (value.items or value.sources):
        return default if value == NONE else Val(default.items, default.sources, True)
    items = tuple(dict.fromkeys((*value.items, *default.items)))
    return Val(items, value.sources | default.sources, True)


# --- classes -------------------------------------------------------------------------------------


def constructed(machine: Machine, made: Ref, args: Args, node: s.Expr, frame: Frame) -> Val:
    """``new Class(...)``."""
    cls = machine.thing(made).cls
    init = machine.model.method(cls, "constructor") if cls is not None else None
    if init is None or not isinstance(init.node, s.Function):
        machine.use(*args.all())
        return of(made)
    initialised(machine, Func(init, of(made)), args, node, frame)
    return of(made, sources=args.rest)


def initialised(machine: Machine, init: Func, args: Args, node: s.Expr, frame: Frame) -> None:
    """Run a constructor, with the parameters that TypeScript makes fields of."""
    this = init.this.only() if init.this is not None else None
    if isinstance(this, Ref) and isinstance(init.info.node, s.Function):
        fields = machine.thing(this).fields
        for param, value in zip(init.info.node.params, args.positional, strict=False):
            if param.field:
                fields[param.name] = value
    calls.invoke(machine, init, args, node, frame)
