"""Expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, convert, lineages, objects, rows, sqlexpr, texts, web
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    NOTHING,
    UNKNOWN,
    Args,
    ClassItem,
    Const,
    Field,
    Frame,
    Func,
    Library,
    Many,
    Ref,
    Request,
    Session,
    Table,
    Text,
    Thing,
    Typed,
    Val,
    merged,
    of,
    tainted,
)
from ci_gate.codemodel.dataflow.events import Loaded
from ci_gate.codemodel.dataflow.narrowing import narrow

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_BUILTINS = frozenset({
    "str", "int", "float", "bool", "list", "set", "tuple", "dict", "sorted", "reversed", "len",
    "enumerate", "zip", "map", "filter", "next", "iter", "any", "all", "min", "max", "sum", "abs",
    "isinstance", "getattr", "hasattr", "setattr", "range", "frozenset", "print", "repr", "round",
    "type", "super", "issubclass", "callable", "vars", "id", "bytes", "aiter", "anext",
})  # fmt: skip

_HOLDERS = (Request, Library)


def unknown(machine: Machine, expr: s.Expr, frame: Frame) -> Val:
    """What is none of the known expressions: its parts arrive somewhere."""
    for child in s.children(expr):
        if isinstance(child, s.Node) and type(child) in HANDLERS:
            machine.use(machine.evaluate(child, frame))  # type: ignore[arg-type]
    return UNKNOWN


# --- leaves --------------------------------------------------------------------------------------


def _literal(machine: Machine, expr: s.Literal, _frame: Frame) -> Val:
    known = machine.known.literals.get(expr)
    if known is None:
        known = UNKNOWN if expr.kind in ("regex", "ellipsis") else of(Const(expr.value))
        machine.known.literals[expr] = known
    return known


def _name(machine: Machine, expr: s.Name, frame: Frame) -> Val:
    scope: Frame | None = frame
    while scope is not None:
        found = scope.names.get(expr.id)
        if found is not None:
            if found.items or frame.function.module.language != "python":
                return found
            if found.sources:
                return found
            return _fallback(machine, expr, frame)
        scope = scope.parent
    if expr.id in _BUILTINS and _is_builtin(machine, expr.id, frame):
        return convert.library(machine, f"builtins.{expr.id}")
    special = web.global_name(machine, expr, frame)
    if special is not None:
        return special
    return convert.outer_name(machine, expr.id, frame)


def _is_builtin(machine: Machine, name: str, frame: Frame) -> bool:
    key = (frame.function, name)
    known = machine.known.builtins.get(key)
    if known is None:
        known = not machine.model.lookup(name, machine.scope(frame))
        machine.known.builtins[key] = known
    return known


def _fallback(machine: Machine, expr: s.Name, frame: Frame) -> Val:
    return convert.converted(machine, machine.model.lookup(expr.id, machine.scope(frame)))


def _template(machine: Machine, expr: s.Template, frame: Frame) -> Val:
    values = [machine.evaluate(part, frame) for part in expr.parts]
    sources = frozenset(source for value in values for source in value.sources)
    if expr.tag is not None:
        machine.use(*values)
        return Val((), sources)
    _noted(machine, values, expr, frame)
    return texts.assembled(values, sources)


def _noted(machine: Machine, parts: Iterable[Val], node: s.Node, frame: Frame) -> None:
    """Remember where data of the request are put into a text, as they are."""
    for value in parts:
        if value.sources and not any(isinstance(item, Text) for item in value.items):
            machine.run.spliced.update((source, node, frame.function) for source in value.sources)


def _sequence(machine: Machine, expr: s.Sequence, frame: Frame) -> Val:
    thing = Thing("list")
    sources: frozenset[object] = frozenset()
    for item in expr.items:
        if isinstance(item, s.Starred):
            value = machine.evaluate(item.value, frame)
            inner = value.only()
            if isinstance(inner, Ref) and machine.thing(inner).kind == "list":
                thing.items += machine.thing(inner).items
                thing.whole = thing.whole and machine.thing(inner).whole
                thing.stored = thing.stored or machine.thing(inner).stored
            else:
                many = objects.iterated(machine, value, item, frame)
                thing.items.append(many.element)
                thing.whole, thing.stored = False, thing.stored or many.stored
        else:
            value = machine.evaluate(item, frame)
            thing.items.append(value)
        sources |= value.sources
    return Val((machine.allocate(thing),), sources)  # type: ignore[arg-type]


def _mapping(machine: Machine, expr: s.Mapping, frame: Frame) -> Val:
    thing = Thing("dict")
    sources: frozenset[object] = frozenset()
    for entry in expr.entries:
        value = machine.evaluate(entry.value, frame)
        sources |= value.sources
        if entry.key is None:
            inner = value.only()
            if isinstance(inner, Ref):
                other = machine.thing(inner)
                if not other.whole:
                    thing.row = other.row if thing.whole else None
                thing.fields.update(other.fields)
                thing.whole = thing.whole and other.whole
            else:
                thing.row = rows.copied(value) if thing.whole else None
                thing.whole = False
                thing.fields[("spread", entry)] = value
            continue
        key = machine.evaluate(entry.key, frame)
        constant = key.only()
        if isinstance(constant, Const):
            thing.fields[constant.value] = value
        else:
            thing.fields[("key", entry)] = value
            thing.whole, thing.row = False, None
            machine.use(key)
    return Val((machine.allocate(thing),), sources)  # type: ignore[arg-type]


def _function(machine: Machine, expr: s.FunctionExpr, frame: Frame) -> Val:
    info = machine.model.function_of(expr.function)
    return UNKNOWN if info is None else of(Func(info, frame=frame))


def _class(machine: Machine, expr: s.ClassExpr, _frame: Frame) -> Val:
    info = machine.model.class_of(expr.cls)
    return UNKNOWN if info is None else of(ClassItem(info))


# --- operators -----------------------------------------------------------------------------------


def _await(machine: Machine, expr: s.Await, frame: Frame) -> Val:
    return machine.evaluate(expr.value, frame)


def _yield(machine: Machine, expr: s.Yield, frame: Frame) -> Val:
    value = NONE if expr.value is None else machine.evaluate(expr.value, frame)
    if expr.delegate:
        value = objects.iterated(machine, value, expr, frame).element
    frame.yielded.append(value)
    resumed = frame.on_yield
    if resumed is not None:
        frame.on_yield = None
        if not resumed(value):  # type: ignore[operator]
            frame.on_yield = resumed
    return UNKNOWN


def _unary(machine: Machine, expr: s.Unary, frame: Frame) -> Val:
    value = machine.evaluate(expr.value, frame)
    if expr.op == "not":
        objects.tested(machine, value, expr.value, frame)
        truth = objects.truth(value)
        known = Val((), objects.as_typed(value.sources)) if value.sources else UNKNOWN
        return of(Const(not truth)) if truth is not None else known
    found = sqlexpr.unary(value)
    if found is not None:
        return found
    for adapter in machine.adapters:
        other = adapter.combined(expr.op, value, UNKNOWN)
        if other is not None:
            return other
    item = value.only()
    if expr.op == "-" and isinstance(item, Const) and isinstance(item.value, int | float):
        return of(Const(-item.value))
    return Val((), value.sources)


def _binary(machine: Machine, expr: s.Binary, frame: Frame) -> Val:
    left = machine.evaluate(expr.left, frame)
    if expr.op in ("and", "or", "??"):
        if expr.left in machine.asked:
            machine.use(left)
        objects.tested(machine, left, expr.left, frame)
        truth = objects.truth(left)
        if expr.op == "and" and truth is False:
            return left
        if expr.op == "or" and truth is True:
            return left
        mark = len(machine.run.events)
        right = machine.evaluate(expr.right, frame)
        if expr.op == "or":
            _without_key(machine, expr, mark)
        if expr.op == "or" and truth is False:
            return tainted(right, left.sources)
        if expr.op == "and":
            return tainted(right, left.sources if not right.items else frozenset())
        if left.items:
            return merged((left, right))
        return Val(right.items, left.sources | right.sources, bool(right.items))
    right = machine.evaluate(expr.right, frame)
    return combined(machine, expr.op, left, right, expr, frame)


def _without_key(machine: Machine, expr: s.Binary, mark: int) -> None:
    """``run.project_id or run.project.id``: the relation is read where the row has no key for it,
    and then it needs no query."""
    key = expr.left
    if not isinstance(key, s.Attribute):
        return
    events = machine.run.events
    events[mark:] = [
        event
        for event in events[mark:]
        if not (
            isinstance(event, Loaded)
            and key.name in event.instance.entity.relations[event.relation].columns
            and isinstance(event.place.node, s.Attribute)
            and s.dotted(event.place.node.value) == s.dotted(key.value)
        )
    ]


def combined(machine: Machine, op: str, left: Val, right: Val, node: s.Node, frame: Frame) -> Val:
    """An operator's result."""
    sources = left.sources | right.sources
    expression = sqlexpr.binary(machine, op, left, right, node, frame)
    if expression is not None:
        return expression
    for adapter in machine.adapters:
        other = adapter.combined(op, left, right)
        if other is not None:
            return other
    if op in ("in", "not in"):
        objects.tested(machine, right, _expr(node), frame)
    first, second = left.only(), right.only()
    if op in ("is", "is not", "==", "!=") and second == NOTHING and left.known:
        none = [item == NOTHING for item in left.items]
        if all(none) or (not any(none) and all(_is_object(item) for item in left.items)):
            return of(Const(all(none) == (op in ("is", "=="))))
        return UNKNOWN
    if op in ("in", "not in") and web.is_set(machine, right, left):
        return of(Const(op == "in"))
    if op in ("==", "!=", "in", "not in", "<", ">", "<=", ">="):
        if _is_mapping(machine, second) and op in ("in", "not in"):
            machine.use(left)
        elif second != NOTHING:
            machine.use(left, right)
        constant = isinstance(first, Const) and isinstance(second, Const)
        if constant and left.known and right.known and op in ("==", "!="):
            return of(Const((first == second) == (op == "==")))
        if op in ("in", "not in") and isinstance(first, Const) and left.known:
            held = _constants(machine, second)
            if held is not None:
                return of(Const((first.value in held) == (op == "in")))
        return UNKNOWN
    if op == "+":
        if texts.is_text(left) or texts.is_text(right):
            _noted(machine, (left, right), node, frame)
            return texts.assembled((left, right), sources)
        if isinstance(first, Const) and isinstance(second, Const):
            total = _added(first, second)
            if total is not None and left.known and right.known:
                return Val((total,), sources)
        if isinstance(first, Ref) and isinstance(second, Ref):
            one, two = machine.thing(first), machine.thing(second)
            if one.kind == two.kind == "list":
                made = Thing("list", items=[*one.items, *two.items])
                made.whole, made.stored = one.whole and two.whole, one.stored or two.stored
                return Val((machine.allocate(made),), sources)
        manys = [item for item in (*left.items, *right.items) if isinstance(item, Many)]
        if manys:
            return Val(tuple(manys), sources)
    if op == "|" and isinstance(first, Ref) and isinstance(second, Ref):
        fields = {**machine.thing(first).fields, **machine.thing(second).fields}
        return Val((machine.allocate(Thing("dict", fields=fields)),), sources)
    if op == "%" and first is not None and texts.is_text(left):
        _noted(machine, (right,), node, frame)
        return texts.percent(first, machine.deep_sources(right) | sources)
    return Val((), sources)


def _is_mapping(machine: Machine, item: object) -> bool:
    """Is it one whose keys, and not what they hold, are asked for?"""
    return isinstance(item, Ref) and machine.thing(item).kind == "dict"


def _constants(machine: Machine, item: object) -> list[object] | None:
    """The constants of a list that has nothing else, and that nobody else can change."""
    thing = machine.thing(item) if isinstance(item, Ref) else None
    if thing is None or thing.kind != "list" or not thing.whole or thing.shared:
        return None
    found: list[object] = []
    for value in thing.items:
        one = value.only()
        if not isinstance(one, Const) or not value.known:
            return None
        found.append(one.value)
    return found


def _expr(node: s.Node) -> s.Expr:
    return node  # type: ignore[return-value]


def _is_object(item: object) -> bool:
    if isinstance(item, Field):
        return item.present
    return isinstance(item, Ref | Func | ClassItem | Session | Table | Typed) or (
        isinstance(item, Const) and item.value is not None
    )


def _added(first: Const, second: Const) -> Const | None:
    if isinstance(first.value, int) and isinstance(second.value, int):
        return Const(first.value + second.value)
    return None


def _conditional(machine: Machine, expr: s.Conditional, frame: Frame) -> Val:
    test = machine.evaluate(expr.test, frame)
    machine.use(test)
    objects.tested(machine, test, expr.test, frame)
    truth = objects.truth(test)
    if truth is not None:
        return machine.evaluate(expr.body if truth else expr.orelse, frame)
    names = frame.names
    found = []
    for positive, branch in ((True, expr.body), (False, expr.orelse)):
        frame.names = dict(names)
        narrow(machine, expr.test, frame, positive=positive)
        found.append(machine.evaluate(branch, frame))
    frame.names = names
    return merged(found)


def _assigned(machine: Machine, expr: s.AssignExpr, frame: Frame) -> Val:
    from ci_gate.codemodel.dataflow.statements import assign  # noqa: PLC0415  a cycle

    value = machine.evaluate(expr.value, frame)
    assign(machine, expr.target, value, frame)
    return value


# --- access and calls ----------------------------------------------------------------------------


def _attribute(machine: Machine, expr: s.Attribute, frame: Frame) -> Val:
    value = machine.evaluate(expr.value, frame)
    if _may_hold(value):
        parked = convert.parked(machine, expr)
        if parked is not None:
            return parked
    found = objects.attribute(machine, value, expr.name, expr, frame)
    if found.items or value.items or value.sources:
        return found
    return convert.converted(machine, machine.model.evaluate(expr))


def _subscript(machine: Machine, expr: s.Subscript, frame: Frame) -> Val:
    value = machine.evaluate(expr.value, frame)
    if value.items and all(isinstance(item, ClassItem | Table) for item in value.items):
        return value
    key = UNKNOWN
    if isinstance(expr.index, s.Unknown):
        for child in expr.index.children:
            machine.use(machine.evaluate(child, frame))
    else:
        key = machine.evaluate(expr.index, frame)
    if _may_hold(value):
        parked = convert.parked(machine, expr)
        if parked is not None:
            return parked
    found = objects.subscript(machine, value, key, expr, frame)
    if found.items or found.sources or not _may_hold(value):
        return found
    return convert.converted(machine, machine.model.evaluate(expr))


def _may_hold(value: Val) -> bool:
    """Something on which the program may park things."""
    if value.sources:
        return False
    for item in value.items:  # noqa: SIM110  asked for every access: all() costs three times as much
        if not isinstance(item, _HOLDERS):
            return False
    return True


def _call(machine: Machine, expr: s.Call, frame: Frame) -> Val:
    func = expr.func
    if isinstance(func, s.Attribute) and _is_super(func.value):
        return _super_call(machine, expr, func.name, frame)
    target = machine.evaluate(func, frame)
    args = calls.arguments(machine, expr, frame)
    return calls.call(machine, target, args, expr, frame)


def _is_super(expr: s.Expr) -> bool:
    return isinstance(expr, s.Call) and isinstance(expr.func, s.Name) and expr.func.id == "super"


def _super_call(machine: Machine, expr: s.Call, name: str, frame: Frame) -> Val:
    args = calls.arguments(machine, expr, frame)
    cls = frame.function.cls
    this = _super_of(machine, expr, frame)
    beyond = lineages.next_method(machine, cls, this, name) if cls is not None else None
    if beyond is not None:
        return calls.invoke(machine, Func(beyond, this), args, expr, frame)
    if cls is not None:
        for base in machine.model.bases(cls):
            owner = getattr(base, "cls", None)
            method = machine.model.method(owner, name) if owner is not None else None
            if method is not None:
                return calls.invoke(machine, Func(method, this), args, expr, frame)
    if this is not None and cls is not None:
        for adapter in machine.adapters:
            found = adapter.inherited(cls, this, name, args, expr, frame)
            if found is not None:
                return found
    machine.use(*args.all())
    if name not in ("__init__", "__init_subclass__"):
        machine.run.unknown_calls += 1
    return convert.converted(machine, machine.model.evaluate(expr))


def _super_of(machine: Machine, expr: s.Call, frame: Frame) -> Val | None:
    """The object that ``super()`` or ``super(Class, object)`` stands for."""
    made = expr.func.value if isinstance(expr.func, s.Attribute) else None
    if isinstance(made, s.Call) and len(made.args) == 2:
        return machine.evaluate(made.args[1].value, frame)
    return frame.this


# --- comprehensions ------------------------------------------------------------------------------


def _comprehension(machine: Machine, expr: s.Comprehension, frame: Frame) -> Val:
    inner = Frame(frame.function, this=frame.this, parent=frame, on_yield=None)
    return _generate(machine, expr, 0, inner, stored=False)


def _generate(
    machine: Machine, expr: s.Comprehension, index: int, frame: Frame, *, stored: bool
) -> Val:
    from ci_gate.codemodel.dataflow.statements import assign  # noqa: PLC0415  a cycle

    if index == len(expr.generators):
        value = machine.evaluate(expr.element, frame)
        if expr.key is not None:
            key = machine.evaluate(expr.key, frame)
            fields: dict[object, Val] = {("each", expr): value}
            made = Thing("dict", fields=fields, whole=False, stored=stored, keys=key)
            return Val((machine.allocate(made),), value.sources)
        return Val((Many(value, stored),), value.sources)
    clause = expr.generators[index]
    iterable = machine.evaluate(clause.iter, frame)
    literal = iterable.only()
    element, loop = objects.loop_over(machine, iterable, clause, clause.iter, frame)
    statement = loop.statement if loop is not None else None
    result: list[Val] = []

    def body() -> bool:
        assign(machine, clause.target, element, frame)
        for condition in clause.conditions:
            machine.use(machine.evaluate(condition, frame))
            narrow(machine, condition, frame, positive=True)
        result.append(_generate(machine, expr, index + 1, frame, stored=stored or loop is not None))
        return False

    if loop is not None:
        machine.looping(loop, body)
    else:
        body()
    found = result[0]
    item = found.only()
    if isinstance(item, Many) and item.statement is None and statement is not None:
        return Val((Many(item.element, item.stored, statement),), found.sources)
    if (
        isinstance(item, Many) and not item.stored and isinstance(literal, Ref)
        and objects.is_literal_list(machine, iterable) and not clause.conditions
        and len(expr.generators) == 1
    ):  # fmt: skip
        return Val((machine.allocate(Thing("list", items=[item.element])),), found.sources)
    return found


def _starred(machine: Machine, expr: s.Starred, frame: Frame) -> Val:
    return machine.evaluate(expr.value, frame)


HANDLERS: dict[type[s.Node], Callable[..., Val]] = {
    s.Name: _name,
    s.Literal: _literal,
    s.Template: _template,
    s.Sequence: _sequence,
    s.Mapping: _mapping,
    s.FunctionExpr: _function,
    s.ClassExpr: _class,
    s.Await: _await,
    s.Yield: _yield,
    s.Unary: _unary,
    s.Binary: _binary,
    s.Conditional: _conditional,
    s.AssignExpr: _assigned,
    s.Attribute: _attribute,
    s.Subscript: _subscript,
    s.Call: _call,
    s.Comprehension: _comprehension,
    s.Starred: _starred,
}
__all__ = ["HANDLERS", "Args", "combined", "unknown"]
