"""Sequelize: a key of one model where the key of another is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._due import NAMES
from ci_gate.rules.orm._filters import conditions

_KEYS: Final = frozenset({"integer", "uuid"})
_MAX_DEPTH: Final = 4
_CREATING: Final = frozenset({"create", "build"})


@dataclass(frozen=True, slots=True)
class _Compared:
    """A column of a model, and a value that it is compared with or set to."""

    model: SequelizeModel
    name: str
    verb: str
    value: s.Expr
    scope: Scope


def keys_of_others(models: Models) -> Iterator[Defect]:
    seen: set[tuple[str, s.Span]] = set()
    for item in _compared(models):
        due = _meant(models, item.model, item.name)
        for defect in _wrong(models, item, due) if due is not None else ():
            if (defect.path, defect.node.span) not in seen:
                seen.add((defect.path, defect.node.span))
                yield defect


def _compared(models: Models) -> Iterator[_Compared]:
    for item in conditions(models):
        own = item.key_scope.function is item.query.scope.function
        if own and item.operator in ("eq", "ne"):
            yield _Compared(item.model, item.name, "is compared with", item.value, item.scope)
    for query in models.queries.all:
        first = query.call.argument(0)
        if first is None:
            continue
        if query.method == "findByPk":
            key = query.model.primary_key()
            if key is not None:
                yield _Compared(query.model, key, "is compared with", first, query.scope)
        elif query.method in _CREATING and isinstance(first, s.Mapping):
            for entry in first.entries:
                if isinstance(entry.key, s.Literal):
                    name = str(entry.key.value)
                    yield _Compared(query.model, name, "is set to", entry.value, query.scope)


def _wrong(models: Models, item: _Compared, due: SequelizeModel) -> Iterator[Defect]:
    for read, scope in _reads(models, item.value, item.scope, 0):
        found = models.rows.of(read.value, scope)
        owners = {rows.query.model for rows, _ in found}
        if len(owners) != 1 or any(rows.many or rows.what != "rows" for rows, _ in found):
            continue
        if len(models.origins.of(read.value, scope).origins) != len(found):
            continue
        [owner] = owners
        what = _what(models, owner, read.name, due)
        if what is not None:
            rows, _ = found[0]
            label = f"{item.model.name}.{item.name}"
            came = Related(
                rows.query.path, rows.query.call.line, f"the {owner.name} comes from here"
            )
            used = Related(
                item.scope.module.path, item.value.line, f"`{label}` {item.verb} it here"
            )
            yield Defect(
                scope.module.path,
                read,
                f"`{label}` {item.verb} {what}, where the key of {due.name} is due.",
                "The database refuses it (foreign key, type), or finds no row, or another one's.",
                f"Give the key of the {due.name}.",
                f"{label} {what}",
                (came,) if read is item.value else (came, used),
            )


def _reads(
    models: Models, expr: s.Expr, scope: Scope, depth: int
) -> Iterator[tuple[s.Attribute, Scope]]:
    """The properties that a value is read from, through variables and the function's callers."""
    if isinstance(expr, s.Attribute):
        yield expr, scope
    if not isinstance(expr, s.Name) or depth > _MAX_DEPTH:
        return
    bindings = models.model.bindings(expr.id, scope)
    if len(bindings) != 1 or bindings[0].path:
        return
    if bindings[0].kind == "param":
        for item in models.model.provenance(expr, scope):
            if item.expr is not expr:
                yield from _reads(models, item.expr, item.scope, depth + 1)
    elif bindings[0].kind == "value" and isinstance(bindings[0].node, s.Attribute):
        yield bindings[0].node, bindings[0].scope


def _what(models: Models, owner: SequelizeModel, name: str, due: SequelizeModel) -> str | None:
    """What the attribute holds instead of the key of ``due``; None where it may hold that."""
    attribute = owner.attributes.get(name)
    if attribute is None or attribute.virtual:
        return None
    meant = _meant(models, owner, name)
    if meant is not None:
        if meant is due or _share_keys(models, meant, due):
            return None
        return f"the key of {meant.name}" + ("" if meant is owner else f" (`{owner.name}.{name}`)")
    key = due.attributes.get(due.primary_key() or "")
    if key is not None and key.type in _KEYS and attribute.type == "text" and name in NAMES:
        return f"the text `{name}` of {owner.name}"
    return None


def _meant(models: Models, model: SequelizeModel, name: str) -> SequelizeModel | None:
    """The model whose key the attribute holds; None where that is none, or several."""
    if name not in model.attributes:
        return None
    found: set[SequelizeModel] = set()
    for each in models.all:
        for item in each.associations:
            if item.target_key is not None:
                if item.foreign_key == name and model in (item.source, item.target):
                    return None
            elif item.kind == "belongsTo":
                if item.source is model and item.foreign_key == name:
                    found.add(item.target)
            elif item.kind in ("hasOne", "hasMany"):
                if item.target is model and item.foreign_key == name:
                    found.add(item.source)
            elif item.through is model:
                found |= {item.source} if item.foreign_key == name else set()
                found |= {item.target} if item.other_key == name else set()
    if not found and model.primary_key() == name and model.associated:
        found.add(model)
    return found.pop() if len(found) == 1 else None


def _share_keys(models: Models, one: SequelizeModel, other: SequelizeModel) -> bool:
    """Is the key of one of the two the key of the other, or are they one table?"""
    if one.table is not None and one.table == other.table:
        return True
    for model, target in ((one, other), (other, one)):
        key = model.primary_key()
        if key is None or _meant(models, model, key) is target:
            return True
    return False
