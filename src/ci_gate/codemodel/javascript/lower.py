"""Whole JavaScript and TypeScript files to the common syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.early_errors import early_errors
from ci_gate.codemodel.javascript.modules import commonjs_exports, name_requires
from ci_gate.codemodel.javascript.parse import (
    TYPESCRIPT,
    Grammar,
    parse,
    parse_pieces,
    readable,
    without_broken_members,
)
from ci_gate.codemodel.javascript.statements import Statements
from ci_gate.codemodel.treesitter import (
    MARKER,
    MAX_PROBLEMS,
    Source,
    broken_nodes,
    problem,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete


def lower(path: str, source: bytes) -> s.Module:
    """The facts of a JavaScript or TypeScript file. Never fails.

    The grammars mark some valid files as broken. A file is read with each grammar that could fit
    until one reads it whole; a syntax problem is reported only where all of them stumble, and in
    TypeScript, whose grammar lags behind the language, only where a token is missing or a bracket
    is left open.
    """
    text = readable(path, source)
    places = Source(source)
    root, grammar = parse(path, text)
    module = _module(path, places, root, [root])
    if root.has_error:
        module = _recovered(places, text, grammar, module)
        certain = not path.endswith(TYPESCRIPT) or _unbalanced(places, root)
        if certain and not _flow(source):
            module.problems = [problem(places, node) for node in broken_nodes(root)][:MAX_PROBLEMS]
        return module
    module.problems = early_errors(
        module,
        source,
        strict=any(map(_is_of_module, root.children)),
        typed=grammar != "javascript",
    )
    if module.problems:
        module.contents = None  # which the problems are part of
    return module


def _is_of_module(node: Concrete) -> bool:
    """Does only an ECMAScript module have such a statement?"""
    return node.type in ("import_statement", "export_statement")


def _module(path: str, places: Source, root: Concrete, parts: Sequence[Concrete]) -> s.Module:
    lowering = Statements(places)
    module = s.Module(
        (1, 1, *places.span(root)[2:]),
        path,
        "typescript" if path.endswith(TYPESCRIPT) else "javascript",
        [statement for part in parts for statement in lowering.block(part)],
        lowering.imports,
        lowering.exports,
        comments=[
            comment
            for part in parts
            if MARKER.encode() in places.bytes[part.start_byte : part.end_byte]
            for comment in lowering.comments(part)
        ],
    )
    name_requires(module)
    module.exports += commonjs_exports(module)
    return module


def _recovered(places: Source, text: bytes, grammar: Grammar, whole: s.Module) -> s.Module:
    """The reading of a broken file that shows most: as a whole, each top-level statement by
    itself, or that without the members of classes that do not parse."""

    def by_pieces(text: bytes) -> s.Module:
        parts = [part for _, part in parse_pieces(text, grammar)]
        module = _module(whole.path, places, parts[-1], parts)
        module.span = whole.span
        return module

    best = max(whole, by_pieces(text), key=_definitions)
    cleaned, cut = without_broken_members(text, grammar)
    if cut:
        without = by_pieces(cleaned)
        if _definitions(without) >= _definitions(best):
            best = without
            for start, stop in cut:
                first = text.count(b"\n", 0, start) + 1
                _mark_broken(best, first, first + text[start:stop].rstrip().count(b"\n"))
    return best


def _mark_broken(module: s.Module, first: int, last: int) -> None:
    """A class with a member that was cut out is not known in full."""
    around = [
        node.cls
        for statement in module.body
        for node in s.walk(statement)
        if isinstance(node, s.ClassDef) and node.span[0] < first and last <= node.span[2]
    ]
    if around:
        around[-1].body.append(s.Broken((first, 1, last, 1)))


def _definitions(module: s.Module) -> int:
    return sum(
        isinstance(node, s.FunctionDef | s.ClassDef)
        for statement in module.body
        for node in s.walk(statement)
    )


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
    return re.match(rb"(?:\xef\xbb\xbf)?\s*(?:/\*[\s*]*@flow|//\s*@flow)", source) is not None
