"""What both front ends share: places in characters, errors, comments, and the bounded walk that
hands each concrete node to the handler of its type."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from ci_gate.codemodel import syntax as s
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
        self._inner: dict[int, list[int]] = {}  # line -> places of bytes that start no character
        if not source.isascii():
            self._inner = {
                number: [place for place, byte in enumerate(line) if 0x80 <= byte < 0xC0]
                for number, line in enumerate(source.split(b"\n"))
                if not line.isascii()
            }

    def text(self, node: Concrete) -> str:
        return self.bytes[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, node: Concrete) -> Span:
        line, column = node.start_point
        end_line, end_column = node.end_point
        if self._inner:
            column -= bisect_left(self._inner.get(line, ()), column)
            end_column -= bisect_left(self._inner.get(end_line, ()), end_column)
        first = line + 1
        last = first if end_line == line else end_line + 1  # one object: nodes are many
        return (first, column + 1, last, end_column + 1)


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


class Lowering:
    """Lowers one file. A subclass fills the two tables with a handler for each type of node."""

    #: named nodes that are no part of the expression or statement they stand in
    skipped: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, source: Source) -> None:
        self.source = source
        self.span: Callable[[Concrete], Span] = source.span
        self.imports: list[s.Import] = []
        self.depth = 0
        self.functions = 0  # how many functions we are inside of
        self.guards = 0  # how many ifs and guarding tries
        self.expressions: dict[str, Callable[[Concrete], s.Expr]] = {}
        self.statements: dict[str, Callable[[Concrete], list[s.Stmt]]] = {}

    def named(self, node: Concrete) -> list[Concrete]:
        return [child for child in node.named_children if child.type not in self.skipped]

    def expr(self, node: Concrete) -> s.Expr:
        """Any expression; what has no handler keeps its readable parts."""
        if self.depth >= MAX_DEPTH:
            return s.Unknown(self.span(node))
        self.depth += 1
        try:
            handler = self.expressions.get(node.type)
            return handler(node) if handler else self.unknown(node)
        finally:
            self.depth -= 1

    def optional(self, node: Concrete | None) -> s.Expr | None:
        return None if node is None else self.expr(node)

    def only(self, node: Concrete) -> s.Expr | None:
        """The first expression inside a node, if there is one."""
        inside = self.named(node)
        return self.expr(inside[0]) if inside else None

    def inner(self, node: Concrete) -> s.Expr:
        """The one expression inside a node."""
        inside = self.named(node)
        return self.expr(inside[0]) if len(inside) == 1 else self.unknown(node)

    def part(self, node: Concrete, field: str) -> s.Expr:
        """The expression in a field of a node."""
        found = node.child_by_field_name(field)
        return s.Unknown(self.span(node)) if found is None else self.expr(found)

    def unknown(self, node: Concrete) -> s.Unknown:
        return s.Unknown(self.span(node), [self.expr(child) for child in self.named(node)])

    def block(self, node: Concrete | None) -> list[s.Stmt]:
        """The statements directly below a node."""
        if node is None:
            return []
        return [found for child in node.named_children for found in self.statement(child)]

    def statement(self, node: Concrete) -> list[s.Stmt]:
        handler = self.statements.get(node.type)
        if handler is None:
            return [s.ExprStmt(self.span(node), self.expr(node))]
        if self.depth >= MAX_DEPTH:
            return [s.Broken(self.span(node))]
        self.depth += 1
        try:
            return handler(node)
        finally:
            self.depth -= 1

    def comments(self, root: Concrete) -> list[Comment]:
        """The comments that speak to the gate."""
        if MARKER.encode() not in self.source.bytes:
            return []
        found: list[Comment] = []
        stack = [root]
        while stack:
            node = stack.pop()
            if node.type == "comment":
                comment = marked_comment(self.source, node)
                if comment is not None:
                    found.append(comment)
            else:
                stack.extend(reversed(node.children))
        return found
