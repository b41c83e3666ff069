"""Source to concrete trees: which grammar fits, and how a broken file is cut to save the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple
from typing import Literal as OneOf

import tree_sitter
import tree_sitter_javascript
import tree_sitter_typescript

from ci_gate.codemodel.treesitter import broken_nodes
from ci_gate.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

Grammar = OneOf["javascript", "typescript", "tsx"]
TYPESCRIPT: Final = (".ts", ".mts", ".cts", ".tsx")
_TOP_LEVEL: Final = regex(
    rb"^(?=(?:export|import|async|function|class|abstract|interface|type|enum|const|let|var|"
    rb"module|exports)\b|@)",
    re.MULTILINE,
)
_CLASS: Final = regex(
    rb"(?:@[^\n]*\n|(?:export|default|declare|abstract)\s+)*+class\b[^\n]*\n(?:\s*\n)*+([ \t]+)"
)
_DECORATOR: Final = regex(rb"\A\s*@(?:[\w.$]+\s*\Z|.*\)\s*\Z)", re.DOTALL)
_TYPE_ARGUMENTS_MAX: Final = 2_000  # bytes
_NOT_TYPES: Final = (b"&&", b"||", b"//", b"*/", b"${")
_EXPORT_ATTRIBUTES: Final = regex(
    rb"""^([ \t]*export\s*(?:\*(?:\s*as\s+[\w$]+)?|\{[^{}]*\})\s*from\s*"""
    rb"""(?:"[^"\n]*"|'[^'\n]*')\s*)"""
    rb"""((?:with|assert)\s*\{[^{}]*\})""",
    re.MULTILINE,
)
_IMPORTED_ARRAY: Final = regex(
    rb"""\bimport\(\s*(?:"[^"\n]*"|'[^'\n]*')\s*\)\.(?=[\w$]+(?:\.[\w$]+)*(?:\[\])+)"""
)
_ADDRESS: Final = regex(rb"""\s[\w:-]+=(?:"https?://[^"\n]*"|'https?://[^'\n]*')""")
_PAIRS: Final = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))


_ROUNDS: Final = 4  # a later one sees what the parser skipped
_JSX: Final = ("jsx_element", "jsx_fragment", "jsx_attribute string")


class Piece(NamedTuple):
    """A part of a file by its bytes."""

    start: int
    stop: int


@cache
def _parser(grammar: Grammar) -> tree_sitter.Parser:
    language = {
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }[grammar]
    return tree_sitter.Parser(tree_sitter.Language(language()))


def parse(path: str, source: bytes) -> tuple[Concrete, Grammar]:
    """The tree of the first grammar that reads the file whole, else that of the likeliest one."""
    root, grammar = _parse(path, source)
    if root.has_error:
        simpler = _simpler(path, source)
        if simpler != source:
            source = simpler
            root, grammar = _parse(path, source)
    for _ in range(_ROUNDS):
        if not root.has_error or b"&" not in source:
            break
        text = _without_ampersands(source, root)
        if text == source:
            break
        source = text
        root, grammar = _parse(path, source)
    return root, grammar


def _simpler(path: str, source: bytes) -> bytes:
    """The source without what is valid and the grammars do not take: import attributes of an
    export, the module in an array of an imported type (``import("./a").A[]``) and the ``&`` of
    addresses in attributes of JSX."""
    text = _EXPORT_ATTRIBUTES.sub(lambda found: found[1] + _blank(found[2]), source)
    if path.endswith(TYPESCRIPT):
        text = _IMPORTED_ARRAY.sub(lambda found: _blank(found[0]), text)
    if path.endswith(("x", ".js")):
        text = _ADDRESS.sub(lambda found: found[0].replace(b"&", b" "), text)
    return text


def _parse(path: str, source: bytes) -> tuple[Concrete, Grammar]:
    order: tuple[Grammar, ...]
    if path.endswith(".tsx"):
        order = ("tsx", "typescript")
    elif path.endswith(TYPESCRIPT):
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


def _without_ampersands(source: bytes, root: Concrete) -> bytes:
    """The source without each ``&`` in the text of an element that begins no character reference:
    JSX reads it as itself, the grammars stumble over it."""
    text = bytearray(source)
    for node in broken_nodes(root):
        parent = node.parent
        while parent is not None and parent.type == "ERROR":
            parent = parent.parent
        if parent is None or _kind(parent) not in _JSX:
            continue
        if source[node.start_byte : node.start_byte + 1] == b"&":
            text[node.start_byte] = ord(" ")
    return bytes(text)


def _kind(node: Concrete) -> str:
    """The node's type; that of the attribute for what is quoted in one."""
    if node.type == "string" and node.parent is not None:
        return f"{node.parent.type} string"
    return node.type


def readable(path: str, source: bytes) -> bytes:
    """The source as the grammars understand it, byte for byte at the same places.

    The type arguments of a tagged template (``sql<Row>`...```), which the TypeScript grammar
    takes for comparisons or errors, become white space.
    """
    if not path.endswith(TYPESCRIPT) or b">`" not in source:
        return source
    result: bytearray | None = None
    stop = source.find(b">`")
    while stop != -1:
        start = _opening(source, stop)
        if start is not None:
            result = result or bytearray(source)
            result[start : stop + 1] = _blank(source[start : stop + 1])
        stop = source.find(b">`", stop + 1)
    return source if result is None else bytes(result)


def _opening(source: bytes, stop: int) -> int | None:
    """Where the type arguments that end at ``stop`` begin."""
    depth = 0
    for place in range(stop, max(stop - _TYPE_ARGUMENTS_MAX, 0), -1):
        match source[place : place + 1]:
            case b">" if source[place - 1 : place] != b"=":
                depth += 1
            case b"<":
                depth -= 1
            case b"`":
                return None
        if depth == 0:
            before = source[place - 1 : place]
            callee = before.isalnum() or before in (b"_", b"$", b")", b"]")
            return place if callee and _looks_like_types(source[place + 1 : stop]) else None
    return None


def _looks_like_types(text: bytes) -> bool:
    return not any(mark in text for mark in _NOT_TYPES) and all(
        text.count(a) == text.count(b) for a, b in _PAIRS
    )


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", text)


def parse_pieces(source: bytes, grammar: Grammar) -> Iterator[tuple[Piece, Concrete]]:
    """The trees of the top-level statements, each parsed by itself."""
    starts = sorted({0, *(match.start() for match in _TOP_LEVEL.finditer(source))})
    parser = tree_sitter.Parser(_parser(grammar).language)
    line = 0
    for piece in _pieces(source, starts, len(source)):
        end = line + source.count(b"\n", *piece)
        last = source.rfind(b"\n", piece.start, piece.stop) + 1 or piece.start
        parser.included_ranges = [
            tree_sitter.Range((line, 0), (end, piece.stop - last), piece.start, piece.stop)
        ]
        yield piece, parser.parse(source).root_node
        line = end


def _pieces(source: bytes, starts: list[int], last: int) -> Iterator[Piece]:
    """From each start to the next; a decorator stays with what it decorates."""
    begin: int | None = None
    for start, stop in pairwise([*starts, last]):
        begin = start if begin is None else begin
        if stop == last or not _DECORATOR.search(source[start:stop]):
            yield Piece(begin, stop)
            begin = None


def without_broken_members(source: bytes, grammar: Grammar) -> tuple[bytes, list[Piece]]:
    """The source with the members of classes that do not parse made white space, and where."""
    cut: list[Piece] = []
    for piece, root in parse_pieces(source, grammar):
        if root.has_error and (found := _CLASS.match(source, *piece)) is not None:
            cut += [
                member
                for member in _members(source, found.start(1), piece.stop, found[1])
                if _fails(source, member, grammar)
            ]
    if not cut:
        return source, cut
    result = bytearray(source)
    for start, stop in cut:
        result[start:stop] = _blank(source[start:stop])
    return bytes(result), cut


def _members(source: bytes, start: int, stop: int, indent: bytes) -> Iterator[Piece]:
    """A class's body cut at the lines that stand at its first member's indentation."""
    line = re.compile(rb"^" + indent + rb"(?=[\w$#@*'\"\[])", re.MULTILINE)
    end = re.compile(rb"^\}", re.MULTILINE).search(source, start, stop)
    last = end.start() if end is not None else stop
    starts = [match.start() for match in line.finditer(source, start, last)]
    return _pieces(source, starts, last)


def _fails(source: bytes, member: Piece, grammar: Grammar) -> bool:
    text = source[member.start : member.stop]
    return _parser(grammar).parse(b"class _ {\n" + text + b"\n}").root_node.has_error
