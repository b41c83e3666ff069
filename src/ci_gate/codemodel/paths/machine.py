"""One run over abstract values: the state that statements, expressions and calls share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NoReturn

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.calls import Calls
from ci_gate.codemodel.paths.choices import Choices, GaveUp
from ci_gate.codemodel.paths.conditions import Conditions
from ci_gate.codemodel.paths.expressions import Expressions
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.scripts import Scripts
from ci_gate.codemodel.paths.signals import Reached
from ci_gate.codemodel.paths.statements import Statements
from ci_gate.codemodel.paths.values import (
    Abstract,
    Closure,
    Constant,
    Entries,
    Given,
    Item,
    Items,
    Number,
    Unknown,
    unknown_items,
)
from ci_gate.codemodel.sqltext import MAX_TEXT, Hole, Origin, Str, Text

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.codemodel.paths.run import Paths

_MAX_STEPS: Final = 4000
_MAX_KEY: Final = 160
_MAX_CHARACTERS: Final = 64


class Machine:
    """State and shared operations of one run."""

    def __init__(self, paths: Paths, choices: Choices, *, script: bool = False) -> None:
        self.paths = paths
        #: The functions are JavaScript's.
        self.script = script
        self.model: CodeModel = paths.model
        self.choices = choices
        self.repeated: str | None = None
        self.depth = 0
        self._steps = 0
        self._fresh = 0
        self._target: s.Call | s.Template | None = None
        self._way: frozenset[s.Node] = frozenset()
        self.wants_receiver = False
        self._statements = Statements(self)
        self._expressions = Expressions(self)
        self.conditions = Conditions(self)
        self.calls = Calls(self)
        self.scripts = Scripts(self)

    # --- control ---

    def aim(
        self, target: s.Call | s.Template | None, way: frozenset[s.Node], *, receiver: bool
    ) -> None:
        """The call to run to, and the nodes that it stands in."""
        self._target, self._way, self.wants_receiver = target, way, receiver

    @property
    def target(self) -> s.Call | s.Template | None:
        return self._target

    def is_target(self, node: s.Node) -> bool:
        return node is self._target

    def leads_to_target(self, node: s.Node) -> bool:
        return node in self._way

    def reached(self, text: Text) -> NoReturn:
        """The run has come to a tagged template that it was made for."""
        raise Reached(Given(Items([Item(text)], "tuple")))

    def step(self) -> None:
        self._steps += 1
        if self._steps > _MAX_STEPS or not self.paths.spend():
            raise GaveUp

    def run(self, body: Sequence[s.Stmt], frame: Frame) -> None:
        self._statements.run(body, frame)

    def bind(self, target: s.Expr, value: Abstract, frame: Frame) -> None:
        self._statements.bind(target, value, frame)

    def forget(self, node: s.Node, frame: Frame) -> None:
        """What ``node`` changes is not known any more."""
        self._statements.forget(node, frame)

    def evaluate(
        self, expr: s.Expr, frame: Frame, replacing: frozenset[str] = frozenset()
    ) -> Abstract:
        self.step()
        return self._expressions.value(expr, frame, replacing)

    def ask(self, condition: str, *, implied: bool | None = None) -> bool:
        return self.choices.ask(condition[:_MAX_KEY], implied=implied)

    def holds(self, test: s.Expr, frame: Frame) -> bool:
        return self.conditions.holds(test, frame)

    # --- names of what is not known ---

    def fresh(self, name: str) -> Unknown:
        self._fresh += 1
        return Unknown(f"{name[:_MAX_KEY]}#{self._fresh}")

    def key_of(self, expr: s.Expr, frame: Frame) -> str:
        return self.conditions.key(expr, frame)

    def named(self, expr: s.Expr, frame: Frame) -> Unknown:
        return Unknown(self.key_of(expr, frame))

    def same(self, left: str, right: str) -> bool | None:
        """What earlier answers say of ``left == right``."""
        for condition, answer in self.choices.taken:
            if answer and condition.startswith(f"{left} == ") and condition != f"{left} == {right}":
                return False
        return None

    # --- collections ---

    def member(self, value: Abstract, entry: s.Entry) -> Abstract:
        """What taking ``value`` apart by name gives the target of ``entry``."""
        key = entry.key.value if isinstance(entry.key, s.Literal) else None
        if isinstance(key, str):
            found = self.scripts.property(value, key)
            return self.fresh(key) if found is None else found
        return self.fresh("rest")

    def entry(self, held: Entries, key: s.Expr, frame: Frame) -> Abstract | None:
        return self._expressions.entry(held, self.evaluate(key, frame), key, frame)

    def elements(self, value: Abstract) -> Items:
        """What a loop over ``value`` goes through."""
        if isinstance(value, Items):
            return value
        if isinstance(value, Entries):
            keys = [Item(Text((Str(name),))) for name in value.entries]
            return Items(keys, open=value.open)
        if isinstance(value, Unknown):
            return unknown_items(value)
        if isinstance(value, Text) and len(value) <= _MAX_CHARACTERS and not value.holes():
            return Items([
                Item(Text((piece.part(at, at + 1),)), piece.repeated)
                for piece in value.pieces
                if isinstance(piece, Str)
                for at in range(len(piece.text))
            ])  # fmt: skip
        return unknown_items(self.fresh("elements"))

    def extend(self, target: Items, value: Abstract) -> None:
        if isinstance(value, Text):
            target.open = True
            return
        added = self.elements(value)
        for item in list(added.items):
            target.items.append(Item(item.value, item.repeated or self.repeated))
        target.open = target.open or added.open

    def merge(self, target: Entries, value: Abstract) -> None:
        if isinstance(value, Entries):
            target.entries.update(value.entries)
            target.open = target.open or value.open
        else:
            target.open = True

    def escape(self, value: Abstract) -> None:
        """``value`` went where it may be changed unseen."""
        if isinstance(value, Items | Entries):
            value.open = True
        elif isinstance(value, Closure):
            for held in value.frame.variables.values():
                if isinstance(held, Items | Entries):
                    held.open = True

    def part(self, value: Abstract, position: int, targets: Sequence[s.Expr]) -> Abstract:
        """What unpacking ``value`` gives the target at ``position``."""
        starred = any(isinstance(item, s.Starred) for item in targets)
        if isinstance(value, Items) and not value.open and not starred:
            if len(value.items) == len(targets):
                return value.items[position].value
        elif isinstance(value, Unknown) and not starred:
            return Unknown(f"{value.key}[{position}]")
        return self.fresh("part")

    def store(self, base: s.Expr, index: s.Expr, value: Abstract, frame: Frame) -> None:
        """``base[index] = value``."""
        held = self.evaluate(base, frame)
        key = self.evaluate(index, frame)
        name = key.constant() if isinstance(key, Text) else None
        if isinstance(held, Entries):
            if name is not None:
                held.entries[name] = value
            else:
                held.open = True
        elif isinstance(held, Items):
            if isinstance(key, Number) and not held.open and self._has(held, key.value):
                held.items[key.value] = Item(value, held.items[key.value].repeated)
            else:
                held.open = True
        elif isinstance(base, s.Name):
            (frame.find(base.id) or frame).variables[base.id] = self.fresh(base.id)

    def _has(self, held: Items, position: int) -> bool:
        return -len(held.items) <= position < len(held.items)

    # --- text ---

    def literal(self, text: str, expr: s.Expr, frame: Frame) -> Text:
        path = frame.scope.module.path
        origin = Origin(path, expr.span[0], expr.span[1], text)
        return Text((Str(text, origin, 0, self.repeated),)) if text else Text()

    def as_text(self, value: Abstract, expr: s.Expr | None, frame: Frame) -> Text:
        """What ``str(value)`` stands for."""
        path = frame.scope.module.path
        line, column = (expr.span[0], expr.span[1]) if expr is not None else (1, 1)
        if isinstance(value, Text):
            return value
        if isinstance(value, Number):
            origin = Origin(path, line, column, "") if expr is not None else None
            return Text((Str(str(value.value), origin, 0, self.repeated),))
        if isinstance(value, Constant) and isinstance(value.value, bool):
            shown = str(value.value).lower() if self.script else str(value.value)
            return Text((Str(shown, Origin(path, line, column, ""), 0, self.repeated),))
        values = self.model.evaluate(expr, frame.scope) if expr is not None else frozenset()
        return Text((Hole(expr, path, values, self.repeated),))

    def combined(self, op: str, left: Abstract, right: Abstract) -> Abstract:
        found = self._expressions.combined(op, left, right)
        if isinstance(found, Text) and len(found) > MAX_TEXT:
            raise GaveUp
        return found
