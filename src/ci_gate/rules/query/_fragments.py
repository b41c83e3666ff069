"""JavaScript: conditions with a query of their own, written apart from their statement.

``filter.add("EXISTS (SELECT 1 FROM tags t WHERE t.post_id = p.id)")``: the text comes into the
statement on a way that is not followed, and what is said of the tables inside can be read alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.schema import Schema, Table
from ci_gate.codemodel.sql import parse_script
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.sqlscope import ColumnUse, analyse
from ci_gate.data import dataclass
from ci_gate.regex import regex

_SUBQUERY: Final = regex(
    r"\s*(?:(?:NOT\s+)?EXISTS|(?:\w+\.)?\w+\s+(?:NOT\s+)?IN)\s*\(\s*SELECT\s.*\bFROM\s",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER: Final = regex(r"\?|\$\d+|(?<!:):\w+")
_MAX_LENGTH: Final = 2_000
_HOLE: Final = "hole__x"


@dataclass(frozen=True, slots=True)
class Lost:
    """A column of ``table`` that it has not, named in a condition at ``line``."""

    path: str
    line: int
    qualifier: str
    name: str
    table: Table


def conditions(model: CodeModel) -> Iterator[tuple[str, s.Literal | s.Template]]:
    """The conditions of the program that are texts of their own."""
    for path, module in sorted(model.modules.items()):
        if module.language == "python" or is_outside(path):
            continue
        parts: set[s.Node] = set()
        for template in model.nodes_of(module, s.Template):
            parts.update(template.parts)
            if template.tag is None and _SUBQUERY.match(_text(template)):
                yield path, template
        for literal in model.nodes_of(module, s.Literal):
            if literal not in parts and _SUBQUERY.match(_text(literal)):
                yield path, literal


def quoted_values(template: s.Template) -> Iterator[s.Expr]:
    """What is put between quotes of the text."""
    before = ""
    for part in template.parts:
        if isinstance(part, s.Literal):
            before += str(part.value)
        elif before.count("'") % 2:
            yield part


def lost_columns(model: CodeModel, schema: Schema, dialect: Dialect | None) -> Iterator[Lost]:
    if not schema.tables:
        return
    for path, node in conditions(model):
        text = _text(node)
        if len(text) > _MAX_LENGTH:
            continue
        parsed = parse_script(f"SELECT 1 WHERE {_PLACEHOLDER.sub('NULL', text)}", dialect)
        found = [analyse(item) for item in parsed.statements] if parsed.error is None else []
        for analysis in found if len(found) == 1 else ():
            for use in analysis.uses if analysis is not None else ():
                table = _lacking(schema, use)
                if table is not None:
                    written = rf"\b{re.escape(use.qualifier)}\.{re.escape(use.name)}\b"
                    place = re.search(written, text)
                    down = text[: place.start()].count("\n") if place else 0
                    yield Lost(path, node.line + down, use.qualifier, use.name, table)


def _lacking(schema: Schema, use: ColumnUse) -> Table | None:
    """The table that a column is surely looked for in, where it has none of that name."""
    if not use.qualifier or use.name in ("", "*") or _HOLE in use.name:
        return None
    source = use.scope.find(use.qualifier)
    if source is None or source.kind != "table" or source.table is None:
        return None
    table = schema.table(source.table)
    if table is None or not table.complete or table.column(use.name) is not None:
        return None
    return table


def _text(node: s.Literal | s.Template) -> str:
    if isinstance(node, s.Literal):
        return node.value if isinstance(node.value, str) else ""
    written = ""
    for part in node.parts:
        if isinstance(part, s.Literal):
            written += str(part.value)
        else:
            written += "1" if written.endswith("$") else _HOLE
    return written
