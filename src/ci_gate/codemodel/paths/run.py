"""Asking what reaches a call, on every path that reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.choices import Choices, Decisions, GaveUp, explore
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.machine import Machine
from ci_gate.codemodel.paths.results import tells
from ci_gate.codemodel.paths.signals import Reached, Signal
from ci_gate.codemodel.paths.slices import Slice, names_in
from ci_gate.codemodel.paths.values import Given
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.surroundings import parents_below
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

_MAX_CHAIN: Final = 3
_MAX_QUESTION: Final = 20_000
_MAX_PROGRAM: Final = 3_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The arguments with which a path reaches a call, and the branches it took."""

    given: Given
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Stage:
    """A call in a function: the last one is asked about, the ones before it lead there.

    ``receiver``: what its method is called on is asked about too.
    """

    function: FunctionInfo
    call: s.Call | s.Template
    receiver: bool = False


class Paths:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self.model = model
        self._question = self._program = 0
        self._telling: dict[s.Node, bool] = {}
        self._slices: dict[s.Node, Slice] = {}
        self._ways: dict[s.Node, frozenset[s.Node]] = {}

    def reaching(self, stages: Sequence[Stage]) -> Sequence[Outcome] | None:
        """What the last stage's call is given when the first stage's function runs.

        None where that cannot be followed: too many paths, too much nesting.
        """
        if not stages or len(stages) > _MAX_CHAIN:
            return None
        self._question = 0
        try:
            found = explore(lambda choices: self._run(stages, choices))
        except (GaveUp, RecursionError):
            return None
        return [Outcome(given, decisions) for decisions, given in found]

    def _run(self, stages: Sequence[Stage], choices: Choices) -> Given | None:
        script = stages[0].function.module.language != "python"
        machine = Machine(self, choices, script=script)
        given: Given | None = None
        for position, stage in enumerate(stages):
            node = stage.function.node
            if not isinstance(node, s.Function | s.Module):
                return None
            frame = self.frame(stage.function, roots=self.roots(stage.call))
            if position:
                assert given is not None
                if not isinstance(node, s.Function):
                    return None
                bound = stage.function.cls is not None and not script
                machine.calls.bind(node, given, frame, bound=bound)
            machine.aim(stage.call, self._way(node, stage.call), receiver=stage.receiver)
            try:
                machine.run(node.body, frame)
                return None
            except Reached as reached:
                given = reached.given
            except Signal:
                return None
        return given

    def tells(self, node: s.Function) -> bool:
        """May the function return a text or a collection that it puts together itself?"""
        found = self._telling.get(node)
        if found is None:
            found = self._telling[node] = tells(node)
        return found

    def spend(self) -> bool:
        """Counts one step; False once this question, or all of the program's, took too many."""
        self._question += 1
        self._program += 1
        return self._question <= _MAX_QUESTION and self._program <= _MAX_PROGRAM

    def frame(self, function: FunctionInfo, roots: frozenset[str] | None) -> Frame:
        node = function.node
        found = self.slice(node)
        relevant = None if roots is None else found.relevant(roots)
        return Frame(node, self.model.function_scope(function), found, relevant)

    def slice(self, node: s.Function | s.Module) -> Slice:
        found = self._slices.get(node)
        if found is None:
            found = self._slices[node] = Slice(node)
        return found

    def global_frame(self, frame: Frame) -> Frame:
        """A frame without variables of its own, in the same scope."""
        return replace(frame, variables={}, relevant=frozenset(), parent=None, inlined=True)

    def roots(self, call: s.Call | s.Template) -> frozenset[str]:
        """The variables that a call is made with."""
        if isinstance(call, s.Template):
            return frozenset(names_in(call))
        found: set[str] = set()
        for argument in call.args:
            found |= names_in(argument.value)
        if isinstance(call.func, s.Attribute):
            found |= names_in(call.func.value)
        return frozenset(found)

    def _way(self, function: s.Function | s.Module, call: s.Node) -> frozenset[s.Node]:
        """The nodes of ``function`` that ``call`` stands in, itself included."""
        known = self._ways.get(call)
        if known is not None:
            return known
        parents = parents_below(function)
        found: set[s.Node] = set()
        current: s.Node | None = call
        while current is not None and current is not function:
            found.add(current)
            current = parents.get(current)
        self._ways[call] = frozenset(found)
        return self._ways[call]
