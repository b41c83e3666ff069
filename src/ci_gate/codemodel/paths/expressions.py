"""What an expression stands for on one path."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.formatting import percent
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.values import (
    Abstract,
    Closure,
    Constant,
    Entries,
    Fragment,
    Item,
    Items,
    Number,
    Statement,
    Unknown,
    nested,
)
from ci_gate.codemodel.sqltext import Hole, Piece, Text
from ci_gate.codemodel.values import ConstantValue

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.machine import Machine

_MAX_ELEMENTS: Final = 200
_MAX_DEFINITIONS: Final = 12
_MAX_ENTRIES: Final = 8
_COMPARISONS: Final = frozenset({
    "==", "!=", "<", ">", "<=", ">=", "is", "is not", "in", "not in", "and", "or",
})  # fmt: skip


class Expressions:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._defining: list[s.Expr] = []
        self._replacing: frozenset[str] = frozenset()

    def value(
        self, expr: s.Expr, frame: Frame, replacing: frozenset[str] = frozenset()
    ) -> Abstract:
        machine = self._machine
        if machine.leads_to_target(expr) and not machine.is_target(expr):
            self._descend(expr, frame)
        handler = _HANDLERS.get(type(expr))
        if handler is None:
            return machine.named(expr, frame)
        if not replacing:
            return handler(self, expr, frame)
        outer, self._replacing = self._replacing, replacing
        try:
            return handler(self, expr, frame)
        finally:
            self._replacing = outer

    def _descend(self, expr: s.Expr, frame: Frame) -> None:
        """Evaluate the part of ``expr`` in which the target call stands; that ends the run."""
        machine = self._machine
        if isinstance(expr, s.Conditional) and not machine.leads_to_target(expr.test):
            holds = self._machine.holds(expr.test, frame)
            if holds != machine.leads_to_target(expr.body):
                return
        if isinstance(expr, s.Comprehension):
            self._descend_comprehension(expr, frame)
        if isinstance(expr, s.FunctionExpr):
            machine.calls.enter(expr.function, frame)
            return
        queue: list[s.Node] = [expr]
        while queue:
            for child in s.children(queue.pop(0)):
                if not machine.leads_to_target(child):
                    continue
                if isinstance(child, s.Argument | s.Generator | s.Entry):
                    queue.append(child)
                    break
                machine.evaluate(child, frame)  # type: ignore[arg-type]
                return

    def _descend_comprehension(self, expr: s.Comprehension, frame: Frame) -> None:
        machine = self._machine
        for generator in expr.generators:
            if machine.leads_to_target(generator.iter):
                return
            self._bind_local(generator.target, machine.named(generator.iter, frame), frame)

    def _bind_local(self, target: s.Expr, value: Abstract, frame: Frame) -> None:
        if isinstance(target, s.Name):
            frame.variables[target.id] = value
        elif isinstance(target, s.Sequence):
            for position, item in enumerate(target.items):
                part = self._machine.part(value, position, target.items)
                self._bind_local(item, part, frame)

    # --- leaves ---

    def _literal(self, expr: s.Literal, frame: Frame) -> Abstract:
        value = expr.value
        if isinstance(value, str):
            return self._machine.literal(value, expr, frame)
        if isinstance(value, int) and not isinstance(value, bool):
            return Number(value)
        return Constant(value)

    def _template(self, expr: s.Template, frame: Frame) -> Abstract:
        machine = self._machine
        if expr.tag is not None:
            return machine.scripts.tagged(expr, frame)
        pieces: list[Piece] = []
        line, column = expr.span[0], expr.span[1]
        for part in expr.parts:
            if isinstance(part, s.Literal) and isinstance(part.value, str):
                start = max((line, column), (part.span[0], part.span[1]))
                placed = s.Literal((*start, part.span[2], part.span[3]), part.value, "string")
                pieces.extend(machine.literal(part.value, placed, frame).pieces)
                continue
            value = machine.evaluate(part, frame)
            text = machine.as_text(value, part, frame)
            if not (isinstance(part, s.Name) and part.id in self._replacing):
                text = text.repeat(machine.repeated)
            pieces.extend(text.pieces)
            line, column = part.span[2], part.span[3]
        return Text(tuple(pieces))

    def _name(self, expr: s.Name, frame: Frame) -> Abstract:
        found = frame.get(expr.id)
        return found if found is not None else self._defined(expr, frame, expr.id)

    def _defined(self, expr: s.Expr, frame: Frame, key: str) -> Abstract:
        """A constant of a module or class."""
        machine = self._machine
        definition = machine.model.constant(expr, frame.scope)
        if definition is None or definition.expr in self._defining:
            return Unknown(key)
        if len(self._defining) >= _MAX_DEFINITIONS:
            return Unknown(key)
        scope = definition.scope
        outside = machine.paths.global_frame(machine.paths.frame(scope.function, frozenset()))
        outside.scope = scope
        self._defining.append(definition.expr)
        try:
            value = machine.evaluate(definition.expr, outside)
        finally:
            self._defining.pop()
        return Unknown(key) if isinstance(value, Unknown | Closure) else value

    def _attribute(self, expr: s.Attribute, frame: Frame) -> Abstract:
        key = self._machine.key_of(expr, frame)
        if self._machine.script:
            member = self._machine.scripts.attribute(expr, key, frame)
            if member is not None:
                return member
        if isinstance(expr.value, s.Name) and isinstance(
            frame.get(expr.value.id), Items | Entries | Text | Statement
        ):
            return Unknown(key)
        found = self._defined(expr, frame, key)
        if not isinstance(found, Unknown):
            return found
        values = self._machine.model.evaluate(expr, frame.scope)
        if len(values) == 1:
            [only] = values
            if (
                isinstance(only, ConstantValue)
                and isinstance(only.value, str)
                and self._is_global(expr, frame)
            ):
                return self._machine.literal(only.value, expr, frame)
        return found

    def _is_global(self, expr: s.Attribute, frame: Frame) -> bool:
        """Is it a member of something that no parameter or variable stands for (an enum's)?"""
        base: s.Expr = expr
        while isinstance(base, s.Attribute):
            base = base.value
        return (
            isinstance(base, s.Name)
            and frame.get(base.id) is None
            and base.id not in _parameters(frame)
        )

    def _subscript(self, expr: s.Subscript, frame: Frame) -> Abstract:
        machine = self._machine
        held = machine.evaluate(expr.value, frame)
        key = machine.evaluate(expr.index, frame)
        if isinstance(held, Items) and isinstance(key, Number) and not held.open:
            if -len(held.items) <= key.value < len(held.items):
                return held.items[key.value].value
        elif isinstance(held, Entries) and held.entries:
            return self.entry(held, key, expr.index, frame) or machine.named(expr, frame)
        return machine.named(expr, frame)

    def entry(self, held: Entries, key: Abstract, index: s.Expr, frame: Frame) -> Abstract | None:
        """The entry under ``key``; any of them where the key is not known."""
        machine = self._machine
        name = key.constant() if isinstance(key, Text) else None
        if name is not None:
            return held.entries.get(name)
        if held.open or not 0 < len(held.entries) <= _MAX_ENTRIES:
            return None
        asked = self._machine.key_of(index, frame)
        *others, last = held.entries
        for other in others:
            condition = f"{asked} == {other!r}"
            if machine.ask(condition, implied=machine.same(asked, repr(other))):
                return held.entries[other]
        return held.entries[last]

    # --- operators ---

    def _binary(self, expr: s.Binary, frame: Frame) -> Abstract:
        machine = self._machine
        if expr.op in ("and", "or"):
            return self._logical(expr, frame)
        if expr.op == "??":
            return machine.scripts.otherwise(expr, frame)
        if expr.op in _COMPARISONS:
            return machine.named(expr, frame)
        operands: list[s.Binary] = []
        left: s.Expr = expr
        while isinstance(left, s.Binary) and left.op == expr.op:
            operands.append(left)
            left = left.left
        result = machine.evaluate(left, frame)
        for item in reversed(operands):
            right = machine.evaluate(item.right, frame)
            if machine.script and expr.op == "+":
                result, right = self.concatenated(result, left, right, item.right, frame)
            if isinstance(right, Text):
                right = right.repeat(machine.repeated)
            result = machine.combined(item.op, result, right)
        return result

    def concatenated(
        self, left: Abstract, one: s.Expr, right: Abstract, other: s.Expr, frame: Frame
    ) -> tuple[Abstract, Abstract]:
        """Both sides of ``+``, as text where either is."""
        machine = self._machine
        if isinstance(left, Text) and not isinstance(right, Text):
            right = machine.as_text(right, other, frame)
        elif isinstance(right, Text) and not isinstance(left, Text):
            left = machine.as_text(left, one, frame)
        return left, right

    def _logical(self, expr: s.Binary, frame: Frame) -> Abstract:
        machine = self._machine
        if machine.script and frame.slice.changed(expr.right):
            if machine.holds(expr.left, frame) == (expr.op == "and"):
                return machine.evaluate(expr.right, frame)
            return Constant(expr.op == "or")
        left = machine.evaluate(expr.left, frame)
        known = machine.conditions.truth(left)
        if machine.script and isinstance(left, Items | Entries):
            known = True
        if known is None:
            right = machine.evaluate(expr.right, frame)
            if not _telling(left) and not _telling(right):
                return machine.named(expr, frame)
            known = machine.ask(machine.conditions.key_of_value(left, expr.left, frame))
            if expr.op == "or" and not known:
                return right
            return left if (expr.op == "or") == known else right
        if known == (expr.op == "or"):
            return left
        return machine.evaluate(expr.right, frame)

    def combined(self, op: str, left: Abstract, right: Abstract) -> Abstract:
        machine = self._machine
        if isinstance(left, Number) and isinstance(right, Number):
            return _arithmetic(op, left, right) or machine.fresh("number")
        if op == "%" and isinstance(left, Text):
            return percent(left, right)
        if op == "+":
            if isinstance(left, Text) or isinstance(right, Text):
                return _as_operand(left) + _as_operand(right)
            if isinstance(left, Items):
                result = left.copy()
                machine.extend(result, right)
                return result
            if isinstance(right, Items):
                result = machine.elements(left).copy(right.kind)
                machine.extend(result, right)
                return result
        if op == "*":
            for one, other in ((left, right), (right, left)):
                if isinstance(one, Text | Items) and isinstance(other, Number):
                    return self._times(one, other)
        if op == "|" and isinstance(left, Entries):
            merged = Entries(dict(left.entries), left.open)
            machine.merge(merged, right)
            return merged
        if op == "-" and isinstance(left, Items | Entries):
            return machine.fresh("difference")
        return machine.fresh("value")

    def _times(self, one: Text | Items, count: Number) -> Abstract:
        number = min(max(count.value, 0), _MAX_ELEMENTS)
        if isinstance(one, Text):
            return Text(tuple(one.repeat(count.assumed).pieces) * number)
        items = [
            Item(item.value, nested(count.assumed, item.repeated))
            for _ in range(number)
            for item in one.items
        ]
        return Items(items[:_MAX_ELEMENTS], one.kind, one.open or len(items) > _MAX_ELEMENTS)

    def _unary(self, expr: s.Unary, frame: Frame) -> Abstract:
        if expr.op == "-":
            value = self._machine.evaluate(expr.value, frame)
            if isinstance(value, Number):
                return Number(-value.value, value.assumed)
        if expr.op in ("++", "--"):
            return self._stepped(expr, frame)
        return self._machine.named(expr, frame)

    def _stepped(self, expr: s.Unary, frame: Frame) -> Abstract:
        """``i++`` and ``++i``."""
        machine = self._machine
        before = machine.evaluate(expr.value, frame)
        after: Abstract = machine.fresh("count")
        if isinstance(before, Number):
            step = 1 if expr.op == "++" else -1
            after = Number(before.value + step, before.assumed or machine.repeated)
        home = frame.find(expr.value.id) if isinstance(expr.value, s.Name) else None
        if isinstance(expr.value, s.Name):
            (home or frame).variables[expr.value.id] = after
        return before if expr.value.span[:2] == expr.span[:2] else after

    def _conditional(self, expr: s.Conditional, frame: Frame) -> Abstract:
        if self._is_plain(expr.body, frame) and self._is_plain(expr.orelse, frame):
            return self._machine.named(expr, frame)
        chosen = expr.body if self._machine.holds(expr.test, frame) else expr.orelse
        return self._machine.evaluate(chosen, frame)

    def _is_plain(self, expr: s.Expr, frame: Frame) -> bool:
        """Is it a value whose own form makes no difference: no text, list or dictionary?"""
        match expr:
            case s.Literal(value=value):
                return not isinstance(value, str)
            case s.Name(id=name):
                return not _telling(frame.get(name) or self._defined(expr, frame, name))
            case s.Attribute():
                return True
            case s.Call(
                func=s.Name(
                    id="int" | "float" | "min" | "max" | "bool" | "len" | "Number" | "parseInt"
                )
            ):
                return True
        return False

    # --- displays ---

    def _sequence(self, expr: s.Sequence, frame: Frame) -> Abstract:
        machine = self._machine
        found = Items(kind=expr.kind)
        for item in expr.items[:_MAX_ELEMENTS]:
            if isinstance(item, s.Starred):
                machine.extend(found, machine.evaluate(item.value, frame))
            else:
                found.items.append(Item(machine.evaluate(item, frame)))
        found.open = found.open or len(expr.items) > _MAX_ELEMENTS
        return found

    def _mapping(self, expr: s.Mapping, frame: Frame) -> Abstract:
        machine = self._machine
        found = Entries()
        for entry in expr.entries[:_MAX_ELEMENTS]:
            if entry.key is None:
                machine.merge(found, machine.evaluate(entry.value, frame))
                continue
            key = machine.evaluate(entry.key, frame)
            name = key.constant() if isinstance(key, Text) else None
            if name is None:
                found.open = True
            else:
                found.entries[name] = machine.evaluate(entry.value, frame)
        found.open = found.open or len(expr.entries) > _MAX_ELEMENTS
        return found

    def _comprehension(self, expr: s.Comprehension, frame: Frame) -> Abstract:
        machine = self._machine
        if expr.kind == "dict" or len(expr.generators) != 1:
            return machine.fresh("comprehension")
        [generator] = expr.generators
        source = machine.elements(machine.evaluate(generator.iter, frame))
        if source.open or len(source.items) > _MAX_ELEMENTS:
            return machine.named(expr, frame)
        found = Items(kind="set" if expr.kind == "set" else "list")
        inner = Frame(frame.function, frame.scope, frame.slice, None, frame, inlined=True)
        outer = machine.repeated
        try:
            for item in source.items:
                machine.repeated = nested(outer, item.repeated)
                self._bind_local(generator.target, item.value, inner)
                known = item.repeated is None
                if known and not all(
                    self._machine.holds(test, inner) for test in generator.conditions
                ):
                    continue
                tag = item.repeated
                if generator.conditions and tag is not None:
                    tag = f"{tag} if {self._machine.key_of(generator.conditions[0], frame)}"
                found.items.append(Item(machine.evaluate(expr.element, inner), tag))
        finally:
            machine.repeated = outer
        return found

    def _lambda(self, expr: s.FunctionExpr, frame: Frame) -> Abstract:
        return Closure(expr.function, frame)

    def _assigned(self, expr: s.AssignExpr, frame: Frame) -> Abstract:
        value = self._machine.evaluate(expr.value, frame)
        self._machine.bind(expr.target, value, frame)
        return value

    def _await(self, expr: s.Await, frame: Frame) -> Abstract:
        return self._machine.evaluate(expr.value, frame)

    def _call(self, expr: s.Call, frame: Frame) -> Abstract:
        return self._machine.calls.value(expr, frame)


def _parameters(frame: Frame) -> frozenset[str]:
    node = frame.function
    if not isinstance(node, s.Function):
        return frozenset()
    return frozenset(param.name for param in node.params)


def _telling(value: Abstract) -> bool:
    return isinstance(value, Text | Items | Entries | Statement | Fragment)


def _as_operand(value: Abstract) -> Text:
    return value if isinstance(value, Text) else Text((Hole(None),))


def _arithmetic(op: str, left: Number, right: Number) -> Number | None:
    assumed = left.assumed or right.assumed
    if op == "+":
        return Number(left.value + right.value, assumed)
    if op == "-":
        return Number(left.value - right.value, assumed)
    if op == "*":
        return Number(left.value * right.value, assumed)
    return None


_HANDLERS: dict[type[s.Node], Callable[[Expressions, Any, Frame], Abstract]] = {
    s.Literal: Expressions._literal,
    s.Template: Expressions._template,
    s.Name: Expressions._name,
    s.Attribute: Expressions._attribute,
    s.Subscript: Expressions._subscript,
    s.Binary: Expressions._binary,
    s.Unary: Expressions._unary,
    s.Conditional: Expressions._conditional,
    s.Sequence: Expressions._sequence,
    s.Mapping: Expressions._mapping,
    s.Comprehension: Expressions._comprehension,
    s.FunctionExpr: Expressions._lambda,
    s.AssignExpr: Expressions._assigned,
    s.Await: Expressions._await,
    s.Call: Expressions._call,
}
