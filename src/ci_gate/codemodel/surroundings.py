"""What stands around a node: the branches, handlers, functions and classes it is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

Branch: TypeAlias = str  # "body", "orelse", "handlers", "final", "cases", "test", …

_MAX_DEPTH: Final = 400


@dataclass(frozen=True, slots=True)
class Enclosing:
    """``node`` holds the asked one in its direct sub-node ``part``."""

    node: s.Node
    part: s.Node

    @property
    def branch(self) -> Branch:
        """The field of ``node`` that holds the part."""
        for name in reversed(s.child_fields(type(self.node))):
            value = getattr(self.node, name)
            if value is self.part or (isinstance(value, list) and self.part in value):
                return name
        return ""


class Surroundings:
    """Answers for one program; a module is walked when it is first asked about."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._parents: dict[str, dict[s.Node, s.Node]] = {}

    def of(self, path: str, node: s.Node) -> Iterator[Enclosing]:
        """What encloses ``node``, from the inside out; the module itself is the last."""
        parents = self._parents.get(path)
        if parents is None:
            parents = self._parents[path] = _parents(self._model.modules[path])
        part, around = node, parents.get(node)
        depth = 0
        while around is not None and depth < _MAX_DEPTH:
            yield Enclosing(around, part)
            part, around = around, parents.get(around)
            depth += 1

    def handlers(self, path: str, node: s.Node) -> Iterator[tuple[s.Handler, s.Try]]:
        """The exception handlers that ``node`` is in, within its own function."""
        inner: s.Handler | None = None
        for enclosing in self.of(path, node):
            if isinstance(enclosing.node, s.Function | s.Class):
                return
            if isinstance(enclosing.node, s.Handler) and enclosing.branch == "body":
                inner = enclosing.node
            elif isinstance(enclosing.node, s.Try) and inner is not None:
                yield inner, enclosing.node
                inner = None

    def under_main(self, path: str, node: s.Node) -> bool:
        """Does it run only where the file is the program (``if __name__ == "__main__"``)?"""
        return any(
            isinstance(enclosing.node, s.If)
            and enclosing.branch == "body"
            and is_main_guard(enclosing.node)
            for enclosing in self.of(path, node)
        )


def is_main_guard(statement: s.If) -> bool:
    match statement.test:
        case s.Binary(op="==", left=s.Name(id="__name__"), right=s.Literal(value="__main__")):
            return True
        case s.Binary(op="==", left=s.Literal(value="__main__"), right=s.Name(id="__name__")):
            return True
    return False


def _parents(module: s.Module) -> dict[s.Node, s.Node]:
    """The nodes that hold each node directly. A module's imports and exports are also among its
    statements."""
    found: dict[s.Node, s.Node] = dict.fromkeys(module.body, module)
    stack: list[s.Node] = [*module.body]
    while stack:
        node = stack.pop()
        below = s.children(node)
        for child in below:
            found[child] = node
        stack += below
    return found
