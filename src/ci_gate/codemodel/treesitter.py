"""What both front ends need of tree-sitter: spans in characters, errors, a bound on depth."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel.syntax import Comment, Span, SyntaxProblem

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

#: Deeper code becomes Unknown: no person wrote it, and later stages walk the tree recursively.
MAX_DEPTH: Final = 160
#: More syntax problems in one file say nothing new.
MAX_PROBLEMS: Final = 20
MARKER: Final = "ci-gate"


class Source:
    """The bytes of a file and the places in it."""

    def __init__(self, source: bytes) -> None:
        self.bytes = source
        self._ascii = source.isascii()
        self._lines: list[bytes] = [] if self._ascii else source.split(b"\n")
        self._inner: dict[int, list[int]] = {}  # line -> places of bytes that start no character

    def text(self, node: Concrete) -> str:
        return self.bytes[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, node: Concrete) -> Span:
        line, column = node.start_point
        end_line, end_column = node.end_point
        if not self._ascii:
            column = self._characters(line, column)
            end_column = self._characters(end_line, end_column)
        return (line + 1, column + 1, end_line + 1, end_column + 1)

    def _characters(self, line: int, column: int) -> int:
        inner = self._inner.get(line)
        if inner is None:
            raw = self._lines[line] if line < len(self._lines) else b""
            inner = (
                []
                if raw.isascii()
                else [place for place, byte in enumerate(raw) if 0x80 <= byte < 0xC0]
            )
            self._inner[line] = inner
        return column - bisect_left(inner, column)


def broken_nodes(root: Concrete) -> Iterator[Concrete]:
    """The outermost nodes at which the parser had to recover, in source order."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))


def problem(source: Source, node: Concrete) -> SyntaxProblem:
    """A recovery, told to a person."""
    if node.is_missing:
        return SyntaxProblem(source.span(node), f"{node.type!r} is missing")
    lines = source.text(node).strip().splitlines()
    shown = lines[0].strip()[:40] if lines else "end of file"
    return SyntaxProblem(source.span(node), f"unexpected {shown!r}")


def marked_comment(source: Source, node: Concrete) -> Comment | None:
    """A comment that speaks to the gate."""
    text = source.text(node)
    if MARKER not in text:
        return None
    start = source.bytes.rfind(b"\n", 0, node.start_byte) + 1
    alone = not source.bytes[start : node.start_byte].strip()
    stripped = text.strip().removeprefix("/*").removesuffix("*/").lstrip("#/").strip()
    return Comment(source.span(node), stripped, alone)
