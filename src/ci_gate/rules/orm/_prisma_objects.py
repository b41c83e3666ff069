"""Prisma: rows where the keys of rows are due."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.prisma.arguments import Use
from ci_gate.codemodel.prisma.client import Client
from ci_gate.codemodel.prisma.facts import PrismaField
from ci_gate.codemodel.prisma.rows import Rows
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._prisma_names import FAILS

_LISTS = frozenset({"in", "notIn"})
_ONES = frozenset({"equals", "not", "gt", "gte", "lt", "lte"})


def prisma_objects(client: Client) -> Iterator[Defect]:
    seen: set[s.Node] = set()
    for query in client.all:
        for use in client.arguments.uses(query):
            field = use.field
            if use.how not in ("where", "unique", "data") or use.key in seen or field is None:
                continue
            if field.is_relation or not field.known or field.type == "Json":
                continue
            found = _whole(client, use)
            if found is not None:
                seen.add(use.key)
                yield _defect(use, field, *found)


def _whole(client: Client, use: Use) -> tuple[Rows, Origin] | None:
    """The rows that a column is compared with, or is to hold."""
    if use.value is None:
        return None
    values: list[tuple[s.Expr, Scope, bool]] = [(use.value, use.scope, False)]
    for origin in client.arguments.mappings(use.value, use.scope):
        for name, _, value, scope in client.arguments.entries(origin):
            if name in _LISTS | _ONES:
                values.append((value, scope, name in _LISTS))
    for value, scope, listed in values:
        found = client.rows.of(value, scope)
        if not found or len(found) < len(client.origins.of(value, scope).origins):
            continue
        rows, origin = found[0]
        if rows.whole and rows.many is listed:
            return rows, origin
    return None


def _defect(use: Use, field: PrismaField, rows: Rows, origin: Origin) -> Defect:
    model = rows.query.model
    label = f"{use.model.name}.{field.name}"
    primary = next((item.name for item in model.scalars() if item.primary_key), "id")
    given = f"whole {model.name} rows" if rows.many else f"a whole {model.name} row"
    key = f"rows.map((row) => row.{primary})" if rows.many else f"row.{primary}"
    says = "is to be stored as" if use.how == "data" else "is compared with"
    return Defect(
        use.scope.module.path,
        use.key,
        f"`{label}` {says} {given}, where the value of a column is due.",
        FAILS.format(error=f"Argument `{field.name}`: Invalid value provided"),
        f"Pass {'the keys' if rows.many else 'the key'} (`{key}`).",
        f"{label} compared with {model.name} rows",
        (
            Related(origin.scope.module.path, origin.expr.line, f"{model.name} comes from here"),
            Related(field.path, field.line, f"{label} is defined here"),
        ),
    )
