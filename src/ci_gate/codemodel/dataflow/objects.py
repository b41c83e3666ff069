"""Attributes, items and iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name, is_property
from ci_gate.codemodel.dataflow import (
    calls,
    convert,
    instances,
    lineages,
    renewed,
    rows,
    scriptrows,
    scriptvalues,
    scriptweb,
    web,
)
from ci_gate.codemodel.dataflow.domain import (
    MAX_ITEMS,
    NONE,
    NOTHING,
    UNKNOWN,
    Args,
    ClassItem,
    Const,
    Field,
    Frame,
    Func,
    Instance,
    Item,
    Library,
    Manager,
    Many,
    Method,
    ModelRow,
    Module,
    NotIncluded,
    Params,
    Partial,
    Ref,
    Request,
    Row,
    Rows,
    Session,
    Source,
    Statement,
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
from ci_gate.codemodel.dataflow.events import Attribute, Loop, Shared
from ci_gate.codemodel.entities.declarations import Declaration, declarations
from ci_gate.codemodel.libraries import canonical
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ClassValue, InstanceValue
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


#: What all objects of a class share: it says nothing of the one that is asked.
_OF_CLASS: Final = frozenset({"__class__", "_meta", "__name__", "__module__", "__table__"})
_DUMPS: Final = frozenset({"model_dump", "dict", "_asdict", "model_copy", "copy"})
"""Methods of pydantic models and named tuples that give their fields."""


# --- reading -------------------------------------------------------------------------------------


def attribute(machine: Machine, value: Val, name: str, node: s.Node, frame: Frame) -> Val:
    """``value.name``."""
    rows.attribute(machine, value, name, node, frame)
    if machine.scripts:
        scriptrows.read(machine, value, name, node, frame)
    events = len(machine.run.events)
    found: list[Val] = []
    for item in value.items:
        if len(value.items) > 1 and item == NOTHING:
            continue
        own = _of_instance(machine, item, name, value, node, frame)
        found.append(_attribute(machine, item, name, node, frame) if own is None else own)
    if not found:
        return Val((), value.sources)
    if len(found) > 1 or value.partial:
        _doubt(machine, events, node)
    carried = frozenset() if name in _OF_CLASS else _carried(value, typed=not machine.scripts)
    result = tainted(_asked_of(merged(found), carried), carried)
    return result if not value.partial else replace(result, partial=bool(result.items))


def _doubt(machine: Machine, start: int, node: s.Node) -> None:
    """The holder of an attribute is one of several things: of none is it certain."""
    events = machine.run.events
    for index in range(start, len(events)):
        event = events[index]
        if isinstance(event, Attribute) and event.place.node is node:
            events[index] = replace(event, certain=False)


def _carried(value: Val, *, typed: bool) -> frozenset[Source]:
    """What an attribute inherits: an object's fields have sources of their own."""
    if value.sources and value.items and all(isinstance(item, Ref | Typed) for item in value.items):
        return frozenset(
            one for one in value.sources if one.part == "item" or (typed and one.typed)
        )
    return value.sources


def _of_instance(
    machine: Machine, item: Item, name: str, value: Val, node: s.Node, frame: Frame
) -> Val | None:
    """A method or property that an entity's class defines: it works with the object's data."""
    if not isinstance(item, Instance) or item.entity.cls is None:
        return None
    if name in item.entity.columns or name in item.entity.relations:
        return None
    method = machine.model.method(item.entity.cls, name)
    if method is None:
        return None
    this = Val((item,), frozenset(one for one in value.sources if one.part == "item"))
    if is_property(method):
        if instances.is_set(machine, item, name):
            return UNKNOWN
        return calls.invoke(machine, Func(method, this), Args(None), _expr(node), frame)
    kind = method.node.kind if isinstance(method.node, s.Function) else "method"
    if kind == "class":
        return of(Func(method, of(Table(item.entity))))
    return of(Func(method, None if kind == "static" else this))


def _asked_of(value: Val, sources: frozenset[Source]) -> Val:
    """A query that an object's attribute stands for asks with the object's data."""
    if not sources or not any(isinstance(item, Statement | Manager) for item in value.items):
        return value
    items: list[Item] = []
    for item in value.items:
        if isinstance(item, Statement):
            items.append(replace(item, sources=item.sources | sources))
        elif isinstance(item, Manager):
            statement = replace(item.statement, sources=item.statement.sources | sources)
            items.append(replace(item, statement=statement))
        else:
            items.append(item)
    return replace(value, items=tuple(items))


def _attribute(machine: Machine, item: Item, name: str, node: s.Node, frame: Frame) -> Val:
    if machine.scripts:
        own = scriptweb.attribute(machine, item, name, node)
        own = own or scriptvalues.attribute(machine, item, name, node)
        if own is None and isinstance(item, ModelRow):
            own = scriptrows.part(machine, item, name, node)
        if own is not None:
            return own
    if isinstance(item, Ref):
        return _of_thing(machine, item, name, node, frame)
    if isinstance(item, Typed):
        return _of_class(machine, item.cls, of(item), name, node, frame)
    if isinstance(item, ClassItem):
        return _of_class_itself(machine, item.cls, name, node, frame)
    if isinstance(item, Module):
        return _of_module(machine, item.path, name)
    if isinstance(item, Library):
        if item.path in web.CONTEXTS:
            return web.context_attribute(machine, item, name, _expr(node))
        return convert.library(machine, canonical(f"{item.path}.{name}"))
    if isinstance(item, Request) and name != "user":
        return web.request_attribute(machine, name)
    if isinstance(item, Params | Const | Text | Many):
        return of(Method(item, name))
    for adapter in machine.adapters:
        found = adapter.attribute(item, name, node, frame)
        if found is not None:
            return found
    return UNKNOWN


def _of_thing(machine: Machine, ref: Ref, name: str, node: s.Node, frame: Frame) -> Val:
    thing = machine.thing(ref)
    if name in thing.fields and (
        thing.kind == "object" or frame.function.module.language != "python"
    ):
        held = thing.fields[name]
        if held == NONE and thing.shared and thing.cls is not None:
            return _set_up(machine, thing.cls, name)
        return held
    if thing.kind != "object" or thing.cls is None:
        return of(Method(ref, name))
    if name in _DUMPS and machine.model.method(thing.cls, name) is None:
        return of(Method(ref, name))
    value = _of_class(machine, thing.cls, of(ref), name, node, frame)
    method = machine.model.method(thing.cls, name)
    if method is not None and not thing.shared and _is_kept(method):
        machine.written(thing, value)
        thing.fields[name] = value
    return value


def _is_kept(method: FunctionInfo) -> bool:
    """What the property gives once it gives again."""
    node = method.node
    return isinstance(node, s.Function) and any(
        decorator_name(item) == "cached_property" for item in node.decorators
    )


def _set_up(machine: Machine, cls: ClassInfo, name: str) -> Val:
    """What set-up code has put into an attribute that ``__init__`` leaves at None."""
    found = [
        binding
        for binding in machine.model.fields(cls, name)
        if not (isinstance(binding.node, s.Literal) and binding.node.value is None)
    ]
    if not found:
        return NONE
    if len(found) == 1 and found[0].kind == "value" and not found[0].path:
        value = convert.before_request(machine, found[0].node, found[0].scope)  # type: ignore[arg-type]
        if value.items:
            return value
    with machine.before_request():
        return convert.converted(machine, machine.model.attribute(InstanceValue(cls), name))


def _of_class(
    machine: Machine, cls: ClassInfo, this: Val, name: str, node: s.Node, frame: Frame
) -> Val:
    """An attribute of an object that only its class tells."""
    method = machine.model.method(cls, name)
    if method is not None:
        if is_property(method):
            return calls.invoke(machine, Func(method, this), Args(None), _expr(node), frame)
        kind = method.node.kind if isinstance(method.node, s.Function) else "method"
        if kind == "class":
            return of(Func(method, of(convert.class_item(machine, cls))))
        return of(Func(method, None if kind == "static" else this))
    declared = declared_value(machine, cls, name)
    if declared is not None and declared.items:
        return declared
    if name in web.VIEW_ATTRIBUTES and web.is_view(machine, cls):
        return web.view_attribute(machine, name)
    for adapter in machine.adapters:
        found = adapter.member(cls, this, name, node, frame)
        if found is not None:
            return found
    values = machine.model.attribute(InstanceValue(cls), name)
    shared = any(isinstance(item, Typed) and item.shared for item in this.items)
    if not shared:
        return convert.converted(machine, values)
    with machine.before_request():
        return convert.converted(machine, values)


def declared_value(machine: Machine, cls: ClassInfo, name: str) -> Val | None:
    """What the class body binds ``name`` to, bases included."""
    item = declared(machine, cls, name)
    if item is None or item.value is None:
        return None
    return convert.before_request(machine, item.value, item.scope)


def declared(machine: Machine, cls: ClassInfo, name: str) -> Declaration | None:
    """Where the class body, or a base's, binds ``name``."""
    known = machine.known.declared.get(cls)
    if known is None:
        known = machine.known.declared[cls] = {}
        for owner in lineages.lineage(machine, cls):
            own: dict[str, Declaration] = {}
            for item in declarations(owner, machine.model):
                own.setdefault(item.name, item)
            known.update(own)
    return known.get(name)


def _of_class_itself(
    machine: Machine, cls: ClassInfo, name: str, node: s.Node, frame: Frame
) -> Val:
    method = machine.model.method(cls, name)
    if method is not None and isinstance(method.node, s.Function):
        if method.node.kind == "class":
            return of(Func(method, of(ClassItem(cls))))
        return of(Func(method))
    declared = declared_value(machine, cls, name)
    if declared is not None and declared.items:
        return declared
    del node, frame
    return convert.converted(machine, machine.model.attribute(ClassValue(cls), name))


def _of_module(machine: Machine, path: str, name: str) -> Val:
    home = machine.model.functions.get(f"{path}::<module>")
    return UNKNOWN if home is None else convert.outer_name(machine, name, Frame(home))


def method_of(machine: Machine, item: Item, names: tuple[str, ...]) -> Func | None:
    """The first of the methods that the object has."""
    cls = machine.thing(item).cls if isinstance(item, Ref) else getattr(item, "cls", None)
    if cls is None:
        return None
    for name in names:
        method = machine.model.method(cls, name)
        if method is not None:
            return Func(method, of(item))
    return None


def subscript(machine: Machine, value: Val, key: Val, node: s.Node, frame: Frame) -> Val:
    """``value[key]``. The key's own data do not travel on, except into SQL and requests."""
    rows.item(machine, value, key, node, frame)
    found: list[Val] = []
    for item in value.items:
        found.append(_item(machine, item, key, node, frame))
    if not found:
        machine.use(key)
        return Val((), value.sources)
    return tainted(merged(found), _of_holder(machine, value))


def _item(machine: Machine, item: Item, key: Val, node: s.Node, frame: Frame) -> Val:
    constant = None if key.partial else key.only()
    if isinstance(item, Params):
        return web.parameter(machine, item, key, node)
    if isinstance(item, Ref):
        thing = machine.thing(item)
        if isinstance(constant, Const):
            if thing.kind == "list" and isinstance(constant.value, int):
                return place_of(machine, of(item), constant.value)
            if constant.value in thing.fields:
                return thing.fields[constant.value]
        elif thing.kind == "dict" and thing.whole and names(key):
            held = [thing.fields[name] for name in names(key) if name in thing.fields]
            return merged(held) if held else UNKNOWN
        else:
            machine.use(key)
        held = [*thing.fields.values(), *thing.items]
        return merged(held) if held else UNKNOWN
    machine.use(key)
    if isinstance(item, Many):
        return item.element if not _is_slice(node) else of(item)
    if isinstance(item, Row):
        return place_of(machine, of(item), constant.value if isinstance(constant, Const) else None)
    for adapter in machine.adapters:
        found = adapter.item(item, key, node, frame)
        if found is not None:
            return found
    return UNKNOWN


def _is_slice(node: s.Node) -> bool:
    return isinstance(node, s.Subscript) and isinstance(node.index, s.Unknown)


def place_of(machine: Machine, value: Val, index: object) -> Val:
    """One place of a tuple, list or row."""
    found: list[Val] = []
    for item in value.items:
        if isinstance(item, Ref):
            items = machine.thing(item).items
            if isinstance(index, int) and -len(items) <= index < len(items):
                found.append(items[index])
                continue
            found.append(merged(items) if items else UNKNOWN)
        elif isinstance(item, Row):
            places = item.places
            if isinstance(index, int) and -len(places) <= index < len(places):
                found.append(places[index])
            else:
                found.append(merged(places) if index is None and len(places) == 1 else UNKNOWN)
        elif isinstance(item, Many):
            found.append(item.element)
        elif item != NOTHING:
            found.append(UNKNOWN)
    return tainted(merged(found) if found else UNKNOWN, _of_holder(machine, value))


def _of_holder(machine: Machine, value: Val) -> frozenset[Source]:
    """What a part inherits of the whole: what is known to be in it has sources of its own."""
    things = [machine.thing(item) for item in value.items if isinstance(item, Ref)]
    if things and len(things) == len(value.items) and all(thing.whole for thing in things):
        return frozenset(source for source in value.sources if source.part == "item")
    return value.sources


# --- writing -------------------------------------------------------------------------------------


def set_attribute(
    machine: Machine, holder: Val, target: s.Attribute, value: Val, frame: Frame
) -> None:
    events = len(machine.run.events)
    for item in holder.items:
        if isinstance(item, Ref):
            thing = machine.thing(item)
            cls = thing.cls if machine.scripts else None
            if cls is not None and machine.model.method(cls, target.name) is not None:
                machine.use(value)  # a setter
            _store(machine, thing, target.name, value)
            _check_shared(machine, (thing.cls, thing.shared, thing.made), target, value, frame)
        elif isinstance(item, Typed):
            _check_shared(machine, (item.cls, item.shared, None), target, value, frame)
        elif isinstance(item, Library) and item.path in web.CONTEXTS:
            machine.context[target.name] = value
        elif isinstance(item, ModelRow):
            machine.use(value)
            scriptrows.renew(machine, holder)
        elif machine.scripts and (isinstance(item, Request) or item == scriptweb.RESPONSE):
            scriptweb.set_attribute(machine, target.name, value)
        else:
            for adapter in machine.adapters:
                if adapter.set_attribute(item, target, value, frame):
                    break
    if len(without_none(holder).items) > 1 or holder.partial:
        _doubt(machine, events, target)
    if not holder.items:
        machine.use(value)


def _store(machine: Machine, thing: Thing, name: object, value: Val) -> None:
    old = thing.fields.get(name)
    if old != value:
        machine.written(thing, value)
    if old is None or old == NONE or not old.items:
        thing.fields[name] = value
    elif old != value:
        thing.fields[name] = merged((old, value)) if value.items else tainted(old, value.sources)


def _check_shared(
    machine: Machine,
    owner: tuple[ClassInfo | None, bool, s.Node | None],
    target: s.Attribute,
    value: Val,
    frame: Frame,
) -> None:
    cls, shared, made = owner
    if machine.outside or cls is None or (made is not None and not shared):
        return
    for item in value.items:
        if isinstance(item, Session) and not item.scoped and not item.shared:
            place = machine.place(target, frame)
            machine.emit(Shared(place, cls, target.name, item, made, certain=shared))


def set_item(
    machine: Machine, holder: Val, key: Val, value: Val, target: s.Subscript, frame: Frame
) -> None:
    rows.set_item(machine, holder, key, target, frame)
    for item in holder.items:
        if isinstance(item, Ref):
            thing = machine.thing(item)
            constant = None if key.partial else key.only()
            if isinstance(constant, Const):
                _store(machine, thing, constant.value, value)
            else:
                machine.use(key)
                machine.written(thing, key, value)
                thing.whole, thing.row = False, None
                thing.keys = key if thing.keys is None else merged((thing.keys, key))
                _store(machine, thing, _ANY, value)
        else:
            machine.use(key, value)
    if not holder.items:
        machine.use(key, value)


_ANY: Final = object()


def augmented(machine: Machine, statement: s.Assign, current: Val, value: Val, frame: Frame) -> Val:
    """``target op= value``."""
    from ci_gate.codemodel.dataflow import expressions  # noqa: PLC0415  a cycle

    item = current.only()
    if statement.op == "+" and isinstance(item, Ref) and machine.thing(item).kind == "list":
        extend(machine, item, value)
        return current
    return expressions.combined(machine, str(statement.op), current, value, statement, frame)


def extend(machine: Machine, ref: Ref, value: Val) -> None:
    """Add the things of ``value`` to a list."""
    thing = machine.thing(ref)
    machine.written(thing, value)
    other = value.only()
    if isinstance(other, Ref):
        source = machine.thing(other)
        for index, item in enumerate(list(source.items)):
            if item not in thing.items or not machine.loops:
                thing.add(item, machine.depth + (index in source.optional))
        thing.whole = thing.whole and source.whole
        thing.stored = thing.stored or source.stored
    else:
        thing.whole = False
        if isinstance(other, Many):
            thing.add(other.element, machine.depth)
            thing.stored = thing.stored or other.stored
        elif value.items or value.sources:
            thing.add(Val((), value.sources), machine.depth)


# --- iterating -----------------------------------------------------------------------------------


def iterated(machine: Machine, value: Val, node: s.Node, frame: Frame) -> Many:
    """What a loop over ``value`` hands out."""
    elements: list[Val] = []
    stored, statement = False, None
    inherited = value.sources
    if machine.scripts:
        scriptrows.iterated(machine, value, node, frame)
    for item in value.items:
        if isinstance(item, Many):
            elements.append(item.element)
            stored, statement = stored or item.stored, statement or item.statement
        elif isinstance(item, Ref):
            thing = machine.thing(item)
            if thing.kind == "list":
                elements.append(merged(thing.items) if thing.items else UNKNOWN)
                if len(thing.items) > MAX_ITEMS:
                    # not all of them are kept
                    machine.run.used |= machine.deep_sources(value)
                stored, statement = stored or thing.stored, statement or thing.statement
            elif thing.kind == "dict":
                elements.append(keys(thing))
                stored = stored or thing.stored
                if thing.whole or thing.keys is not None:
                    inherited -= value.sources
            else:
                elements.append(_through_iter(machine, item, node, frame))
        elif isinstance(item, Row):
            elements.append(merged(item.places))
        elif isinstance(item, Params):
            elements.append(web.wholesale(machine, item))
        elif isinstance(item, Typed):
            elements.append(_through_iter(machine, item, node, frame))
        else:
            for adapter in machine.adapters:
                found = adapter.iterated(item, node, frame)
                if found is not None:
                    elements.append(found.element)
                    stored, statement = stored or found.stored, statement or found.statement
                    break
            else:
                elements.append(UNKNOWN)
    element = merged(elements) if elements else UNKNOWN
    return Many(tainted(element, inherited), stored, statement)


def keys(thing: Thing) -> Val:
    """What the keys of a mapping may be."""
    found = [of(Const(key)) for key in thing.fields if isinstance(key, str)]
    if thing.keys is not None:
        found.append(thing.keys)
    elif not thing.whole:
        found.append(UNKNOWN)
    return merged(found) if found else UNKNOWN


def names(key: Val) -> tuple[str, ...]:
    """The names that a key can be; empty where it may be another."""
    found = tuple(
        item.value for item in key.items if isinstance(item, Const) and isinstance(item.value, str)
    )
    return found if key.known and len(found) == len(key.items) else ()


def _through_iter(machine: Machine, item: Item, node: s.Node, frame: Frame) -> Val:
    method = method_of(machine, item, ("__iter__", "__aiter__"))
    if method is None:
        return UNKNOWN
    given = calls.invoke(machine, method, Args(None), _expr(node), frame)
    found = given.only()
    return found.element if isinstance(found, Many) else UNKNOWN


def loop_over(
    machine: Machine, value: Val, loop: s.Node, iterable: s.Node, frame: Frame
) -> tuple[Val, Loop | None]:
    """The loop's item, and the loop itself where it runs as often as there are stored things."""
    many = iterated(machine, value, iterable, frame)
    if many.statement is not None and any(
        outer.statement is not None and outer.statement.node is not many.statement.node
        for outer in machine.loops
    ):
        machine.run.reordered.add(many.statement.node)
    if not many.stored:
        return many.element, None
    source = Source("item", None, loop)
    return (
        tainted(many.element, frozenset({source})),
        Loop(loop, frame.function, source, many.statement, len(machine.stack)),
    )


def is_literal_list(machine: Machine, value: Val) -> bool:
    """The loop surely runs: it goes over a display with things in it."""
    item = value.only()
    return (
        isinstance(item, Ref)
        and machine.thing(item).kind == "list"
        and machine.thing(item).whole
        and bool(machine.thing(item).items)
        and not machine.thing(item).stored
    )


def tested(machine: Machine, value: Val, node: s.Expr, frame: Frame) -> None:
    """The value is asked for its truth or length."""
    for item in value.items:
        if isinstance(item, Statement):
            for adapter in machine.adapters:
                adapter.tested(item, node, frame)


# --- facts about values --------------------------------------------------------------------------


def truth(value: Val) -> bool | None:
    """Whether a test surely holds."""
    item = value.only()
    if value.partial or item is None:
        return None
    if isinstance(item, Const):
        return bool(item.value)
    if isinstance(item, NotIncluded):
        return False
    if isinstance(item, Func | ClassItem | Partial | Session):
        return True
    if isinstance(item, Field):
        return item.present or None
    return None


def as_typed(sources: frozenset[Source]) -> frozenset[Source]:
    """The same data after a conversion or a check against known values."""
    return frozenset(replace(source, typed=True) for source in sources)


def checked(value: Val) -> Val:
    return Val(value.items, as_typed(value.sources), value.partial)


def expire(
    machine: Machine, session: Session | None, node: s.Node, frame: Frame, *, committed: bool
) -> None:
    """A commit or rollback expires what the session holds."""
    if session is None:
        return
    if committed:
        renewed.flushed(machine, session, node, frame)
        if session.expires is not True:
            return
    else:
        renewed.forget(machine, session)
    machine.state.expired[session.id] = (machine.tick(), node, frame.function.module.path)


def _expr(node: s.Node) -> s.Expr:
    return node  # type: ignore[return-value]


__all__ = [
    "Instance", "Rows", "Statement", "as_typed", "attribute", "augmented", "checked", "declared",
    "expire", "extend", "is_literal_list", "iterated", "loop_over", "method_of", "place_of",
    "set_attribute", "set_item", "subscript", "tested", "truth",
]  # fmt: skip
