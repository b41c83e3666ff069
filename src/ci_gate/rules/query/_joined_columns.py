"""Sequelize: columns of included models that the paged subquery does not join."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Include, Query
from ci_gate.codemodel.sequelize.references import Reference
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect

_PAGED: Final = frozenset({"findAll", "findAndCountAll", "findOne"})
#: What of an include takes it, or the whole query, out of the common case.
_OWN_WAY: Final = ("duplicating", "separate", "subQuery", "limit", "right", "or")


def outside_of_subquery(models: Models) -> Iterator[Defect]:
    """Sequelize pages the rows of the main model in a subquery as soon as an include may give
    several rows for one; includes that are not required are joined around it only."""
    references = models.references
    seen: set[s.Node] = set()
    for query in models.queries.all:
        if query.method not in _PAGED:
            continue
        tops = [item for item in models.queries.includes(query) if item.parent is None]
        many = [item for item in tops if _multiplies(models, item)]
        if not many or _has_scope_of_its_own(models, query):
            continue
        limit = _limit(models, query)
        if limit is None or not models.queries.lacks(query, "subQuery"):
            continue
        found: list[tuple[Reference, Include]] = []
        for reference in references.of(query):
            if reference.node in seen or not reference.steps:
                continue
            include = _outside(models, reference, tops, many)
            if include is not None:
                seen.add(reference.node)
                found.append((reference, include))
        found.sort(key=lambda item: item[1] not in many)
        if found:
            yield _defect(query, found, many, limit)


def _limit(models: Models, query: Query) -> s.Expr | None:
    """What limits the query whenever it runs."""
    for value, scope in models.queries.option(query, "limit"):
        if _is_none(models, value, scope) or _is_conditional(models, query, value, scope):
            continue
        return value
    if query.method == "findOne" and models.queries.lacks(query, "limit"):
        return query.call if not _asks_by_key(models, query) else None
    return None


def _is_none(models: Models, value: s.Expr, scope: Scope) -> bool:
    origin = models.origins.one(value, scope)
    return origin is not None and isinstance(origin.expr, s.Literal) and not origin.expr.value


def _is_conditional(models: Models, query: Query, value: s.Expr, scope: Scope) -> bool:
    """Is the limit set in a branch that the query itself is not in?"""
    around = models.origins.surroundings
    branches = {
        (item.node, item.branch)
        for item in around.of(query.path, query.call)
        if isinstance(item.node, s.If | s.Conditional | s.Switch | s.Case)
    }
    for item in around.of(scope.module.path, value):
        if isinstance(item.node, s.Function):
            return False
        branching = isinstance(item.node, s.If | s.Conditional | s.Switch | s.Case | s.Binary)
        if branching and (item.node, item.branch) not in branches:
            return True
    return False


def _asks_by_key(models: Models, query: Query) -> bool:
    """``findOne`` sets no limit where a unique attribute is compared, or may be."""
    for value, scope in models.queries.option(query, "where"):
        for origin in models.origins.of(value, scope).origins:
            if isinstance(origin.expr, s.Call) and _called(origin.expr) == "where":
                continue
            if not isinstance(origin.expr, s.Mapping):
                return True
            for key, _, _ in models.origins.entries(origin):
                if not isinstance(key, s.Literal):
                    return True
                attribute = query.model.attributes.get(str(key.value))
                if attribute is not None and (attribute.unique or attribute.primary_key):
                    return True
    return not query.model.known


def _called(call: s.Call) -> str:
    return call.func.id if isinstance(call.func, s.Name) else getattr(call.func, "name", "")


def _has_scope_of_its_own(models: Models, query: Query) -> bool:
    """Options may come from a scope or a hook."""
    if models.scopes.default(query.model) is not None:
        return True
    func = query.call.func
    return isinstance(func, s.Attribute) and isinstance(func.value, s.Call)


def _multiplies(models: Models, include: Include) -> bool:
    """May the include give several rows, joined with the query's own?"""
    if include.association is None or not include.certain:
        return False
    if include.options is not None and _has(models, include, *_OWN_WAY):
        return False
    return include.association.many


def _has(models: Models, include: Include, *names: str) -> bool:
    assert include.options is not None
    if any(models.queries.entry(include.options, name) for name in names):
        return True
    return any(key is None for key, _, _ in models.origins.entries(include.options)) if isinstance(
        include.options.expr, s.Mapping) else True  # fmt: skip


def _outside(
    models: Models, reference: Reference, tops: list[Include], many: list[Include]
) -> Include | None:
    """The include that has the column, if the subquery surely does not join it."""
    if reference.how == "path":
        return None  # an order by associations stands outside of the subquery
    name = reference.steps[0].name
    meant = [item for item in tops if item.association is not None
             and item.association.name == name]  # fmt: skip
    if len(meant) != 1:
        return None
    include = meant[0]
    if include in many:
        return include
    association = include.association
    if association is None or association.many or not include.certain:
        return None
    if include.options is None:
        return None if models.scopes.default(association.target) else include
    if _has(models, include, "required", "where", "include", *_OWN_WAY):
        return None
    return None if models.scopes.default(association.target) else include


def _defect(
    query: Query, found: list[tuple[Reference, Include]], many: list[Include], limit: s.Expr
) -> Defect:
    reference, include = found[0]
    model, written, alias = query.model.name, reference.written, reference.steps[0].name
    names = " and ".join(
        dict.fromkeys(f"`{item.association.name}`" for item in many if item.association)
    )
    shown = f"`${written}$`" if reference.how == "dollar" else f"`{written}`"
    others = list(dict.fromkeys(f"`{item.written}`" for item, _ in found[1:]))
    also = f" (so it is with {', '.join(others)})" if others else ""
    paged = "`limit`" if limit is not query.call else "the limit of findOne()"
    related = [
        Related(include.path, include.node.line, "the include that is joined outside"),
        *(Related(item.path, item.node.line, f"{item.written} as well") for item, _ in found[1:3]),
        Related(query.path, query.call.line, f"{model}.{query.method}() runs here"),
    ]
    if include not in many:
        fix = f"Add `required: true` to the include of `{alias}`, or `subQuery: false` to the query"
    elif reference.clause in ("where", "having"):
        fix = (
            f"Put the condition into the `where` of the include of `{alias}`; with `subQuery: "
            "false` the statement runs as well, and `limit` counts joined rows"
        )
    else:
        fix = "Add `subQuery: false` to the query, or count by a literal subquery"
    return Defect(
        reference.path,
        reference.node,
        f"{shown} is named in `{reference.clause}` of {model}.{query.method}(), whose {paged} "
        f"together with the include of {names} makes Sequelize page {model} in a subquery that "
        f"does not join `{alias}`{also}.",
        f"The database answers that there is no column `{written}`: every request that takes this "
        "way answers 500.",
        fix + ".",
        f"{model} {written} outside of the subquery",
        tuple(dict.fromkeys(related)),
    )
