"""Running a function's statements on one path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.signals import Broke, Continued, Raised, Returned
from ci_gate.codemodel.paths.slices import (
    HARMLESS,
    MUTATORS,
    RECEIVERS,
    call_name,
    root,
    targets_of,
)
from ci_gate.codemodel.paths.values import (
    Abstract,
    Closure,
    Constant,
    Entries,
    Items,
    nested,
)
from ci_gate.codemodel.sqltext import Text

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.machine import Machine

_MAX_ROUNDS: Final = 24


class Statements:
    """Executes statements; only those that bear on what the frame follows."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def run(self, body: Sequence[s.Stmt], frame: Frame) -> None:
        for statement in body:
            self._machine.step()
            handler = _HANDLERS.get(type(statement))
            if handler is not None:
                handler(self, statement, frame)

    def _expression(self, node: s.ExprStmt, frame: Frame) -> None:
        if self._machine.leads_to_target(node) or self._has_effect(node.value, frame):
            self._machine.evaluate(node.value, frame)

    def _has_effect(self, expr: s.Expr, frame: Frame) -> bool:
        while isinstance(expr, s.Await):
            expr = expr.value
        if not isinstance(expr, s.Call):
            if isinstance(expr, s.Unary):
                return expr.op in ("++", "--")
            return isinstance(expr, s.AssignExpr | s.Conditional) or (
                self._machine.script and isinstance(expr, s.Binary)
            )
        name = call_name(expr)
        if self._machine.script and any(map(frame.follows, frame.slice.changed(expr))):
            return True
        if isinstance(expr.func, s.Attribute) and name in MUTATORS:
            receiver = root(expr.func.value)
            return receiver is not None and frame.follows(receiver)
        if name in HARMLESS:
            return False
        given = [item.value.id for item in expr.args if isinstance(item.value, s.Name)]
        called = expr.func.id if isinstance(expr.func, s.Name) else None
        return any(isinstance(frame.get(item), Items | Entries | Closure) for item in given) or (
            called is not None and isinstance(frame.get(called), Closure)
        )

    def _assign(self, node: s.Assign, frame: Frame) -> None:
        machine = self._machine
        if node.value is None:
            return
        wanted = machine.leads_to_target(node) or any(
            frame.follows(name) for target in node.targets for name in targets_of(target)
        )
        if machine.script and not isinstance(node.value, s.FunctionExpr):
            wanted = wanted or any(map(frame.follows, frame.slice.changed(node)))
        if not wanted:
            self._kept(node, frame)
            return
        if node.op is not None:
            self._augmented(node, node.op, node.value, frame)
            return
        value = machine.evaluate(node.value, frame, replacing=_names(node.targets))
        for target in node.targets:
            self.bind(target, value, frame)

    def _kept(self, node: s.Assign, frame: Frame) -> None:
        """A list or dictionary that goes into an object may be changed from there."""
        if isinstance(node.value, s.Name) and any(
            isinstance(target, s.Attribute | s.Subscript) for target in node.targets
        ):
            held = frame.get(node.value.id)
            if held is not None:
                self._machine.escape(held)

    def _augmented(self, node: s.Assign, op: str, value: s.Expr, frame: Frame) -> None:
        machine = self._machine
        for target in node.targets:
            right = machine.evaluate(value, frame)
            if isinstance(right, Text):
                right = right.repeat(machine.repeated)
            left = machine.evaluate(target, frame)
            if machine.script and op == "+" and isinstance(left, Text):
                right = machine.as_text(right, value, frame)
            if op == "+" and isinstance(left, Items):
                machine.extend(left, right)
                continue
            if op == "|" and isinstance(left, Entries):
                machine.merge(left, right)
                continue
            home = frame.find(target.id) if isinstance(target, s.Name) else None
            result = machine.combined(op, left, right)
            if isinstance(target, s.Name) and home is not None:
                home.variables[target.id] = result
            else:
                self.bind(target, result, frame)

    def bind(self, target: s.Expr, value: Abstract, frame: Frame) -> None:
        machine = self._machine
        match target:
            case s.Name(id=name):
                if frame.follows(name):
                    frame.variables[name] = value
            case s.Sequence(items=targets):
                for position, item in enumerate(targets):
                    self.bind(item, machine.part(value, position, targets), frame)
            case s.Mapping(entries=entries):
                for entry in entries:
                    self.bind(entry.value, machine.member(value, entry), frame)
            case s.AssignExpr(target=inner, value=default):
                missing = isinstance(value, Constant) and value.value is None
                self.bind(inner, machine.evaluate(default, frame) if missing else value, frame)
            case s.Subscript(value=base, index=index):
                machine.store(base, index, value, frame)
            case s.Attribute(value=base, name=member) if (owner := root(base)) is not None:
                held = frame.get(owner)
                if isinstance(held, Entries) and isinstance(base, s.Name) and machine.script:
                    held.entries[member] = value
                elif held is not None and owner not in RECEIVERS:
                    machine.escape(held)

    def _return(self, node: s.Return, frame: Frame) -> None:
        machine = self._machine
        if node.value is None:
            raise Returned(Constant(None))
        if frame.inlined or machine.leads_to_target(node):
            raise Returned(machine.evaluate(node.value, frame))
        raise Returned(machine.fresh("result"))

    def _raise(self, _: s.Raise, __: Frame) -> None:
        raise Raised

    def _if(self, node: s.If, frame: Frame) -> None:
        machine = self._machine
        if machine.leads_to_target(node.test):
            machine.evaluate(node.test, frame)
        if not self._matters(node, frame):
            return
        changed = frame.slice.changed(node)
        leads = machine.leads_to_target(node) or frame.slice.leaves(node)
        if not leads and frame.slice.is_immaterial(node):
            for name in changed:
                if frame.follows(name):
                    frame.variables[name] = machine.fresh(name)
            return
        if machine.holds(node.test, frame):
            self.run(node.body, frame)
        else:
            self.run(node.orelse, frame)

    def _matters(self, node: s.Stmt, frame: Frame) -> bool:
        """Does a statement change what is followed, lead to the target, or leave the path?"""
        return (
            self._machine.leads_to_target(node)
            or any(frame.follows(name) for name in frame.slice.changed(node))
            or frame.slice.leaves(node)
        )

    def _for(self, node: s.For, frame: Frame) -> None:
        machine = self._machine
        if machine.leads_to_target(node.iter):
            machine.evaluate(node.iter, frame)
        if not self._matters(node, frame):
            return
        elements = machine.elements(machine.evaluate(node.iter, frame))
        if len(elements.items) > _MAX_ROUNDS or elements.open:
            self.forget(node, frame)
            return
        outer = machine.repeated
        try:
            for item in elements.items:
                machine.repeated = nested(outer, item.repeated)
                self.bind(node.target, item.value, frame)
                try:
                    self.run(node.body, frame)
                except Continued:
                    continue
                except Broke:
                    return
        finally:
            machine.repeated = outer
        self.run(node.orelse, frame)

    def _while(self, node: s.While, frame: Frame) -> None:
        if self._machine.leads_to_target(node):
            self.forget(node, frame)
            with suppress(Broke, Continued):
                self.run(node.body, frame)
        if self._matters(node, frame):
            self.forget(node, frame)

    def forget(self, node: s.Node, frame: Frame) -> None:
        """What a statement changes is not known any more."""
        for name in frame.slice.changed(node):
            home = frame.find(name)
            if home is None:
                if frame.follows(name):
                    frame.variables[name] = self._machine.fresh(name)
                continue
            held = home.variables[name]
            if isinstance(held, Items | Entries):
                held.open = True
            else:
                home.variables[name] = self._machine.fresh(name)

    def _with(self, node: s.With, frame: Frame) -> None:
        machine = self._machine
        for item in node.items:
            if machine.leads_to_target(item.context):
                machine.evaluate(item.context, frame)
            if item.target is not None:
                self.bind(item.target, machine.named(item.context, frame), frame)
        self.run(node.body, frame)

    def _try(self, node: s.Try, frame: Frame) -> None:
        machine = self._machine
        for handler in node.handlers:
            if machine.leads_to_target(handler):
                self._attempt(node.body, frame)
                self.run(handler.body, frame)
                return
        self.run(node.body, frame)
        self.run(node.orelse, frame)
        self.run(node.final, frame)

    def _attempt(self, body: Sequence[s.Stmt], frame: Frame) -> None:
        try:
            self.run(body, frame)
        except (Raised, Returned):
            return

    def _switch(self, node: s.Switch, frame: Frame) -> None:
        if not self._matters(node, frame):
            return
        machine = self._machine
        subject = machine.key_of(node.subject, frame)
        for number, case in enumerate(node.cases):
            wanted = "default" if case.pattern is None else machine.key_of(case.pattern, frame)
            if case.pattern is not None or case.guard is not None:
                implied = machine.same(subject, wanted) if case.guard is None else None
                if not machine.ask(f"{subject} == {wanted}", implied=implied):
                    continue
            if machine.script:
                self._fall_through(node.cases[number:], frame)
            else:
                self.run(case.body, frame)
            return

    def _fall_through(self, cases: Sequence[s.Case], frame: Frame) -> None:
        """JavaScript runs on into the next case until a ``break``."""
        try:
            for case in cases:
                self.run(case.body, frame)
        except Broke:
            return

    def _function(self, node: s.FunctionDef, frame: Frame) -> None:
        if frame.follows(node.function.name):
            frame.variables[node.function.name] = Closure(node.function, frame)

    def _block(self, node: s.Block | s.Broken, frame: Frame) -> None:
        self.run(node.body, frame)

    def _broken(self, node: s.Broken, frame: Frame) -> None:
        self.run(node.body, frame)
        self.forget(node, frame)

    def _jump(self, node: s.Jump, _: Frame) -> None:
        if node.kind == "break":
            raise Broke
        if node.kind == "continue":
            raise Continued


def _names(targets: Iterable[s.Expr]) -> frozenset[str]:
    return frozenset(target.id for target in targets if isinstance(target, s.Name))


_HANDLERS: dict[type[s.Node], Callable[[Statements, Any, Frame], None]] = {
    s.ExprStmt: Statements._expression,
    s.Assign: Statements._assign,
    s.Return: Statements._return,
    s.Raise: Statements._raise,
    s.If: Statements._if,
    s.For: Statements._for,
    s.While: Statements._while,
    s.With: Statements._with,
    s.Try: Statements._try,
    s.Switch: Statements._switch,
    s.FunctionDef: Statements._function,
    s.Block: Statements._block,
    s.Broken: Statements._broken,
    s.Jump: Statements._jump,
}
