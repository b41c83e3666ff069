"""Whole Python files to the common syntax."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import tree_sitter
import tree_sitter_python

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.python.expressions import Expressions
from ci_gate.codemodel.python.statements import Statements, docstring_of
from ci_gate.codemodel.treesitter import (
    MARKER,
    MAX_PROBLEMS,
    Source,
    broken_nodes,
    problem,
)
from ci_gate.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

_TOP_LEVEL: Final = regex(rb"^(?=(?:async\s+def|def|class|@|if)\b|@)", re.MULTILINE)


_MAX_COMPILED: Final = 512 * 1024
#: What compilers of all versions say of code that none of them takes.
_IN_NO_PYTHON: Final = regex(
    r"outside (?:async(?:hronous)? )?function|duplicate argument|keyword argument repeated"
    r"|non-default argument follows|parameter without a default follows"
    r"|argument (?:unpacking )?follows keyword|leading zeros in decimal|Missing parentheses in call"
    r"|expected 'except' or 'finally'|nonlocal declaration|no binding for nonlocal"
    r"|global declaration|is parameter and (?:global|nonlocal)|'(?:break|continue)'"
    r"|cannot assign to|unicode error|unknown encoding|encoding problem"
)
_MANY: Final = 300
#: As many lines of comments and nothing else: at each, the grammar looks through all that follow.
_COMMENTS: Final = regex(rb"(?:^[ \t\f]*(?:#[^\n]*)?\n){%d,}" % _MANY, re.MULTILINE)


def _blanked(match: re.Match[bytes]) -> bytes:
    """The lines in white space, but for comments that speak to the gate."""
    return b"\n".join(
        line if MARKER.encode() in line else b" " * len(line) for line in match[0].split(b"\n")
    )


class _Placed(Source):
    """Code inside a string annotation: all of it stands where the string does."""

    def __init__(self, source: bytes, span: s.Span) -> None:
        super().__init__(source)
        self._span = span

    def span(self, node: Concrete) -> s.Span:  # noqa: ARG002
        return self._span


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def lower(path: str, source: bytes) -> s.Module:
    """The facts of a Python file. Never fails: what does not parse is in ``problems``."""
    source = _COMMENTS.sub(_blanked, source) if source.count(b"#") > _MANY else source
    places = Source(source)
    root = _parser().parse(source).root_node
    module = _module(path, places, root, [root])
    if not root.has_error:
        module.problems += _refused(source)
        return module
    pieces = _module(path, places, root, list(_parse_pieces(source)))
    module.problems = module.problems[:MAX_PROBLEMS]
    if _functions(pieces.body) > _functions(module.body):
        pieces.problems = (pieces.problems or module.problems)[:MAX_PROBLEMS]
        return pieces
    return module


def _refused(source: bytes) -> list[s.SyntaxProblem]:
    """What Python does not take of code that the grammar takes: a function without a body, a line
    that is indented otherwise than those around it, ``await`` in a function that is not async. What
    may be a newer Python's is no error here."""
    if len(source) > _MAX_COMPILED:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        message = error.msg.partition(" (<source>")[0]
        if not isinstance(error, IndentationError) and not _IN_NO_PYTHON.search(message):
            return []
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        return [s.SyntaxProblem((line, column, line, column + 1), message)]
    except (ValueError, RecursionError, MemoryError, OverflowError, SystemError):
        return []
    return []


def parse_expression(text: str, span: s.Span) -> s.Expr | None:
    """An expression written in a string, all of it placed at ``span``; None if it is not one."""
    source = text.strip().encode()
    root = _parser().parse(source).root_node
    if root.has_error or len(root.named_children) != 1:
        return None
    statement = root.named_children[0]
    if statement.type != "expression_statement" or len(statement.named_children) != 1:
        return None
    lowering = Expressions(_Placed(source, span))
    return lowering.expr(statement.named_children[0])


def _module(path: str, places: Source, root: Concrete, parts: Sequence[Concrete]) -> s.Module:
    """The module of a tree, or of the trees of its parts."""
    lowering = Statements(places)
    body = [statement for part in parts for statement in lowering.block(part)]
    return s.Module(
        (1, 1, *places.span(root)[2:]),
        path,
        "python",
        body,
        lowering.imports,
        comments=[
            comment
            for part in parts
            if MARKER.encode() in places.bytes[part.start_byte : part.end_byte]
            for comment in lowering.comments(part)
        ],
        problems=[problem(places, node) for part in parts for node in broken_nodes(part)],
        docstring=docstring_of(body),
    )


def _parse_pieces(source: bytes) -> Iterator[Concrete]:
    """Parse each top-level definition by itself, so that a broken one does not hide the rest."""
    starts = sorted({0, *(match.start() for match in _TOP_LEVEL.finditer(source))})
    parser = tree_sitter.Parser(_parser().language)
    begin, line = 0, 0
    for start, stop in pairwise([*starts, len(source)]):
        if stop < len(source) and _ends_with_decorator(source[start:stop]):
            continue
        end = line + source.count(b"\n", begin, stop)
        last = source.rfind(b"\n", begin, stop) + 1 or begin
        parser.included_ranges = [tree_sitter.Range((line, 0), (end, stop - last), begin, stop)]
        yield parser.parse(source).root_node
        begin, line = stop, end


def _ends_with_decorator(text: bytes) -> bool:
    """Does the text, cut where a definition may start, leave a decorator without one?

    A decorator is taken for whole if it is one line, or if its last line is unindented and closes
    its brackets; a broken one must not swallow the definition after it.
    """
    lines = text.rstrip()
    last = lines.rfind(b"\n") + 1
    return text.startswith(b"@") and (last == 0 or lines.startswith(b")", last))


def _functions(body: Iterable[s.Stmt]) -> int:
    return sum(isinstance(n, s.Function) for stmt in body for n in s.walk(stmt))
