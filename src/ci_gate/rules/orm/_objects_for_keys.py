"""Sequelize: rows where the keys of rows are due."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.codemodel.sequelize.rows import Rows
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._filters import Condition, conditions

_LISTS = frozenset({"in", "notIn", "eq"})
_ONES = frozenset({"eq", "ne", "gt", "gte", "lt", "lte"})


def objects_for_keys(models: Models) -> Iterator[Defect]:
    seen: set[s.Node] = set()
    for item in conditions(models):
        if item.key in seen or not item.scalar:
            continue
        for rows, origin in models.rows.of(item.value, item.scope):
            if rows.what == "other" or item.operator not in (_LISTS if rows.many else _ONES):
                continue
            if _asks_what_it_is(models, item):
                continue
            seen.add(item.key)
            yield _defect(item, rows, origin)
            break


def _defect(item: Condition, rows: Rows, origin: Origin) -> Defect:
    what = rows.query.model.name
    name = f"{item.model.name}.{item.name}"
    given = f"whole {what} rows" if rows.many else f"a whole {what} row"
    key = _key(rows.query.model, item)
    reads = f"rows.map((row) => row.{key})" if rows.many else f"row.{key}"
    return Defect(
        item.key_scope.module.path,
        item.key,
        f"`{name}` is compared with {given}, where the value of a column is due.",
        "Sequelize writes the objects as text ('[object Object]') or refuses them: the condition "
        "matches nothing, or the statement fails.",
        f"Pass the keys (`{reads}`).",
        f"{name} compared with {what} rows",
        (Related(origin.scope.module.path, origin.expr.line, f"the {what} rows come from here"),),
    )


def _key(model: SequelizeModel, item: Condition) -> str:
    found = item.attribute
    if found is not None and item.name in model.attributes and item.model is not model:
        return item.name
    return model.primary_key() or next(
        (name for name in model.attributes if name.endswith("Id")), "id"
    )


def _asks_what_it_is(models: Models, item: Condition) -> bool:
    """Does the function look whether it got an object or a list?"""
    node = item.scope.function.node
    if isinstance(node, s.Module):
        return False
    del models
    return any(
        (isinstance(part, s.Unary) and part.op == "typeof")
        or (isinstance(part, s.Attribute) and part.name == "isArray")
        or (isinstance(part, s.Binary) and part.op == "instanceof")
        for part in s.walk(node)
    )
