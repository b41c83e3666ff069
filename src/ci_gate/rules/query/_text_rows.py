"""SQL text in Node: where a driver's rows come from, and which calls ask for more of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import sqltexts
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.origins import SAME, Origin, Origins
from ci_gate.codemodel.sqlcalls import SqlCall
from ci_gate.codemodel.sqlstatements import ReadCall
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.query._row_sources import Asked, Listing

_SMALL: Final = 5
_MAX_DEPTH: Final = 8
_FROM: Final = regex(r"\bfrom\s+(?:only\s+)?[\"`\[]?([A-Za-z_][\w.]*)", re.IGNORECASE)
_LIMIT: Final = regex(r"\b(?:limit|fetch\s+first)\s+(\d+)\b", re.IGNORECASE)
_LOCKS: Final = regex(r"\bfor\s+(?:no\s+key\s+)?update\b", re.IGNORECASE)
#: Drivers whose calls give their result at once.
_SYNCHRONOUS: Final = frozenset({"better-sqlite3", "node:sqlite", "bun:sqlite"})
_PAIRS: Final = frozenset({"mysql2", "mysql"})


class TextRows:
    remedy = (
        "Ask for all rows at once before the loop (`WHERE id = ANY($1)`, `WHERE id IN (…)`, a "
        "grouped count), or join the table in the statement of the list."
    )

    def __init__(self, facts: Facts, origins: Origins) -> None:
        self._origins = origins
        self._calls: dict[s.Node, ReadCall] = {
            read.call.node: read
            for read in facts.sql.all
            if read.call.runs and read.call.function.module.language != "python"
        }
        self.at_once = any(_is_synchronous(read.call) for read in self._calls.values())

    def present(self) -> bool:
        return bool(self._calls)

    # --- rows ---

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        for origin in self._origins.of(expr, scope).origins:
            found = self._rows(origin, 0)
            if found is not None:
                yield found

    def _rows(self, origin: Origin, depth: int) -> Listing | None:
        """The list of rows that an expression is, or something made of each of them."""
        expr = origin.expr
        if depth > _MAX_DEPTH:
            return None
        if isinstance(expr, s.Attribute) and expr.name == "rows" and not origin.element:
            for inner in self._origins.of(expr.value, origin.scope).origins:
                read = self._calls.get(inner.expr)
                if read is not None and read.call.method in ("query", "execute"):
                    return _listing(read)
            return None
        read = self._calls.get(expr)
        if read is not None:
            return _listing(read) if _gives_rows(read.call, origin.element) else None
        if not isinstance(expr, s.Call) or not isinstance(expr.func, s.Attribute):
            return None
        if not origin.element and expr.func.name in (*SAME, "map", "flatMap"):
            for inner in self._origins.of(expr.func.value, origin.scope).origins:
                found = self._rows(inner, depth + 1)
                if found is not None:
                    return found
        return None

    # --- queries ---

    def asked(self, call: s.Call) -> Asked | None:
        read = self._calls.get(call)
        if read is None:
            return None
        texts = _texts(read)
        reads = sqltexts.kind(texts) == "read" and not any(map(_LOCKS.search, texts))
        func = call.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "query")
        base = func.value if isinstance(func, s.Attribute) else None
        owner = getattr(base, "name", "") or getattr(base, "id", "")
        what = f"{owner}.{name}" if owner else name
        return Asked(what, read.call.path, reads, at_once=_is_synchronous(read.call))

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """Rows are plain objects."""
        del call, scope
        return None


def _texts(read: ReadCall) -> list[str]:
    return [variant.parsed.rendered.text for variant in read.variants]


def _is_synchronous(call: SqlCall) -> bool:
    return call.driver is not None and call.driver.name in _SYNCHRONOUS


def _gives_rows(call: SqlCall, element: bool) -> bool:
    """Is what the call gives (or, with ``element``, a part of it) the list of rows?"""
    if call.driver is not None and call.driver.name in _PAIRS:
        return element  # [rows, columns]
    return not element and call.method in ("all", "iterate", "")


def _listing(read: ReadCall) -> Listing | None:
    """The query, where it may give many rows."""
    texts = _texts(read)
    if sqltexts.kind(texts) != "read" or not sqltexts.grows(texts):
        return None
    if any(int(match[1]) <= _SMALL for text in texts for match in _LIMIT.finditer(text)):
        return None
    named = _FROM.search(sqltexts.plainly(texts[0]))
    return Listing(f"`{named[1]}`" if named else "stored", read.call.path, read.call.node)
