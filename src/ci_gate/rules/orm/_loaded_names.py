"""Sequelize: which attributes the rows of a query have."""

from __future__ import annotations

from collections.abc import Sequence

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.columns import constant
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.data import dataclass

FINDS = frozenset({"findAll", "findOne", "findByPk", "findAndCountAll"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the rows of ``model`` have that ``query`` gives or includes: ``names``, as ``node`` of
    ``path`` says it."""

    query: Query
    model: SequelizeModel
    names: frozenset[str]
    path: str
    node: s.Node
    by_default: bool = False


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The ``queries`` of one model that ``expr`` may be a row of; ``only``: it is nothing else."""

    queries: list[Query]
    only: bool


def rows_of(models: Models, expr: s.Expr, scope: Scope) -> RowsRead | None:
    """The queries that give the row ``expr``; None where there are none, or of several models."""
    found = models.origins.of(expr, scope)
    queries: list[Query] = []
    only = found.complete
    for origin in found.origins:
        if isinstance(origin.expr, s.Literal) and origin.expr.value is None:
            continue
        item = models.rows.at(origin)
        if item is not None and not item.many and item.what == "rows" and (
            item.query.method in FINDS
        ):  # fmt: skip
            queries.append(item.query)
        else:
            only = False
    return RowsRead(queries, only) if len({query.model for query in queries}) == 1 else None


def loaded(models: Models, query: Query) -> Loaded | None:
    """The attributes that the query asks for; None where it asks for all of them, or for what
    could not be read."""
    default = None if query.scoped else models.scopes.default(query.model)
    narrowed = models.queries.option(query, "attributes")
    if not narrowed:
        if default is None or (query.options is not None and not models.queries.lacks(
            query, "attributes"
        )):  # fmt: skip
            return None
        narrowed = models.queries.option(default.query, "attributes")
        return _read(models, query, narrowed, query.model, by_default=True)
    if default is not None and models.queries.option(default.query, "attributes"):
        return None
    if query.scoped:
        return None
    return _read(models, query, narrowed, query.model)


def loaded_with(models: Models, query: Query, path: Sequence[str]) -> Loaded | None:
    """The same of the rows that the query includes under the associations of ``path``."""
    if not path:
        return loaded(models, query)
    include = models.queries.include(query, path)
    model = models.queries.reached(query, path)
    if include is None or include.options is None or model is None:
        return None
    if models.scopes.default(model) is not None:
        return None
    found = _read(models, query, models.queries.entry(include.options, "attributes"), model)
    return found if found is not None and found.names else None


def _read(
    models: Models,
    query: Query,
    given: list[tuple[s.Expr, Scope]],
    model: SequelizeModel,
    *,
    by_default: bool = False,
) -> Loaded | None:
    if len(given) != 1:
        return None
    origin = models.origins.one(*given[0])
    if origin is None:
        return None
    expr = origin.expr
    if isinstance(expr, s.Sequence):
        names = _names(models, origin)
    elif isinstance(expr, s.Mapping):
        excluded = models.queries.entry(origin, "exclude")
        if len(excluded) != 1 or models.queries.entry(origin, "include"):
            return None
        left_out = models.origins.one(*excluded[0])
        if left_out is None or not isinstance(left_out.expr, s.Sequence):
            return None
        without = _names(models, left_out)
        names = None if without is None else frozenset(model.attributes) - without
    else:
        return None
    if names is None:
        return None
    return Loaded(query, model, names, origin.scope.module.path, expr, by_default)


def _names(models: Models, origin: Origin) -> frozenset[str] | None:
    found: set[str] = set()
    for item, scope in models.origins.items(origin):
        if isinstance(item, s.Starred):
            return None
        inner = models.origins.one(item, scope)
        if inner is not None and isinstance(inner.expr, s.Sequence) and inner.expr.items:
            name = constant(inner.expr.items[-1], inner.scope, models.origins)
        else:
            name = constant(item, scope, models.origins)
        if not isinstance(name, str):
            return None
        found.add(name)
    return frozenset(found)


def has_method(models: Models, model: SequelizeModel, name: str) -> bool:
    """Do instances have a getter or method of that name?"""
    if model.cls is None:
        return name in model.accessors
    return models.model.method(model.cls, name) is not None
