"""What each data access module does by the ORM, and what by SQL text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.architecture.model import Role
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataaccess import Access
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts

_ORMS: Final = frozenset({
    "sqlalchemy", "django-orm", "tortoise", "sequelize", "prisma", "typeorm", "drizzle",
})  # fmt: skip
_TEXT: Final = regex(r"^sqlalchemy\.text$")
_RAW: Final = regex(r"\.(?:exec_driver_sql|raw_connection|raw)$|\.cursor\(\)\.execute\w*$")
_RUNS: Final = regex(r"\.(?:execute|scalars?|stream\w*|query|exec)$")
_STATEMENT: Final = regex(
    r"^\s*(?:select\b.*?\bfrom|insert\s+into|update|delete\s+from)\s+"
    r"(?:only\s+)?(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
#: What an ORM says worse than SQL does: reports, windows, recursion, upserts, full text, geometry.
_WORTH_IT: Final = regex(
    r"\bwith\b|\bgroup\s+by\b|\bover\s*\(|\bunion\b|\bintersect\b|\bexcept\b|\bon\s+conflict\b|"
    r"\bon\s+duplicate\b|\blateral\b|\bskip\s+locked\b|\bmatch\b|@@|\bst_\w+\(|\brecursive\b|"
    r"\bexplain\b|\bgenerate_series\b|\bdistinct\s+on\b|\bto_tsvector\b|\bjsonb?_\w+\(|"
    r"\barray_agg\b|\bstring_agg\b|\bcase\s+when\b|\bhaving\b|\btablesample\b|\breturning\b.*\bfrom\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Raw:
    """One ordinary statement given as text; ``table`` is the one it is about."""

    access: Access
    table: str


@dataclass(slots=True)
class Habits:
    """How one data access module works: ``orm`` counts what goes through the ORM."""

    path: str
    orm: int = 0
    raw: list[Raw] = field(default_factory=list)


def habits(facts: Facts) -> dict[str, Habits]:
    """The data access modules that run or build statements."""
    found: dict[str, Habits] = {}
    for path, accesses in sorted(facts.access.by_module().items()):
        layer = facts.architecture.layer(path)
        if layer is None or layer.role is not Role.DATA_ACCESS:
            continue
        mine = found[path] = Habits(path)
        for access in accesses:
            if access.kind not in ("query", "write", "build") or access.health:
                continue
            if _TEXT.match(access.what):
                continue  # counted where it is run
            text = _text(facts, access)
            if text is not None:
                table = _ordinary(text)
                if table is not None:
                    mine.raw.append(Raw(access, table))
            elif access.library in _ORMS and not _RAW.search(access.what):
                mine.orm += 1
    return found


def _ordinary(text: str) -> str | None:
    """The table of a plain select, insert, update or delete; None for all else."""
    match = _STATEMENT.match(text)
    if match is None or _WORTH_IT.search(text):
        return None
    return match[1].lower()


def _text(facts: Facts, access: Access) -> str | None:
    """The SQL text that a call runs; empty where it is text that is not known, None where it is no
    text."""
    call = access.node
    argument = call.argument(0)
    if argument is None:
        return None
    model = facts.model
    scope = model.scope_of(call)
    if access.library == "driver" or _RAW.search(access.what):
        return next(iter(_texts(facts, argument, call)), "")
    if not _RUNS.search(access.what):
        return None
    candidates: list[s.Expr] = [argument]
    candidates += [item.expr for item in model.provenance(argument, scope)]
    for item in candidates:
        inner = _inside_text(facts, item)
        if inner is not None:
            return next(iter(_texts(facts, inner, item)), "")
    return None


def _inside_text(facts: Facts, expr: s.Expr) -> s.Expr | None:
    """The argument of ``text(…)``, with or without parameters bound to it."""
    while isinstance(expr, s.Call):
        for value in facts.model.evaluate(expr.func):
            if isinstance(value, ExternalValue) and _TEXT.match(value.path):
                return expr.argument(0)
        if not isinstance(expr.func, s.Attribute):
            return None
        expr = expr.func.value
    return None


def _texts(facts: Facts, expr: s.Expr, near: s.Expr) -> Iterator[str]:
    try:
        scope = facts.model.scope_of(near)
    except KeyError:
        return
    for text in facts.connections.texts.of(expr, scope):
        if text.text is not None:
            yield text.text
