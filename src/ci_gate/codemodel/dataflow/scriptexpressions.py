"""JavaScript's expressions, where they differ from Python's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import (
    calls,
    convert,
    expressions,
    lineages,
    objects,
    scriptcalls,
    scriptvalues,
)
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Const,
    Frame,
    Func,
    Library,
    ModelRow,
    Val,
    is_missing,
    merged,
    of,
)

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.scriptmachine import ScriptMachine

_COMPARISONS: Final = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "instanceof"})

_TRUTH: Final = of(Const(True), Const(False))


def _name(machine: ScriptMachine, expr: s.Name, frame: Frame) -> Val:
    if expr.id == "this":
        return _this(machine, expr, frame)
    scope: Frame | None = frame
    while scope is not None:
        if expr.id in scope.names:
            return scope.names[expr.id]
        scope = scope.parent
    if expr.id == "arguments":
        machine.run.complete = False
    known = scriptcalls.GLOBALS.get(expr.id)
    if known is not None and not machine.model.lookup(expr.id, machine.scope(frame)):
        return known
    return convert.outer_name(machine, expr.id, frame)


def _this(machine: ScriptMachine, expr: s.Name, frame: Frame) -> Val:
    scope: Frame | None = frame
    while scope is not None:
        if scope.this is not None:
            return scope.this
        node = scope.function.node
        if not isinstance(node, s.Function) or node.kind != "arrow":
            break
        scope = scope.parent
    if frame.function.cls is not None:
        return of(convert.instance_item(machine, frame.function.cls))
    return convert.converted(machine, machine.model.evaluate(expr))


def _attribute(machine: ScriptMachine, expr: s.Attribute, frame: Frame) -> Val:
    value = machine.evaluate(expr.value, frame)
    return member(machine, value, expr, frame)


def member(machine: ScriptMachine, value: Val, expr: s.Attribute, frame: Frame) -> Val:
    """``value.name``, else what the whole-program model says of the expression."""
    found = objects.attribute(machine, value, expr.name, expr, frame)
    if found.items or found.sources or value.sources:
        return found
    if value.items and not all(isinstance(item, Library | ModelRow) for item in value.items):
        return found
    return convert.converted(machine, machine.model.evaluate(expr))


def _unary(machine: ScriptMachine, expr: s.Unary, frame: Frame) -> Val:
    value = machine.evaluate(expr.value, frame)
    if expr.op in ("typeof", "void", "delete"):
        return UNKNOWN
    truth = objects.truth(value) if expr.op == "not" else None
    if truth is not None and not value.sources and (value == NONE or is_missing(value)):
        return of(Const(True))
    item = value.only()
    if expr.op == "-" and isinstance(item, Const) and isinstance(item.value, int | float):
        return of(Const(-item.value))
    return Val((), objects.as_typed(value.sources))


def _binary(machine: ScriptMachine, expr: s.Binary, frame: Frame) -> Val:
    left = machine.evaluate(expr.left, frame)
    if expr.op == "and" and is_missing(left):
        return left
    right = machine.evaluate(expr.right, frame)
    if expr.op in ("==", "!=") and (is_missing(left) or is_missing(right)):
        other, written = (right, expr.right) if is_missing(left) else (left, expr.left)
        undefined = isinstance(written, s.Name) and written.id == "undefined"
        if other == NONE or undefined or is_missing(other):
            return of(Const(expr.op == "=="))
    if expr.op in ("and", "or", "??"):
        return _either(expr.op, left, right)
    if expr.op in _COMPARISONS:
        _compare(machine, expr, left, right)
        return _TRUTH
    if expr.op == "+":
        return expressions.combined(machine, "+", left, right, expr, frame)
    return Val((), objects.as_typed(left.sources | right.sources))


def _either(op: str, left: Val, right: Val) -> Val:
    sources = left.sources | right.sources
    if op == "and":
        return Val(right.items, sources, right.partial)
    if left == NONE or is_missing(left):
        return right
    items = tuple(item for item in left.items if item != Const(None))
    if not items:
        return Val(right.items, sources, bool(right.items))
    partial = left.partial or right.partial or not right.items
    return Val(tuple(dict.fromkeys((*items, *right.items))), sources, partial)


def _compare(machine: ScriptMachine, expr: s.Binary, left: Val, right: Val) -> None:
    """What is compared with something has arrived; its kind and its absence say nothing of it."""
    if expr.op == "instanceof" or Const(None) in (left.only(), right.only()):
        return
    if any(isinstance(side, s.Unary) and side.op == "typeof" for side in (expr.left, expr.right)):
        return
    if any(isinstance(side, s.Literal) and side.value == "" for side in (expr.left, expr.right)):
        return
    machine.run.checked |= left.sources | right.sources
    machine.use(left)
    if expr.op != "in":
        machine.use(right)


def _conditional(machine: ScriptMachine, expr: s.Conditional, frame: Frame) -> Val:
    """``test ? a : b``: what is tested only to be handed on is not used yet."""
    kept = set(machine.run.used)
    test = machine.evaluate(expr.test, frame)
    machine.use(test)
    tested = machine.run.used - kept
    names = frame.names
    found = []
    fails = is_missing(test) or test == of(Const(False))
    branches = (expr.orelse,) if fails else (expr.body, expr.orelse)
    for branch in branches:
        frame.names = dict(names)
        found.append(machine.evaluate(branch, frame))
    frame.names = names
    result = merged(found)
    carried = {source.name for source in machine.deep_sources(result)}
    machine.run.used -= {source for source in tested if source.name in carried}
    return result


def _template(machine: ScriptMachine, expr: s.Template, frame: Frame) -> Val:
    if expr.tag is not None:
        machine.queries.tagged(expr, frame)
    return expressions.HANDLERS[s.Template](machine, expr, frame)


def _call(machine: ScriptMachine, expr: s.Call, frame: Frame) -> Val:
    func = expr.func
    owner = UNKNOWN
    if isinstance(func, s.Name) and func.id == "super":
        return _super(machine, expr, frame)
    if isinstance(func, s.Attribute) and isinstance(func.value, s.Name) and (
        func.value.id == "super"
    ):  # fmt: skip
        return _super(machine, expr, frame, func.name)
    if isinstance(func, s.Attribute):
        owner = machine.evaluate(func.value, frame)
        target = member(machine, owner, func, frame)
    else:
        target = machine.evaluate(func, frame)
    args = calls.arguments(machine, expr, frame)
    found = machine.queries.called(expr, owner, args, frame)
    if found is None:
        found = scriptcalls.called(machine, expr, owner, target, args, frame)
    if found is not None:
        return found
    return calls.call(machine, _bound(target, owner), args, expr, frame)


def _bound(target: Val, owner: Val) -> Val:
    """A method of an object literal: it works with the object."""
    if not owner.items or not any(isinstance(i, Func) and i.this is None for i in target.items):
        return target
    items = tuple(
        Func(item.info, owner, item.frame, item.raw)
        if isinstance(item, Func) and item.this is None and not _is_arrow(item)
        else item
        for item in target.items
    )
    return Val(items, target.sources, target.partial)


def _is_arrow(func: Func) -> bool:
    return isinstance(func.info.node, s.Function) and func.info.node.kind == "arrow"


def _super(machine: ScriptMachine, expr: s.Call, frame: Frame, name: str = "constructor") -> Val:
    args = calls.arguments(machine, expr, frame)
    cls = frame.function.cls
    this = _this(machine, s.Name(expr.span, "this"), frame)
    method = lineages.next_method(machine, cls, this, name) if cls is not None else None
    if method is None:
        machine.use(*args.all())
        machine.run.unknown_calls += 1
        return UNKNOWN
    if name == "constructor":
        scriptvalues.initialised(machine, Func(method, this), args, expr, frame)
        return UNKNOWN
    return calls.invoke(machine, Func(method, this), args, expr, frame)


def _unknown(machine: ScriptMachine, expr: s.Unknown, frame: Frame) -> Val:
    """JSX, for one: what stands in it is shown, or arrives where it cannot be followed."""
    machine.use(*(machine.evaluate(child, frame) for child in expr.children))
    return UNKNOWN


HANDLERS: Final[dict[type[s.Node], Callable[..., Val]]] = {
    s.Name: _name,
    s.Attribute: _attribute,
    s.Unary: _unary,
    s.Binary: _binary,
    s.Conditional: _conditional,
    s.Template: _template,
    s.Call: _call,
    s.Unknown: _unknown,
}
