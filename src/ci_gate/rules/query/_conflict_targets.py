"""SQLAlchemy: ``on_conflict_do_…(index_elements=…)`` on columns that are not unique."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts

_NAMES: Final = ("on_conflict_do_nothing", "on_conflict_do_update")
#: Keys that a mapping or a migration gives besides the columns' own.
_OTHER_KEYS: Final = regex(r"\bUniqueConstraint\(|\bIndex\(|\bPrimaryKeyConstraint\(")
_HISTORY: Final = regex(r"(?:^|/)(?:migrations?|alembic|versions)/|\.sql$")


def conflict_targets(facts: Facts) -> Iterator[Defect]:
    for name in _NAMES:
        for call, scope in facts.model.calls_named(name):
            path = scope.module.path
            elements = call.argument(keyword="index_elements")
            if is_outside(path) or not isinstance(elements, s.Sequence):
                continue
            entity = _entity(facts, call, scope)
            if entity is None or not entity.known or entity.path not in facts.model.modules:
                continue
            names = [_name(item) for item in elements.items]
            columns = [_column(entity, item) for item in names]
            if not columns or any(item is None for item in columns) or _is_key(entity, names):
                continue
            if _has_others(facts, entity):
                continue
            shown = ", ".join(f"`{item}`" for item in names)
            line = entity.columns[columns[0] or ""].span[0]
            yield Defect(
                path,
                spot(call),
                f"The INSERT into {entity.name} handles conflicts on {shown}, and no key of its "
                "table is on just that.",
                "The database refuses the statement each time it runs.",
                "Make the columns the primary key of the table, or unique.",
                f"{name} of {entity.name}",
                (Related(entity.path, line, f"{shown} of {entity.name}"),),
            )


def _entity(facts: Facts, call: s.Call, scope: Scope) -> Entity | None:
    """What ``insert(…)`` at the beginning of the chain inserts."""
    node: s.Expr = call
    while isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
        node = node.func.value
    if not isinstance(node, s.Call) or s.last_name(node.func) != "insert" or not node.args:
        return None
    values = facts.model.evaluate(node.args[0].value, scope)
    only = next(iter(values)) if len(values) == 1 else None
    return facts.entities.of_class(only.cls) if isinstance(only, ClassValue) else None


def _name(node: s.Expr) -> str:
    if isinstance(node, s.Literal) and isinstance(node.value, str):
        return node.value
    return node.name if isinstance(node, s.Attribute) else ""


def _column(entity: Entity, name: str) -> str | None:
    for key, column in entity.columns.items():
        if name in (key, column.column):
            return key
    return None


def _is_key(entity: Entity, names: list[str]) -> bool:
    keys = {_column(entity, name) for name in names}
    if len(keys) == 1 and any(entity.columns[key or ""].unique for key in keys):
        return True
    return keys == {column.name for column in entity.primary_key()}


def _has_others(facts: Facts, entity: Entity) -> bool:
    """May the table have keys that its columns do not tell of?"""
    tree = facts.model.tree
    for path in tree.files:
        if path != entity.path and not _HISTORY.search(path):
            continue
        try:
            text = tree.text(path)
        except (OSError, UnicodeError):
            return True
        if _OTHER_KEYS.search(text) or (_HISTORY.search(path) and "unique" in text.lower()):
            return True
    return False
