"""How control leaves a straight line: in the program that is followed, and at the end of a run."""

from __future__ import annotations

from ci_gate.codemodel.paths.values import Abstract, Given


class Signal(Exception):
    """The path leaves its straight line."""


class Returned(Signal):
    def __init__(self, value: Abstract) -> None:
        super().__init__()
        self.value = value


class Raised(Signal):
    """The path ends in an exception."""


class Broke(Signal):
    pass


class Continued(Signal):
    pass


class Reached(Exception):
    """The run has come to the call that it was made for."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.given = given
