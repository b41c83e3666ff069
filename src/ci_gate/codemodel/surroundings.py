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
        """Without a module's imports and exports, which are also among its statements."""

    def of(self, path: str, node: s.Node) -> Iterator[Enclosing]:
        """What encloses ``node``, from the inside out; the module itself is the last."""
        parents = self._parents.get(path)
        if parents is None:
            module = self._model.modules[path]
            parents = self._parents[path] = dict.fromkeys(module.body, module)
            parents |= parents_below(*module.body)
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


def parents_below(*roots: s.Node) -> dict[s.Node, s.Node]:
    """The node that holds each node below ``roots`` directly."""
    return {child: node for root in roots for node in s.walk(root) for child in s.children(node)}
