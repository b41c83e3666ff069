"""Sequelize: a key of one model where the key of another is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._due import NAMES
from ci_gate.rules.orm._filters import operator_of

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


class KeysOfOthers:
    """Answers for one program."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._refer = _references(models)

    def found(self) -> Iterator[Defect]:
        seen: set[tuple[str, s.Span]] = set()
        for item in self._compared():
            due = self._meant(item.model, item.name)
            for defect in self._wrong(item, due) if due is not None else ():
                if (defect.path, defect.node.span) not in seen:
                    seen.add((defect.path, defect.node.span))
                    yield defect

    def _compared(self) -> Iterator[_Compared]:
        for query in self._models.queries.all:
            model, scope = query.model, query.scope
            for where, inner in self._models.queries.option(query, "where"):
                if isinstance(where, s.Mapping) and inner.function is scope.function:
                    for name, value in _equal(where):
                        yield _Compared(model, name, "is compared with", value, inner)
            first = query.call.argument(0)
            if first is None:
                continue
            if query.method == "findByPk":
                key = model.primary_key()
                if key is not None:
                    yield _Compared(model, key, "is compared with", first, scope)
            elif query.method in _CREATING and isinstance(first, s.Mapping):
                for entry in first.entries:
                    if isinstance(entry.key, s.Literal):
                        name = str(entry.key.value)
                        yield _Compared(model, name, "is set to", entry.value, scope)

    def _wrong(self, item: _Compared, due: SequelizeModel) -> Iterator[Defect]:
        models = self._models
        for read, scope in _reads(models, item.value, item.scope, 0):
            found = models.rows.of(read.value, scope)
            owners = {rows.query.model for rows, _ in found}
            if len(owners) != 1 or any(rows.many or rows.what != "rows" for rows, _ in found):
                continue
            if len(models.origins.of(read.value, scope).origins) != len(found):
                continue
            [owner] = owners
            what = self._what(owner, read.name, due)
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
                    "The database refuses it, finds no row, or another one's.",
                    f"Give the key of the {due.name}.",
                    f"{label} {what}",
                    (came,) if read is item.value else (came, used),
                )

    def _what(self, owner: SequelizeModel, name: str, due: SequelizeModel) -> str | None:
        """What the attribute holds instead of the key of ``due``; None where it may hold that."""
        attribute = owner.attributes.get(name)
        if attribute is None or attribute.virtual:
            return None
        meant = self._meant(owner, name)
        if meant is not None:
            if meant is due or self._share_keys(meant, due):
                return None
            return f"the key of {meant.name}" + (
                "" if meant is owner else f" (`{owner.name}.{name}`)"
            )
        key = due.attributes.get(due.primary_key() or "")
        if key is not None and key.type in _KEYS and attribute.type == "text" and name in NAMES:
            return f"the text `{name}` of {owner.name}"
        return None

    def _meant(self, model: SequelizeModel, name: str) -> SequelizeModel | None:
        """The model whose key the attribute holds; None where that is none, or several."""
        if name not in model.attributes:
            return None
        found = self._refer.get((model, name), set())
        if not found and model.primary_key() == name and model.associated:
            return None if self._is_of_another(model, name) else model
        return next(iter(found)) if len(found) == 1 else None

    def _is_of_another(self, model: SequelizeModel, name: str) -> bool:
        """Is the primary key named for the key of another model, whose row it extends?"""
        owner = name.lower().removesuffix("id").removesuffix("_")
        return any(item is not model and item.name.lower() == owner for item in self._models.all)

    def _share_keys(self, one: SequelizeModel, other: SequelizeModel) -> bool:
        """Is the key of one of the two the key of the other, or are they one table?"""
        if one.table is not None and one.table == other.table:
            return True
        for model, target in ((one, other), (other, one)):
            key = model.primary_key()
            if key is None or self._meant(model, key) is target:
                return True
        return False


def _references(models: Models) -> dict[tuple[SequelizeModel, str], set[SequelizeModel | None]]:
    """Which models' keys a foreign key holds, by the associations; None among them where it leads
    to another column."""
    found: defaultdict[tuple[SequelizeModel, str], set[SequelizeModel | None]] = defaultdict(set)
    for model in models.all:
        for item in model.associations:
            key, plain = item.foreign_key, item.target_key is None
            if item.kind == "belongsTo" and key is not None:
                found[item.source, key].add(item.target if plain else None)
            elif item.kind in ("hasOne", "hasMany") and key is not None:
                found[item.target, key].add(item.source if plain else None)
            elif isinstance(item.through, SequelizeModel):
                if key is not None:
                    found[item.through, key].add(item.source if plain else None)
                if item.other_key is not None:
                    found[item.through, item.other_key].add(item.target if plain else None)
    return found


def _equal(where: s.Mapping) -> Iterator[tuple[str, s.Expr]]:
    """``{ key: value }``, ``{ key: { [Op.eq]: value } }``."""
    for entry in where.entries:
        if not isinstance(entry.key, s.Literal):
            continue
        value = entry.value
        if isinstance(value, s.Mapping) and len(value.entries) == 1:
            if operator_of(value.entries[0].key) not in ("eq", "ne"):
                continue
            value = value.entries[0].value
        yield str(entry.key.value), value


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
