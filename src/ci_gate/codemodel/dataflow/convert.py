"""From the whole-program model's values to those of a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    ClassItem,
    Const,
    Frame,
    Func,
    Instance,
    Item,
    Library,
    Many,
    Module,
    Ref,
    Session,
    Table,
    Thing,
    Typed,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.program import ClassInfo, Scope
from ci_gate.codemodel.scopes import ENTER
from ci_gate.codemodel.values import (
    ClassValue,
    CollectionValue,
    ConstantValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    TupleValue,
    Value,
)
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_EVALUATED = (
    s.Call, s.Template, s.Sequence, s.Mapping, s.Attribute, s.Binary, s.Literal, s.Subscript,
    s.FunctionExpr, s.Comprehension, s.Name, s.Await,
)  # fmt: skip
_TREE = (ClassItem, Instance, Table, Typed)
_MAX_VALUES = 4
#: What is the same in every run.
_FIXED = (Const, ClassItem, Module, Library, Table)
_MAX_DEPTH = 3


def converted(machine: Machine, values: Iterable[Value], depth: int = 0) -> Val:
    """What the model knows, as a value of the run; unknown when it is too vague to follow."""
    found: list[Val] = []
    given = list(values)
    for value in sorted(given, key=_order) if len(given) > 1 else given:
        if len(found) == _MAX_VALUES or depth > _MAX_DEPTH:
            return Val()
        found.append(_converted(machine, value, depth))
    return merged(found) if found else UNKNOWN


def _order(value: Value) -> tuple[str, str]:
    """The same order in every run of the program."""
    if isinstance(value, ExternalValue | ModuleValue):
        return type(value).__name__, value.path
    if isinstance(value, ClassValue | InstanceValue):
        return type(value).__name__, value.cls.qualname
    if isinstance(value, FunctionValue):
        return type(value).__name__, value.function.qualname
    return type(value).__name__, repr(value) if isinstance(value, ConstantValue) else ""


def guessed(machine: Machine, name: str, scope: Scope, *, written: bool) -> Val:
    """What a parameter is by its annotation (``written``), else by the calls that are known:
    an object of the tree's may then be of another class."""
    value = converted(machine, machine.model.lookup(name, scope))
    if written or not any(isinstance(item, _TREE) for item in value.items):
        return value
    return replace(value, partial=True)


def _converted(machine: Machine, value: Value, depth: int) -> Val:
    if isinstance(value, ClassValue):
        return of(class_item(machine, value.cls))
    if isinstance(value, InstanceValue):
        return of(instance_item(machine, value.cls))
    if isinstance(value, ExternalValue):
        return library(machine, value.path)
    if isinstance(value, FunctionValue):
        this = of(instance_item(machine, value.receiver)) if value.receiver is not None else None
        return of(Func(value.function, this))
    if isinstance(value, ModuleValue):
        return of(Module(value.path))
    if isinstance(value, ConstantValue):
        return of(Const(value.value))
    if isinstance(value, CollectionValue):
        element = converted(machine, [value.element], depth + 1)
        return of(Many(element, any(isinstance(item, Instance) for item in element.items)))
    if isinstance(value, TupleValue):
        items = [converted(machine, place, depth + 1) for place in value.items]
        return of(machine.allocate(Thing("list", items=items)))
    if isinstance(value, ObjectValue):
        return _mapping(machine, value.mapping, value.scope, depth)
    return UNKNOWN


def _mapping(machine: Machine, mapping: s.Mapping, scope: Scope, depth: int) -> Val:
    thing = Thing("dict")
    for entry in mapping.entries:
        if isinstance(entry.key, s.Literal):
            values = machine.model.evaluate(entry.value, scope)
            thing.fields[entry.key.value] = converted(machine, values, depth + 1)
        else:
            thing.whole = False
    return of(machine.allocate(thing))


def class_item(machine: Machine, cls: ClassInfo) -> Item:
    entity = machine.entities.of_class(cls)
    return Table(entity) if entity is not None else ClassItem(cls)


def instance_item(machine: Machine, cls: ClassInfo) -> Item:
    entity = machine.entities.of_class(cls)
    if entity is not None and not entity.abstract:
        return Instance(entity)
    return Typed(cls, shared=machine.outside > 0)


def library(machine: Machine, path: str) -> Val:
    """Something of a library: what the adapters make of it, else its path."""
    known = machine.known.libraries.get(path)
    if known is not None:
        return known
    for adapter in machine.adapters:
        found = adapter.value(path)
        if found is not None:
            return found
    machine.known.libraries[path] = of(Library(path))
    return machine.known.libraries[path]


# --- names beyond the run ------------------------------------------------------------------------


def outer_name(machine: Machine, name: str, frame: Frame) -> Val:
    """What a name means that no frame of the run binds: it was bound before the request."""
    key = (frame.function, name)
    known = machine.known.names.get(key)
    if known is None:
        known = _outer_name(machine, name, frame)
        if not machine.outside and all(isinstance(item, _FIXED) for item in known.items):
            machine.known.names[key] = known
    return known


def _outer_name(machine: Machine, name: str, frame: Frame) -> Val:
    scope = machine.scope(frame)
    bound = machine.model.binding(name, scope)
    if bound is not None and _is_none(bound[0]):
        later = machine.model.set_by_functions(name, bound[1].module.path)
        set_up = [item for item in later if not _is_none(item[0])]
        bound = set_up[0] if len(set_up) == 1 else None if set_up else bound
    if bound is not None:
        value = before_request(machine, *bound)
        if value.items:
            return value
    held = _entered(machine, name, scope)
    if held is not None:
        return held
    with machine.before_request():
        return converted(machine, machine.model.lookup(name, scope))


def _entered(machine: Machine, name: str, scope: Scope) -> Val | None:
    """A connection that set-up code has open in a ``with`` block while requests are served."""
    bindings = machine.model.bindings(name, scope)
    if len(bindings) != 1 or bindings[0].path != (ENTER,):
        return None
    value = before_request(machine, bindings[0].node, bindings[0].scope)  # type: ignore[arg-type]
    held = value.only()
    return value if isinstance(held, Session) and held.library == "driver" else None


def _is_none(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and expr.kind == "none"


def parked(machine: Machine, expr: s.Expr) -> Val | None:
    """What set-up code parked on the application, as ``expr`` reads it; None when it does not."""
    found = machine.model.parked(expr)
    if found is None:
        return None
    if len(found) == 1:
        value = before_request(machine, *found[0])
        if value.items:
            return value
    with machine.before_request():
        return converted(machine, machine.model.evaluate(expr))


def before_request(machine: Machine, expr: s.Expr, scope: Scope) -> Val:
    """The value of an expression that set-up code evaluates once."""
    if expr in machine.globals:
        return machine.globals[expr]
    if isinstance(expr, s.Name) and expr.id == "":
        return UNKNOWN
    machine.globals[expr] = UNKNOWN
    if isinstance(expr, _EVALUATED):
        kept_stack, kept_loops = machine.stack, machine.loops
        machine.stack, machine.loops = [], []
        used, read = set(machine.run.used), set(machine.run.read)
        unknown = machine.run.unknown_calls
        try:
            with machine.before_request():
                value = machine.evaluate(expr, Frame(scope.function))
        finally:
            machine.stack, machine.loops = kept_stack, kept_loops
            machine.run.used, machine.run.read = used, read
            machine.run.unknown_calls = unknown
        if not value.items:
            with machine.before_request():
                value = converted(machine, machine.model.evaluate(expr, scope))
        machine.globals[expr] = value
    return machine.globals[expr]


def is_ref_to(value: Val, kind: str, machine: Machine) -> bool:
    item = value.only()
    return isinstance(item, Ref) and machine.thing(item).kind == kind
