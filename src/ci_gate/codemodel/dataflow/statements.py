"""Statements: assignments, branches, loops, ``with``, ``try``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, objects, scriptstatements, scriptvalues
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    ClassItem,
    Deferred,
    Frame,
    Func,
    Instance,
    Ref,
    Session,
    Statement,
    Typed,
    Val,
    merged,
    of,
    tainted,
)
from ci_gate.codemodel.dataflow.events import Discarded, Loop, Settled
from ci_gate.codemodel.dataflow.narrowing import is_another, narrow

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


def execute(machine: Machine, body: list[s.Stmt], frame: Frame) -> bool:
    for statement in body:
        if not machine.step():
            return True
        handler = _STATEMENTS.get(type(statement))
        if handler is not None and handler(machine, statement, frame):
            return True
    return False


# --- simple statements ---------------------------------------------------------------------------


def _expression(machine: Machine, statement: s.ExprStmt, frame: Frame) -> bool:
    value = machine.evaluate(statement.value, frame)
    if isinstance(statement.value, s.Unknown):
        for asserted in statement.value.children[:1]:
            narrow(machine, asserted, frame, positive=True)
    variants = [item for item in value.items if isinstance(item, Statement)]
    if (
        variants
        and len(variants) == len(value.items)
        and all(item.kind == "select" for item in variants)
        and isinstance(statement.value, s.Call)
    ):
        machine.emit(Discarded(machine.place(statement.value, frame), variants[0]))
    return False


def _return(machine: Machine, statement: s.Return, frame: Frame) -> bool:
    frame.returned.append(
        NONE if statement.value is None else machine.evaluate(statement.value, frame)
    )
    machine.jump = "return"
    return True


def _raise(machine: Machine, statement: s.Raise, frame: Frame) -> bool:
    if statement.value is not None:
        machine.use(machine.evaluate(statement.value, frame))
    machine.jump = "raise"
    return True


def _jump(machine: Machine, statement: s.Jump, _frame: Frame) -> bool:
    machine.jump = statement.kind
    return statement.kind in ("break", "continue")


def _assign(machine: Machine, statement: s.Assign, frame: Frame) -> bool:
    if statement.value is None:
        for target in statement.targets if statement.declaration else ():
            frame.names.update((name.id, NONE) for name in s.bound_names(target))
        return False
    value = machine.evaluate(statement.value, frame)
    if isinstance(statement.value, s.Binary) and statement.value.op in ("is", "is not"):
        # A switch that is kept is there to be used: `refresh = args.get("refresh") is not None`.
        machine.use(machine.evaluate(statement.value.left, frame))
    if statement.op is not None and statement.targets:
        current = machine.evaluate(statement.targets[0], frame)
        value = objects.augmented(machine, statement, current, value, frame)
    for target in statement.targets:
        if statement.declaration:
            frame.names.update((name.id, UNKNOWN) for name in s.bound_names(target))
        assign(machine, target, value, frame)
    return False


def assign(machine: Machine, target: s.Expr, value: Val, frame: Frame) -> None:
    """Bind what ``target`` names to ``value``."""
    if isinstance(target, s.Name):
        owner = frame
        if frame.function.module.language != "python":
            scope: Frame | None = frame
            while scope is not None:
                if target.id in scope.names:
                    owner = scope
                    break
                scope = scope.parent
        if owner is not frame:
            value = merged((owner.names[target.id], value))
        owner.names[target.id] = value
    elif isinstance(target, s.Attribute):
        holder = machine.evaluate(target.value, frame)
        objects.set_attribute(machine, holder, target, value, frame)
    elif isinstance(target, s.Subscript):
        holder = machine.evaluate(target.value, frame)
        key = machine.evaluate(target.index, frame)
        objects.set_item(machine, holder, key, value, target, frame)
    elif isinstance(target, s.Sequence):
        for index, item in enumerate(target.items):
            if isinstance(item, s.Starred):
                assign(machine, item.value, of(sources=value.sources), frame)
            else:
                assign(machine, item, objects.place_of(machine, value, index), frame)
    elif isinstance(target, s.Mapping):
        for entry in target.entries:
            named = entry.key.value if isinstance(entry.key, s.Literal) else None
            if isinstance(named, str):
                found = objects.attribute(machine, value, named, entry, frame)
            elif entry.key is None:
                found = scriptvalues.rest(machine, value, target)
            else:
                machine.use(machine.evaluate(entry.key, frame), value)
                found = Val((), value.sources)
            assign(machine, entry.value, found, frame)
    elif isinstance(target, s.AssignExpr):
        assign(
            machine, target.target, scriptvalues.or_default(machine, target, value, frame), frame
        )
    elif isinstance(target, s.Starred):
        assign(machine, target.value, value, frame)


# --- branches ------------------------------------------------------------------------------------


def branches(machine: Machine, bodies: list[Callable[[], bool]], frame: Frame) -> bool:
    """Take alternatives of which any may be taken; true when all of them leave."""
    names, state = frame.names, machine.state
    ends: list[tuple[dict[str, Val], object]] = []
    for body in bodies:
        frame.names, machine.state = dict(names), state.copy()
        begin = len(machine.run.events)
        machine.depth += 1
        left = body()
        machine.depth -= 1
        if not left:
            ends.append((frame.names, machine.state))
        elif machine.jump != "continue":
            _happens_once(machine, begin, frame)
    if not ends:
        frame.names, machine.state = names, state
        return True
    frame.names, machine.state = ends[0]  # type: ignore[assignment]
    for other_names, other_state in ends[1:]:
        for name, value in other_names.items():
            mine = frame.names.get(name)
            if mine is not value:
                frame.names[name] = (
                    value if mine is None or mine == value else merged((mine, value))
                )
        machine.state.join(other_state)  # type: ignore[arg-type]
    return False


def _happens_once(machine: Machine, begin: int, frame: Frame) -> None:
    """What came before a ``return`` or ``break`` does not come again in the loop that it leaves."""
    left = {
        loop
        for loop in machine.loops
        if loop.function is frame.function and loop.depth == len(machine.stack)
    }
    if left:
        for event in machine.run.events[begin:]:
            event.place.loops = tuple(loop for loop in event.place.loops if loop not in left)


def _if(machine: Machine, statement: s.If, frame: Frame) -> bool:
    machine.asked.update(_operands(statement.test))
    used = (
        set(machine.run.used) if machine.scripts and scriptstatements.is_guard(statement) else None
    )
    test = machine.evaluate(statement.test, frame)
    turned_away = statement.body and isinstance(statement.body[-1], s.Return | s.Raise)
    if turned_away and any(_denies(part) for part in _joined(statement.test)):
        for part in _joined(statement.test):
            if not _denies(part):
                machine.use(machine.evaluate(part, frame))
    else:
        machine.use(test)
    if used is not None:
        machine.run.used = used
    if (
        isinstance(statement.test, s.Unary)
        and statement.test.op == "not"
        and not turned_away
        and used is None
    ):
        # No guard against a missing value: `if not brief:` decides what is done.
        machine.use(machine.evaluate(statement.test.value, frame))
    if not turned_away:
        for value in _decisive(machine, statement):
            machine.use(machine.evaluate(value, frame))
    objects.tested(machine, test, statement.test, frame)
    truth = objects.truth(test)
    if truth is True:
        return machine.execute(statement.body, frame)
    if truth is False or is_another(machine, statement.test, frame, positive=True):
        return machine.execute(statement.orelse, frame)

    def taken() -> bool:
        narrow(machine, statement.test, frame, positive=True)
        return machine.execute(statement.body, frame)

    def untaken() -> bool:
        narrow(machine, statement.test, frame, positive=False)
        return machine.execute(statement.orelse, frame)

    return branches(machine, [taken, untaken], frame)


def _joined(test: s.Expr) -> Iterator[s.Expr]:
    """The parts of a test that ``and`` and ``or`` join."""
    if isinstance(test, s.Binary) and test.op in ("and", "or"):
        yield from _joined(test.left)
        yield from _joined(test.right)
    else:
        yield test


def _denies(test: s.Expr) -> bool:
    return isinstance(test, s.Unary) and test.op == "not"


def _decisive(machine: Machine, statement: s.If) -> tuple[s.Expr, ...]:
    """What is asked only whether it is there, where nothing that is done then reads it: that it is
    there says what to do (``if keys_only is None: query = query.or_where(...)``)."""
    found = machine.known.decisive.get(statement)
    if found is None:
        asked = [part for test in _operands(statement.test) for part in _absence(test)]
        if asked:
            branches = (*statement.body, *statement.orelse)
            done = [node for branch in branches for node in s.walk(branch)]
            acts = any(isinstance(node, s.Call | s.Assign) for node in done)
            named = {_last_name(node) for node in done if isinstance(node, s.Name | s.Attribute)}
            asked = [part for part in asked if acts and _last_name(part) not in named]
        found = machine.known.decisive[statement] = tuple(asked)
    return found


def _absence(test: s.Expr) -> Iterator[s.Expr]:
    match test:
        case s.Binary(
            op="is" | "is not" | "==" | "!=",
            left=s.Name() | s.Attribute() as asked,
            right=s.Literal(kind="none" | "undefined"),
        ):
            yield asked


def _last_name(node: s.Expr) -> str:
    return node.name if isinstance(node, s.Attribute) else getattr(node, "id", "")


def _operands(test: s.Expr) -> Iterator[s.Expr]:
    """The parts of a test that are asked for their truth and handed on to nothing."""
    match test:
        case s.Binary(op="and" | "or", left=left, right=right):
            yield from _operands(left)
            yield from _operands(right)
        case s.Unary(op="not", value=inner):
            yield from _operands(inner)
        case _:
            yield test


def _try(machine: Machine, statement: s.Try, frame: Frame) -> bool:
    names, state = dict(frame.names), machine.state.copy()

    def body() -> bool:
        return machine.execute([*statement.body, *statement.orelse], frame)

    def handled(handler: s.Handler) -> Callable[[], bool]:
        def run() -> bool:
            for name, value in names.items():
                frame.names.setdefault(name, value)
            return machine.execute(handler.body, frame)

        return run

    left = branches(machine, [body, *(handled(item) for item in statement.handlers)], frame)
    del state
    return machine.execute(statement.final, frame) or left


def _switch(machine: Machine, statement: s.Switch, frame: Frame) -> bool:
    machine.use(machine.evaluate(statement.subject, frame))
    bodies = [_case_of(machine, case.body, frame) for case in statement.cases]
    if not any(case.pattern is None and case.guard is None for case in statement.cases):
        bodies.append(lambda: False)
    branches(machine, bodies, frame)
    return False


def _case_of(machine: Machine, body: list[s.Stmt], frame: Frame) -> Callable[[], bool]:
    """A case; JavaScript's ``break`` leaves nothing but the ``switch``."""

    def run() -> bool:
        left = machine.execute(body, frame)
        return left and not (machine.scripts and machine.jump == "break")

    return run


def _block_of(machine: Machine, body: list[s.Stmt], frame: Frame) -> Callable[[], bool]:
    return lambda: machine.execute(body, frame)


# --- loops ---------------------------------------------------------------------------------------


def _for(machine: Machine, statement: s.For, frame: Frame) -> bool:
    iterable = machine.evaluate(statement.iter, frame)
    element, loop = objects.loop_over(machine, iterable, statement, statement.iter, frame)

    def body() -> bool:
        assign(machine, statement.target, element, frame)
        if loop is None or _runs_once(statement.body):
            return machine.execute(statement.body, frame)
        return machine.looping(loop, lambda: machine.execute(statement.body, frame))

    if objects.is_literal_list(machine, iterable):
        body()
    else:
        branches(machine, [body, lambda: False], frame)
    machine.execute(statement.orelse, frame)
    return False


def _runs_once(body: list[s.Stmt]) -> bool:
    """The loop leaves at the end of its first turn."""
    return bool(body) and (
        isinstance(body[-1], s.Return | s.Raise)
        or (isinstance(body[-1], s.Jump) and body[-1].kind == "break")
    )


def _while(machine: Machine, statement: s.While, frame: Frame) -> bool:
    if statement.test is not None:
        machine.use(machine.evaluate(statement.test, frame))
    branches(machine, [_block_of(machine, statement.body, frame), lambda: False], frame)
    machine.execute(statement.orelse, frame)
    return False


# --- with ----------------------------------------------------------------------------------------


def _with(machine: Machine, statement: s.With, frame: Frame) -> bool:
    return _within(machine, statement, 0, frame)


def _within(machine: Machine, statement: s.With, index: int, frame: Frame) -> bool:
    """Enter the items from ``index`` on, then the body; leave in reverse order."""
    if index == len(statement.items):
        return machine.execute(statement.body, frame)
    item = statement.items[index]
    manager = machine.evaluate(item.context, frame)

    def bound(value: Val) -> bool:
        if item.target is not None:
            assign(machine, item.target, value, frame)
        return _within(machine, statement, index + 1, frame)

    return entered(machine, manager, item.context, frame, bound)


def entered(
    machine: Machine, manager: Val, node: s.Expr, frame: Frame, body: Callable[[Val], bool]
) -> bool:
    """Run ``body`` inside the context manager, with what it gives."""
    item = manager.items[-1] if manager.items else None
    if isinstance(item, Deferred):
        return calls.around(machine, item, body)
    if isinstance(item, Ref | Typed):
        enter = objects.method_of(machine, item, ("__aenter__", "__enter__"))
        leave = objects.method_of(machine, item, ("__aexit__", "__exit__"))
        if enter is not None and leave is not None:
            value = calls.invoke(machine, enter, Args(None), node, frame)
            left = body(value if value.items else of(item))
            calls.invoke(machine, leave, Args(None, (NONE, NONE, NONE)), node, frame)
            return left
    if item is not None:
        for adapter in machine.adapters:
            around = adapter.around(item, node, frame, body)
            if around is not None:
                return around
    if isinstance(item, Session):
        left = body(manager)
        place = machine.place(node, frame)
        if item.commits:
            machine.emit(Settled(place, item, "commit"))
            objects.expire(machine, item, node, frame, committed=True)
        if item.origin is _opening(node) or not _is_transaction(node):
            machine.emit(Settled(place, item, "close"))
            machine.state.closed[item.id] = machine.tick()
        return left
    value = UNKNOWN
    for adapter in machine.adapters:
        found = adapter.entered(manager, node, frame)
        if found is not None:
            value = found
            break
    else:
        machine.use(manager)
        value = tainted(machine_fallback(machine, node, frame), manager.sources)
    return body(value)


def machine_fallback(machine: Machine, node: s.Expr, frame: Frame) -> Val:
    """What the whole-program model says the block's target is."""
    from ci_gate.codemodel.dataflow.convert import converted  # noqa: PLC0415  a cycle

    values = machine.model.evaluate(node)
    del frame
    return converted(machine, values)


def _opening(node: s.Expr) -> s.Expr:
    while isinstance(node, s.Await):
        node = node.value
    return node


def _is_transaction(node: s.Expr) -> bool:
    """The block is one of an open session's: it ends, and the session stays open."""
    while isinstance(node, s.Await):
        node = node.value
    if isinstance(node, s.Attribute):
        return node.name == "no_autoflush"
    return (
        isinstance(node, s.Call)
        and isinstance(node.func, s.Attribute)
        and node.func.name in ("begin", "begin_nested", "transaction")
    )


# --- definitions ---------------------------------------------------------------------------------


def _function_def(machine: Machine, statement: s.FunctionDef, frame: Frame) -> bool:
    info = machine.model.function_of(statement.function)
    if info is not None:
        func = of(Func(info, frame=frame))
        frame.names[statement.function.name] = calls.decorated(machine, func, info, frame)
    return False


def _class_def(machine: Machine, statement: s.ClassDef, frame: Frame) -> bool:
    info = machine.model.class_of(statement.cls)
    if info is not None:
        frame.names[statement.cls.name] = of(ClassItem(info))
    return False


def _block(machine: Machine, statement: s.Block, frame: Frame) -> bool:
    return machine.execute(statement.body, frame)


_STATEMENTS: dict[type[s.Node], Callable[..., bool]] = {
    s.ExprStmt: _expression,
    s.Assign: _assign,
    s.Return: _return,
    s.Raise: _raise,
    s.Jump: _jump,
    s.If: _if,
    s.For: _for,
    s.While: _while,
    s.With: _with,
    s.Try: _try,
    s.Switch: _switch,
    s.FunctionDef: _function_def,
    s.ClassDef: _class_def,
    s.Block: _block,
    s.Broken: _block,
}
__all__ = ["Instance", "Loop", "assign", "branches", "entered", "execute", "narrow"]
