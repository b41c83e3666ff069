"""Which columns a table that DDL text makes has unique together, where all of it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.schema import Table
from ci_gate.codemodel.sql import HOLE, parse_script
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.rules.base import Facts

Keys: TypeAlias = tuple[frozenset[str], ...]

_SUFFIXES: Final = (".sql", ".py", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
_MAX_FILE: Final = 400_000


class UniqueKeys:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._texts: list[str] | None = None
        self._known: dict[str, Keys | None] = {}

    def of(self, table: Table) -> Keys | None:
        """The sets of columns that are unique; None where there may be others."""
        if table.name not in self._known:
            self._known[table.name] = self._read(table)
        return self._known[table.name]

    def _read(self, table: Table) -> Keys | None:
        if table.source != "ddl" or not table.complete:
            return None
        name = re.escape(table.name)
        bare = rf"[\"'`\[]?(?:\w+\.)?[\"'`\[]?{name}\b"
        created = re.compile(rf"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?{bare}", re.IGNORECASE)
        added = re.compile(
            rf"\bunique\s+index\b[^;]*?\bon\s+{bare}|\balter\s+table\s[^;]*?{bare}"
            rf"[^;]*?\b(?:unique|primary|constraint)\b|\brename\s+to\s+{bare}",
            re.IGNORECASE,
        )
        found: list[frozenset[str]] = []
        count = 0
        for text in self._sources():
            if added.search(text):
                return None
            for match in created.finditer(text):
                keys = _keys(text[match.start() :])
                if keys is None:
                    return None
                found += keys
                count += 1
        return tuple(found) if count else None

    def _sources(self) -> Iterator[str]:
        if self._texts is None:
            self._texts = list(self._all())
        yield from self._texts

    def _all(self) -> Iterator[str]:
        tree = self._facts.model.tree
        for path in sorted(tree.files):
            if path.endswith(_SUFFIXES) and not is_outside(path):
                try:
                    text = tree.text(path)
                except (OSError, UnicodeError):
                    continue
                if len(text) <= _MAX_FILE and re.search(
                    r"\b(?:table|index)\b", text, re.IGNORECASE
                ):
                    yield text


def _keys(text: str) -> list[frozenset[str]] | None:
    """The keys of the CREATE TABLE that the text begins with; None where it cannot be read."""
    written = _statement(text)
    if written is None or HOLE in written or "${" in written or "{" in written:
        return None
    parsed = parse_script(written, None)
    statement = parsed.statements[0] if parsed.error is None and parsed.statements else None
    if not isinstance(statement, exp.Create) or not isinstance(statement.this, exp.Schema):
        return None
    found: list[frozenset[str]] = []
    for item in statement.this.expressions:
        parts = item.expressions if isinstance(item, exp.Constraint) else [item]
        for part in parts:
            if isinstance(part, exp.ColumnDef):
                if part.find(exp.UniqueColumnConstraint, exp.PrimaryKeyColumnConstraint):
                    found.append(frozenset({part.name.lower()}))
            elif isinstance(part, exp.PrimaryKey):
                found.append(frozenset(column.name.lower() for column in part.expressions))
            elif isinstance(part, exp.UniqueColumnConstraint):
                inner = part.this
                columns = inner.expressions if isinstance(inner, exp.Schema) else []
                found.append(frozenset(column.name.lower() for column in columns))
            elif not isinstance(part, exp.ForeignKey | exp.CheckColumnConstraint | exp.Check):
                return None
    return None if frozenset() in found else found


def _statement(text: str) -> str | None:
    """Up to the bracket that closes the list of columns."""
    depth = 0
    for place, character in enumerate(text[:20_000]):
        depth += (character == "(") - (character == ")")
        if character == ")" and depth == 0:
            return text[: place + 1]
    return None
