"""The variables of a function on one path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import Scope
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.slices import Slice
    from ci_gate.codemodel.paths.values import Abstract


@dataclass(slots=True, eq=False)
class Frame:
    """One run of a function; ``relevant`` are the variables that are followed (None: all).

    ``inlined``: its result is asked for, not a call in it.
    """

    function: s.Function | s.Module
    scope: Scope
    slice: Slice
    relevant: frozenset[str] | None = None
    parent: Frame | None = None
    inlined: bool = False
    variables: dict[str, Abstract] = field(default_factory=dict)

    def find(self, name: str) -> Frame | None:
        """The frame in which a variable lives."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.variables:
                return frame
            frame = frame.parent
        return None

    def get(self, name: str) -> Abstract | None:
        frame = self.find(name)
        return None if frame is None else frame.variables[name]

    def follows(self, name: str) -> bool:
        return self.relevant is None or name in self.relevant

    def bind(self, variables: Mapping[str, Abstract]) -> Frame:
        self.variables.update(variables)
        return self
