"""Whole Python files to the common syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final

import tree_sitter
import tree_sitter_python

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.python.expressions import Expressions
from ci_gate.codemodel.python.statements import Statements, docstring_of
from ci_gate.codemodel.treesitter import (
    MAX_PROBLEMS,
    Source,
    broken_nodes,
    problem,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

_TOP_LEVEL: Final = re.compile(rb"^(?=(?:async\s+def|def|class|@|if)\b|@)", re.MULTILINE)


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def lower(path: str, source: bytes) -> s.Module:
    """The facts of a Python file. Never fails: what does not parse is in ``problems``."""
    root = _parser().parse(source).root_node
    module = _module(path, source, root)
    if not root.has_error:
        return module
    pieces = _by_pieces(path, source)
    module.problems = module.problems[:MAX_PROBLEMS]
    if _functions(pieces.body) > _functions(module.body):
        pieces.problems = (pieces.problems or module.problems)[:MAX_PROBLEMS]
        return pieces
    return module


def parse_expression(text: str, span: s.Span) -> s.Expr | None:
    """An expression written in a string, all of it placed at ``span``; None if it is not one."""
    source = text.strip().encode()
    root = _parser().parse(source).root_node
    if root.has_error or len(root.named_children) != 1:
        return None
    statement = root.named_children[0]
    if statement.type != "expression_statement" or len(statement.named_children) != 1:
        return None
    lowering = Expressions(Source(source))
    lowering.fixed_span = span
    return lowering.expr(statement.named_children[0])


def _module(path: str, source: bytes, root: Concrete) -> s.Module:
    lowering = Statements(Source(source))
    body = lowering.block(root)
    comments = lowering.comments(root)
    problems = [problem(lowering.source, node) for node in broken_nodes(root)]
    span = lowering.source.span(root)
    return s.Module(
        (1, 1, span[2], span[3]),
        path,
        "python",
        body,
        lowering.imports,
        comments=comments,
        problems=problems,
        docstring=docstring_of(body),
    )


def _by_pieces(path: str, source: bytes) -> s.Module:
    """Parse each top-level definition by itself, so that a broken one does not hide the rest."""
    starts = [0]
    for match in _TOP_LEVEL.finditer(source):
        line_before = source[: match.start()].rstrip(b"\n").rsplit(b"\n", 1)[-1]
        if match.start() > 0 and not line_before.startswith(b"@"):
            starts.append(match.start())
    whole = Source(source)
    result = s.Module((1, 1, source.count(b"\n") + 1, 1), path, "python", [], [])
    for start, stop in zip(starts, [*starts[1:], len(source)], strict=True):
        padding = b"\n" * source.count(b"\n", 0, start)
        piece = _parser().parse(padding + source[start:stop]).root_node
        part = _module(path, padding + source[start:stop], piece)
        result.body += part.body
        result.imports += part.imports
        result.comments += part.comments
        result.problems += part.problems
    result.span = (1, 1, *whole.span(_parser().parse(source).root_node)[2:])
    result.docstring = docstring_of(result.body)
    return result


def _functions(body: Iterable[s.Stmt]) -> int:
    return sum(isinstance(n, s.Function) for stmt in body for n in s.walk(stmt))
