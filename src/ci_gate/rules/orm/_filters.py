"""Sequelize: what conditions compare, and with what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import ModelAttribute, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.data import dataclass

_SCALARS: Final = frozenset({
    "integer", "float", "decimal", "text", "boolean", "datetime", "datetime-tz", "date", "time",
    "uuid", "enum",
})  # fmt: skip
_LOGICAL: Final = frozenset({"and", "or", "not"})
_MAX_DEPTH: Final = 6
_Known: TypeAlias = tuple[s.Expr, Scope, tuple[tuple[str, Scope], ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """``key`` of a ``where`` with one of the values it is compared with; ``operator`` is ``eq``,
    ``in``, …"""

    model: SequelizeModel
    query: Query
    key: s.Literal
    key_scope: Scope
    operator: str
    value: s.Expr
    scope: Scope

    @property
    def name(self) -> str:
        return str(self.key.value)

    @property
    def attribute(self) -> ModelAttribute | None:
        return self.model.attributes.get(self.name)

    @property
    def scalar(self) -> bool:
        """Is the attribute of a type that no object belongs to?"""
        found = self.attribute
        return found is not None and (
            found.type in _SCALARS or (found.type is None and found.references is not None)
        )


def conditions(models: Models) -> Iterator[Condition]:
    """Every key of every ``where``, those of includes too."""
    for query in models.queries.all:
        for value, scope in models.queries.option(query, "where"):
            yield from _conditions(models, query, query.model, value, scope)
        for include in models.queries.includes(query):
            association = include.association
            if include.options is None or association is None:
                continue
            for value, scope in models.queries.entry(include.options, "where"):
                yield from _conditions(models, query, association.target, value, scope)


def _conditions(
    models: Models, query: Query, model: SequelizeModel, where: s.Expr, scope: Scope
) -> Iterator[Condition]:
    for key, value, inner in _keys(models, where, scope, 0, {}):
        for operator, compared, below in _compared(models, value, inner, 0):
            yield Condition(model, query, key, inner, operator, compared, below)


def _keys(
    models: Models, where: s.Expr, scope: Scope, depth: int, seen: dict[_Known, int]
) -> Iterator[tuple[s.Literal, s.Expr, Scope]]:
    """The keys of a condition with what each is compared with. Parts that are ``seen`` already, no
    deeper than this, are left out: many ways may lead to one object."""
    if depth > _MAX_DEPTH:
        return
    for origin in models.origins.of(where, scope).origins:
        known = (origin.expr, origin.scope, origin.names)
        if origin.element or seen.get(known, depth + 1) <= depth:
            continue
        seen[known] = depth
        if isinstance(origin.expr, s.Sequence):
            for item, inner in models.origins.items(origin):
                if not isinstance(item, s.Starred):
                    yield from _keys(models, item, inner, depth + 1, seen)
        if not isinstance(origin.expr, s.Mapping):
            continue
        for key, value, inner in models.origins.entries(origin):
            if isinstance(key, s.Literal) and isinstance(key.value, str):
                yield key, value, inner
            elif key is None or operator_of(key) in _LOGICAL:
                yield from _keys(models, value, inner, depth + 1, seen)


def _compared(
    models: Models, value: s.Expr, scope: Scope, depth: int
) -> Iterator[tuple[str, s.Expr, Scope]]:
    """The operators of a condition with their operands; a plain value is ``eq``."""
    mappings = [
        origin for origin in models.origins.of(value, scope).origins
        if isinstance(origin.expr, s.Mapping) and not origin.element
    ]  # fmt: skip
    if not mappings or depth > _MAX_DEPTH:
        yield "eq", value, scope
        return
    for origin in mappings:
        for key, operand, inner in models.origins.entries(origin):
            operator = operator_of(key) if key is not None else None
            if operator in _LOGICAL:
                yield from _compared(models, operand, inner, depth + 1)
            elif operator is not None:
                yield operator, operand, inner


def operator_of(key: s.Expr | None) -> str | None:
    """``in`` of ``Op.in``."""
    if isinstance(key, s.Attribute):
        base = key.value
        name = base.id if isinstance(base, s.Name) else getattr(base, "name", "")
        return key.name if name == "Op" else None
    return None
