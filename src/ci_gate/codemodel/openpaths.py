"""Ways through a function on which something that was opened stays open.

Only the function's own statements are looked at. A condition that asks for the thing itself, or
under which it was opened, is taken to tell: where one of its branches closes, it is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.data import dataclass

Leaving = Literal["return", "end", "error"]


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of the function with the thing open. ``error``: an exception leaves it."""

    how: Leaving
    node: s.Node


@dataclass(slots=True)
class _State:
    """After some statements: is it open, may control come here at all, and was it open at a call
    that may have thrown?"""

    open: bool
    reached: bool = True
    thrown: bool = False
    raised: list[Exit] = field(default_factory=list)
    left: list[Exit] = field(default_factory=list)


@dataclass(slots=True)
class Paths:
    """``opens`` and ``closes`` say it of one node; ``tells`` of a test that it asks for the
    thing."""

    opens: Callable[[s.Node], bool]
    closes: Callable[[s.Node], bool]
    tells: Callable[[s.Expr], bool]

    def exits(self, function: s.Function) -> list[Exit]:
        """The ways out on which it stays open, those that an ``error`` takes last."""
        state = self._block(function.body, _State(False))
        found = list(state.left)
        if state.reached and state.open:
            found.append(Exit("end", function))
        return [*found, *state.raised]

    def _block(self, body: Iterable[s.Stmt], state: _State) -> _State:
        for statement in body:
            if not state.reached:
                break
            state = self._statement(statement, state)
        return state

    def _statement(self, node: s.Stmt, state: _State) -> _State:
        match node:
            case s.If(test=test, body=body, orelse=orelse):
                self._run(test, state)
                return self._branches([body, orelse], state, told=self.tells(test))
            case s.Switch(subject=subject, cases=cases):
                self._run(subject, state)
                whole = any(case.pattern is None for case in cases)
                bodies = [case.body for case in cases]
                return self._branches(bodies if whole else [*bodies, []], state, told=False)
            case s.For(body=body) | s.While(body=body):
                return self._branches([body, []], state, told=True)
            case s.Try():
                return self._try(node, state)
            case s.Block(body=body) | s.With(body=body):
                return self._block(body, state)
            case s.Return():
                self._run(node, state)
                if state.open:
                    state.left.append(Exit("return", node))
                state.reached = False
            case s.Raise():
                self._run(node, state)
                if state.open:
                    state.raised.append(Exit("error", node))
                state.reached = False
            case s.Jump():
                return state  # as if it went on: what follows the loop decides
            case s.FunctionDef() | s.ClassDef():
                return state
            case _:
                self._run(node, state)
        return state

    def _run(self, node: s.Node, state: _State) -> None:
        """What one statement or expression does."""
        for part in s.walk(node, into_functions=False):
            if self.opens(part):
                state.open = True
            elif self.closes(part):
                state.open = False
                return
            elif isinstance(part, s.Call | s.Await) and state.open:
                state.thrown = True

    def _branches(self, bodies: list[list[s.Stmt]], state: _State, *, told: bool) -> _State:
        found = [self._block(body, _State(state.open)) for body in bodies]
        state.left += [item for each in found for item in each.left]
        state.raised += [item for each in found for item in each.raised]
        state.thrown = state.thrown or any(each.thrown for each in found)
        on = [each for each in found if each.reached]
        state.reached = bool(on)
        opened_inside = not state.open and any(each.open for each in on)
        closed = state.open and any(
            not each.open for each, body in zip(found, bodies, strict=True) if body
        )
        if told and closed:
            state.open = False
        elif opened_inside:
            state.open = all(each.open for each in on)
        else:
            state.open = any(each.open for each in on)
        return state

    def _try(self, node: s.Try, state: _State) -> _State:
        final = any(self._anywhere(item) for item in node.final)
        body = self._block(node.body, _State(state.open))
        may_throw = body.thrown or bool(body.raised)
        handled = [self._handler(item, open_=may_throw) for item in node.handlers]
        if not node.handlers:
            state.raised += [] if final else body.raised
            state.thrown = state.thrown or (body.thrown and not final)
        found = [body, *handled]
        if not final:
            state.left += [item for each in found for item in each.left]
            state.raised += [item for each in handled for item in each.raised]
        on = [each for each in found if each.reached]
        state.reached = bool(on)
        state.open = any(each.open for each in on) and not final
        return self._block(node.final, state) if node.final and state.reached else state

    def _handler(self, handler: s.Handler, *, open_: bool) -> _State:
        """One that closes it under any condition is taken to know when."""
        if any(self._anywhere(item) for item in handler.body):
            open_ = False
        return self._block(handler.body, _State(open_))

    def _anywhere(self, node: s.Node) -> bool:
        return any(self.closes(part) for part in s.walk(node))
