"""Whole JavaScript and TypeScript files to the common syntax."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final
from typing import Literal as OneOf

import tree_sitter
import tree_sitter_javascript
import tree_sitter_typescript

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.modules import commonjs_exports, name_requires
from ci_gate.codemodel.javascript.statements import Statements
from ci_gate.codemodel.treesitter import (
    MAX_PROBLEMS,
    Source,
    broken_nodes,
    problem,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

_Grammar = OneOf["javascript", "typescript", "tsx"]
_TYPESCRIPT: Final = (".ts", ".mts", ".cts", ".tsx")
_TOP_LEVEL: Final = re.compile(
    rb"^(?=(?:export|import|async|function|class|abstract|interface|type|enum|const|let|var|"
    rb"module|exports)\b|@)",
    re.MULTILINE,
)


@cache
def _parser(grammar: _Grammar) -> tree_sitter.Parser:
    language = {
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }[grammar]
    return tree_sitter.Parser(tree_sitter.Language(language()))


def lower(path: str, source: bytes) -> s.Module:
    """The facts of a JavaScript or TypeScript file. Never fails.

    The grammars mark some valid files as broken. A file is read with each grammar that could fit
    until one reads it whole; a syntax problem is reported only where all of them stumble, and in
    TypeScript, whose grammar lags behind the language, only where a token is missing or a bracket
    is left open.
    """
    root, grammar = _parse(path, source)
    module = _module(path, source, root)
    if root.has_error:
        certain = not path.endswith(_TYPESCRIPT) or _unbalanced(Source(source), root)
        pieces = _by_pieces(path, source, grammar)
        if _definitions(pieces) > _definitions(module):
            module = pieces
        if certain and not _flow(source):
            whole = Source(source)
            module.problems = [problem(whole, node) for node in broken_nodes(root)][:MAX_PROBLEMS]
    return module


def _module(path: str, source: bytes, root: Concrete) -> s.Module:
    lowering = Statements(Source(source))
    body = lowering.block(root)
    module = s.Module(
        (1, 1, *lowering.source.span(root)[2:]),
        path,
        "typescript" if path.endswith(_TYPESCRIPT) else "javascript",
        body,
        lowering.imports,
        lowering.exports,
        comments=lowering.comments(root),
    )
    name_requires(module)
    module.exports += commonjs_exports(module)
    return module


def _by_pieces(path: str, source: bytes, grammar: _Grammar) -> s.Module:
    """Parse each top-level statement by itself, so that a broken one does not hide the rest."""
    starts = sorted({0, *(match.start() for match in _TOP_LEVEL.finditer(source))})
    whole = _module(path, b"", _parser(grammar).parse(b"").root_node)
    for start, stop in zip(starts, [*starts[1:], len(source)], strict=True):
        padded = b"\n" * source.count(b"\n", 0, start) + source[start:stop]
        part = _module(path, padded, _parser(grammar).parse(padded).root_node)
        whole.body += part.body
        whole.imports += part.imports
        whole.exports += part.exports
        whole.comments += part.comments
        whole.span = (1, 1, *part.span[2:])
    return whole


def _definitions(module: s.Module) -> int:
    return sum(
        isinstance(node, s.FunctionDef | s.ClassDef)
        for statement in module.body
        for node in s.walk(statement)
    )


def _parse(path: str, source: bytes) -> tuple[Concrete, _Grammar]:
    order: tuple[_Grammar, ...]
    if path.endswith(".tsx"):
        order = ("tsx", "typescript")
    elif path.endswith(_TYPESCRIPT):
        order = ("typescript", "tsx")
    else:
        order = ("javascript", "tsx", "typescript")
    first: Concrete | None = None
    for grammar in order:
        root = _parser(grammar).parse(source).root_node
        if not root.has_error:
            return root, grammar
        first = first or root
    assert first is not None
    return first, order[0]


def _unbalanced(source: Source, root: Concrete) -> bool:
    """Is a bracket missing or too many? Then no grammar's age explains the error."""
    for node in broken_nodes(root):
        if node.is_missing and node.type in ("}", ")", "]"):
            return True
        text = source.text(node)
        if any(text.count(a) != text.count(b) for a, b in ("()", "[]", "{}")):
            return True
    return False


def _flow(source: bytes) -> bool:
    return re.match(rb"\s*(?:/\*[\s*]*@flow|//\s*@flow)", source) is not None
