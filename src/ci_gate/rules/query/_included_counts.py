"""Sequelize: counts over an include that gives each row several times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.sequelize.columns import constant
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Include, Query
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot

_COUNTS: Final = ("count", "findAndCountAll")
_OLD: Final = regex(r'"sequelize"\s*:\s*"[\^~]?[0-4]\.')


def counted_includes(models: Models) -> Iterator[Defect]:
    if _is_old(models.model):
        return
    for query in models.queries.all:
        if query.method not in _COUNTS or not _counts_rows(models, query):
            continue
        multiplying = [item for item in models.queries.includes(query) if _multiplies(models, item)]
        if not multiplying:
            continue
        names = list(dict.fromkeys(item.association.name for item in multiplying
                                   if item.association is not None))  # fmt: skip
        what = " and ".join(f"`{name}`" for name in names)
        model = query.model.name
        yield Defect(
            query.path,
            spot(query.call),
            f"{model}.{query.method}() joins {what} and counts the joined rows, not the "
            f"{model} rows: it has no `distinct: true`.",
            f"A {model} with two matching entries in {what} is counted twice: the total is too "
            "high and pages are offered that do not exist.",
            "Add `distinct: true` to the options.",
            f"{model}.{query.method} over {', '.join(names)}",
            tuple(Related(item.path, item.node.line, "the include that multiplies")
                  for item in multiplying[:2]),
        )  # fmt: skip


def _counts_rows(models: Models, query: Query) -> bool:
    """Nothing is counted by a key, per group, or not at all."""
    if not all(models.queries.lacks(query, name) for name in ("group", "col")):
        return False
    if not models.queries.lacks(query, "distinct"):
        found = models.queries.option(query, "distinct")
        if len(found) != 1 or constant(*found[0], models.origins) is not False:
            return False
    return query.method == "count" or _count_is_used(models, query)


def _count_is_used(models: Models, query: Query) -> bool:
    """``const { rows } = await Model.findAndCountAll(…)`` leaves the count alone."""
    for enclosing in models.origins.surroundings.of(query.path, query.call):
        node = enclosing.node
        if isinstance(node, s.Await):
            continue
        if isinstance(node, s.Assign) and isinstance(node.targets[0], s.Mapping):
            return node.targets[0].get("count") is not None or any(
                entry.key is None for entry in node.targets[0].entries
            )
        return True
    return True


def _multiplies(models: Models, include: Include) -> bool:
    association = include.association
    if association is None or not association.many:
        return False
    if include.options is None:
        return True
    for value, scope in models.queries.entry(include.options, "separate"):
        if constant(value, scope, models.origins) is not False:
            return False
    return not any(
        _holds_to_one(models, include, value, scope)
        for value, scope in models.queries.entry(include.options, "where")
    )


def _holds_to_one(models: Models, include: Include, where: s.Expr, scope: Scope) -> bool:
    """Does the condition leave one entry at most, as far as can be told?"""
    target = include.association.target if include.association is not None else None
    if target is None:
        return False
    for origin in models.origins.of(where, scope).origins:
        if not isinstance(origin.expr, s.Mapping):
            return True  # not known
        for key, value, inner in models.origins.entries(origin):
            if key is None or not isinstance(key, s.Literal):
                return True
            attribute = target.attributes.get(str(key.value))
            # a foreign key may be one half of a unique pair
            single = attribute is not None and (
                attribute.unique or attribute.primary_key or attribute.references is not None
            )
            if not single and not str(key.value).lower().endswith("id"):
                continue
            if not _is_list(models, value, inner):
                return True
    return False


def _is_list(models: Models, value: s.Expr, scope: Scope) -> bool:
    """A list, or an operator that lets several values through."""
    return any(
        isinstance(origin.expr, s.Sequence | s.Mapping)
        for origin in models.origins.of(value, scope).origins
    )


def _is_old(model: CodeModel) -> bool:
    """Before version 5, includes that filter nothing were left out of counts."""
    for path in model.tree.files:
        if path.endswith("package.json") and "node_modules" not in path:
            try:
                if _OLD.search(model.tree.text(path)):
                    return True
            except OSError:
                continue
    return False
