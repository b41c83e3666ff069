"""Reading Prisma schema files: models, enums and the data source.

The grammar is that of Prisma's own schema language (PSL), as far as the client depends on it. What
cannot be read makes its model unknown and leaves the others as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from ci_gate.codemodel.prisma.facts import (
    SCALARS,
    Arguments,
    Kind,
    PrismaField,
    PrismaModel,
    PrismaSchema,
    Written,
    argument,
)
from ci_gate.codemodel.prisma.lex import Token, tokens

_END: Final = Token("line", "", 0)
_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")
_MAX_DEPTH: Final = 12
_MAX_SIZE: Final = 2_000_000


def parse(texts: Mapping[str, str], folder: str = "") -> PrismaSchema:
    """The schema that the files make together."""
    schema = PrismaSchema(folder, tuple(sorted(texts)))
    enums: dict[str, tuple[str, ...]] = {}
    for path in schema.paths:
        if len(texts[path]) > _MAX_SIZE:
            schema.complete = False
            continue
        _File(path, schema, enums).read(list(tokens(texts[path])))
    schema.enums = enums
    _relate(schema)
    return schema


class _File:
    def __init__(self, path: str, schema: PrismaSchema, enums: dict[str, tuple[str, ...]]) -> None:
        self._path = path
        self._schema = schema
        self._enums = enums

    def read(self, all_tokens: Sequence[Token]) -> None:
        position = 0
        while position < len(all_tokens):
            token = all_tokens[position]
            if token.kind == "line":
                position += 1
                continue
            header, body, position = _block(all_tokens, position)
            if body is None:
                self._schema.complete = False
                continue
            words = [item.text for item in header if item.kind == "word"]
            if len(words) != 2 or len(header) != 2:
                self._schema.complete = False
                continue
            self._of_block(words[0], words[1], header[0].line, body)

    def _of_block(self, keyword: str, name: str, line: int, body: Sequence[Token]) -> None:
        if keyword in ("model", "view", "type"):
            if name in self._schema.models:
                self._schema.models[name].known = False
            else:
                found = _model(cast("Kind", keyword), name, self._path, line, body)
                self._schema.models[name] = found
        elif keyword == "enum":
            self._enums[name] = tuple(
                row[0].text for row in _rows(body) if row[0].kind == "word"
            )  # fmt: skip
        elif keyword in ("datasource", "generator"):
            for row in _rows(body):
                if len(row) == 3 and row[1].text == "=" and row[2].kind == "text":
                    if keyword == "datasource" and row[0].text == "provider":
                        self._schema.provider = row[2].text
                    elif keyword == "generator" and row[0].text == "output":
                        self._schema.outputs = (*self._schema.outputs, row[2].text)
        else:
            self._schema.complete = False


def _block(all_tokens: Sequence[Token], start: int) -> tuple[list[Token], list[Token] | None, int]:
    """The tokens before a brace, those inside, and where the next block may start."""
    header: list[Token] = []
    position = start
    while position < len(all_tokens) and all_tokens[position].text != "{":
        if all_tokens[position].kind == "line" and header:
            return header, None, position + 1
        header.append(all_tokens[position])
        position += 1
    position += 1
    body: list[Token] = []
    depth = 0
    while position < len(all_tokens):
        token = all_tokens[position]
        position += 1
        if token.kind == "mark" and token.text == "{":
            depth += 1
        elif token.kind == "mark" and token.text == "}":
            if depth == 0:
                return header, body, position
            depth -= 1
        body.append(token)
    return header, None, position


def _rows(body: Sequence[Token]) -> list[list[Token]]:
    """The lines of a block; one that is inside parentheses goes on."""
    rows: list[list[Token]] = []
    row: list[Token] = []
    depth = 0
    for token in body:
        if token.kind == "line":
            if depth <= 0:
                if row:
                    rows.append(row)
                row, depth = [], 0
            continue
        if token.kind == "mark":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
        row.append(token)
    if row:
        rows.append(row)
    return rows


def _model(kind: Kind, name: str, path: str, line: int, body: Sequence[Token]) -> PrismaModel:
    model = PrismaModel(name, path, line, kind, name)
    for row in _rows(body):
        try:
            if row[0].text == "@@":
                for attribute, given in _Attributes(row, "@@").read():
                    _of_model(model, attribute, given)
            else:
                found = _field(row, path)
                model.known = model.known and found.name not in model.fields
                model.fields[found.name] = found
        except ValueError:
            model.known = False
    return model


def _of_model(model: PrismaModel, attribute: str, given: Arguments) -> None:
    if attribute == "@@map":
        named = argument(given, "name", first=True)
        if named is None or named.kind != "text":
            raise ValueError(attribute)
        model.table = named.text
    elif attribute == "@@ignore":
        model.ignored = True
    elif attribute in ("@@id", "@@unique"):
        written = argument(given, "fields", first=True)
        if written is None or written.kind != "list":
            raise ValueError(attribute)
        fields = written.words()
        own = argument(given, "name")
        if attribute == "@@id":
            model.primary = fields
        if len(fields) == 1 and own is None:
            held = model.fields.get(fields[0])
            if held is None:
                raise ValueError(attribute)
            model.fields[held.name] = replace(held, unique=True)
        else:
            model.uniques[own.text if own is not None else "_".join(fields)] = fields


def _field(row: Sequence[Token], path: str) -> PrismaField:
    if len(row) < 2 or row[0].kind != "word" or row[1].kind != "word":
        raise ValueError("not a field")
    name, kind, rest = row[0], row[1].text, list(row[2:])
    many = optional = False
    known = True
    if kind == "Unsupported":
        known = False
        while rest and rest[0].text != ")":
            rest.pop(0)
        if rest:
            rest.pop(0)
    if [item.text for item in rest[:2]] == ["[", "]"]:
        many, rest = True, rest[2:]
    if rest and rest[0].text in ("?", "!"):
        optional, rest = rest[0].text == "?", rest[1:]
    given = dict(_Attributes(rest, "@").read())
    mapped = argument(given.get("@map", ()), "name", first=True)
    relation = given.get("@relation", ())
    keys, references = argument(relation, "fields"), argument(relation, "references")
    named = argument(relation, "name", first=True)
    return PrismaField(
        name.text, kind, path, name.line, many, optional,
        mapped.text if mapped is not None else name.text,
        "@unique" in given, "@id" in given, "@default" in given or "@updatedAt" in given,
        "@updatedAt" in given, None,
        keys.words() if keys is not None else (),
        references.words() if references is not None else (),
        named.text if named is not None and named.kind == "text" else None,
        known and "@ignore" not in given,
    )  # fmt: skip


class _Attributes:
    """The attributes at the end of a line. Raises ValueError where they cannot be read."""

    def __init__(self, row: Sequence[Token], sign: str) -> None:
        self._row = row
        self._sign = sign
        self._at = 0

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _peek(self) -> Token:
        return self._row[self._at] if self._at < len(self._row) else _END

    def read(self) -> list[tuple[str, Arguments]]:
        found: list[tuple[str, Arguments]] = []
        while self._at < len(self._row):
            sign, word = self._next(), self._next()
            if sign.text != self._sign or word.kind != "word" or word.text[0].isdigit():
                raise ValueError(sign.text)
            given: Arguments = ()
            if self._peek().text == "(":
                self._next()
                given = self._arguments(")", 0)
            found.append((sign.text + word.text, given))
        return found

    def _arguments(self, closing: str, depth: int) -> Arguments:
        if depth > _MAX_DEPTH:
            raise ValueError("too deep")
        found: list[tuple[str, Written]] = []
        while True:
            token = self._next()
            if token is _END:
                raise ValueError("not closed")
            if token.kind == "mark" and token.text == closing:
                return tuple(found)
            if token.kind == "mark" and token.text == ",":
                continue
            key = ""
            if token.kind == "word" and self._peek().text == ":":
                key = token.text
                self._next()
                token = self._next()
            found.append((key, self._value(token, depth)))

    def _value(self, token: Token, depth: int) -> Written:
        if token.kind == "text":
            return Written("text", token.text)
        if token.kind == "word":
            if self._peek().text == "(":
                self._next()
                return Written("call", token.text, self._arguments(")", depth + 1))
            return Written("word", token.text)
        if token.kind == "mark" and token.text in ("[", "{"):
            closing = "]" if token.text == "[" else "}"
            return Written("list", "", self._arguments(closing, depth + 1))
        raise ValueError(token.text)


def _relate(schema: PrismaSchema) -> None:
    """Tells relations from columns, now that all names are there."""
    for model in schema.models.values():
        for name, item in model.fields.items():
            target = schema.models.get(item.type)
            if target is not None and target.kind != "type":
                known = item.known and not target.ignored
                model.fields[name] = replace(item, target=item.type, known=known)
            elif target is None and item.type not in SCALARS and item.type not in schema.enums:
                model.fields[name] = replace(item, known=False)
