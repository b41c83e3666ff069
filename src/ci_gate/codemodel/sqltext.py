"""SQL text as a program puts it together: known pieces, holes, and where each piece is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.values import Value
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Longer text is not followed.
MAX_TEXT: Final = 60_000


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """A string in the source: ``text`` is written from ``line`` and ``column`` of ``path`` on."""

    path: str
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Str:
    """A known piece; ``start`` is its offset in its origin's text.

    ``repeated`` names the collection for each of whose elements the piece stands once.
    """

    text: str
    origin: Origin | None = None
    start: int = 0
    repeated: str | None = None

    def part(self, start: int, stop: int | None = None) -> Str:
        return replace(self, text=self.text[start:stop], start=self.start + start)


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """A piece that only the running program knows; ``values`` is what the model says of it.

    ``bound``: the library binds it as a value, or says itself what it becomes.
    """

    expr: s.Expr | None
    path: str = ""
    values: frozenset[Value] = frozenset()
    repeated: str | None = None
    bound: bool = False


Piece: TypeAlias = Str | Hole


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a source file."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Pieces in their order; the same text may reach several calls."""

    pieces: tuple[Piece, ...] = ()

    def __len__(self) -> int:
        return sum(len(piece.text) for piece in self.pieces if isinstance(piece, Str))

    def __add__(self, other: Text) -> Text:
        return Text(self.pieces + other.pieces)

    def holes(self) -> list[Hole]:
        return [piece for piece in self.pieces if isinstance(piece, Hole)]

    def constant(self) -> str | None:
        """The whole text where nothing of it is open."""
        parts = [piece.text for piece in self.pieces if isinstance(piece, Str)]
        return "".join(parts) if len(parts) == len(self.pieces) else None

    def render(self, hole: Callable[[int], str]) -> Rendered:
        """The text with ``hole(n)`` in place of the n-th hole."""
        parts: list[str] = []
        spans: list[tuple[int, Piece]] = []
        offset = number = 0
        for piece in self.pieces:
            if isinstance(piece, Str):
                part = piece.text
            else:
                part = hole(number)
                number += 1
            spans.append((offset, piece))
            parts.append(part)
            offset += len(part)
        return Rendered("".join(parts), tuple(spans))

    def repeat(self, tag: str | None) -> Text:
        """The same text, standing once for each element of what ``tag`` names."""
        if tag is None:
            return self
        return Text(tuple(
            piece if piece.repeated is not None else replace(piece, repeated=tag)
            for piece in self.pieces
        ))  # fmt: skip

    def mapped(self, change: Callable[[str], str]) -> Text:
        """Each known piece changed by itself (case, white space)."""
        return Text(tuple(
            replace(piece, text=change(piece.text)) if isinstance(piece, Str) else piece
            for piece in self.pieces
        ))  # fmt: skip

    def stripped(self, *, left: bool, right: bool, characters: str | None = None) -> Text:
        pieces = list(self.pieces)
        while left and pieces and isinstance(first := pieces[0], Str):
            rest = first.text.lstrip(characters)
            if rest:
                pieces[0] = first.part(len(first.text) - len(rest))
                break
            del pieces[0]
        while right and pieces and isinstance(last := pieces[-1], Str):
            rest = last.text.rstrip(characters)
            if rest:
                pieces[-1] = last.part(0, len(rest))
                break
            del pieces[-1]
        return Text(tuple(pieces))


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """Text as one string, with the piece that each part of it came from."""

    text: str
    spans: tuple[tuple[int, Piece], ...]

    def piece_at(self, offset: int) -> tuple[int, Piece] | None:
        """The piece around ``offset``, with the offset at which it begins."""
        found: tuple[int, Piece] | None = None
        for start, piece in self.spans:
            if start > offset:
                break
            found = (start, piece)
        return found

    def place(self, offset: int, source: Callable[[str], str]) -> Place | None:
        """Where in the source the character at ``offset`` is written; ``source`` reads a file."""
        found = self.piece_at(offset)
        if found is None:
            return None
        start, piece = found
        if isinstance(piece, Hole):
            if piece.expr is None:
                return None
            return Place(piece.path, piece.expr.span[0], piece.expr.span[1])
        if piece.origin is None:
            return None
        return _locate(piece.origin, piece.start + offset - start, source(piece.origin.path))


def joined(separator: Text, items: Iterable[Text]) -> Text:
    pieces: list[Piece] = []
    for number, item in enumerate(items):
        if number:
            tag = item.pieces[0].repeated if item.pieces else None
            pieces.extend(separator.repeat(tag).pieces)
        pieces.extend(item.pieces)
    return Text(tuple(pieces))


# --- where a character of a literal is written ---------------------------------------------------

_ESCAPES: Final = {"\n": "n", "\t": "t", "\r": "r", "\\": "\\", "'": "'", '"': '"'}


def _locate(origin: Origin, offset: int, source: str) -> Place:
    """The source position of a character of a string literal.

    The literal's text and the source are walked side by side; what stands in the source only
    (quotes, prefixes, indentation between joined literals) is passed over.
    """
    lines = source.splitlines(keepends=True)
    line, column = origin.line - 1, origin.column - 1
    wanted = origin.text[: offset + 1]
    if not wanted or line >= len(lines):
        return Place(origin.path, origin.line, origin.column)
    at = Place(origin.path, origin.line, origin.column)
    for character in wanted:
        found = _next(lines, line, column, character)
        if found is None:
            return at
        at = Place(origin.path, found[0] + 1, found[1] + 1)
        line, column = found[2], found[3]
    return at


_MAX_SKIP: Final = 400


def _next(
    lines: list[str], line: int, column: int, character: str
) -> tuple[int, int, int, int] | None:
    """The place of ``character`` at or after a position, and the position behind it."""
    skipped = 0
    while line < len(lines) and skipped < _MAX_SKIP:
        text = lines[line]
        if column >= len(text):
            line, column = line + 1, 0
            continue
        if text[column] == "\\" and column + 1 < len(text):
            if _ESCAPES.get(character) == text[column + 1]:
                return line, column, line, column + 2
            if text[column + 1] == "\n":
                line, column = line + 1, 0
                continue
        if text[column] == character:
            return line, column, line, column + 1
        column += 1
        skipped += 1
    return None


# --- formatting ----------------------------------------------------------------------------------

_PERCENT: Final = regex(r"%(?:\((?P<name>[^)]*)\))?[-+ #0]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z%])")
_BRACE: Final = regex(r"\{\{|\}\}|\{(?P<name>[^{}!:]*)(?:![rsa])?(?::[^{}]*)?\}")


def percent_fields(text: Text) -> Iterator[Piece | tuple[str | None, str]]:
    """The pieces of a ``%`` template; a field is ``(name, conversion)``."""
    yield from _fields(
        text, _PERCENT, lambda m: Str("%") if m["kind"] == "%" else (m["name"], m["kind"])
    )


def brace_fields(text: Text) -> Iterator[Piece | tuple[str | None, str]]:
    """The pieces of a ``str.format`` template; a field is ``(name, "")``."""
    yield from _fields(
        text, _BRACE, lambda m: (m["name"], "") if m["name"] is not None else Str(m[0][0])
    )


def _fields(
    text: Text,
    pattern: re.Pattern[str],
    field: Callable[[re.Match[str]], Str | tuple[str | None, str]],
) -> Iterator[Piece | tuple[str | None, str]]:
    for piece in text.pieces:
        if isinstance(piece, Hole):
            yield piece
            continue
        position = 0
        for match in pattern.finditer(piece.text):
            if match.start() > position:
                yield piece.part(position, match.start())
            position = match.end()
            yield field(match)
        if position < len(piece.text):
            yield piece.part(position)
