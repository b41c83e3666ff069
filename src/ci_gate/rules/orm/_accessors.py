"""Sequelize: methods of rows that no association makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.orm._words import listed, nearest

_ACCESSOR: Final = regex(r"(get|set|add|create|remove|has|count)([A-Z]\w*)$")
#: What every instance has.
_OWN: Final = frozenset({
    "getDataValue", "setDataValue", "setAttributes", "hasOwnProperty", "hasHook", "hasHooks",
    "addHook", "removeHook", "getTableName", "getAttributes", "getModel",
})  # fmt: skip
_ALIKE: Final = 3
#: Verbs that an alias follows as it is written.
_BY_THE_NAME: Final = ("get", "set", "count")


def missing_accessors(models: Models) -> Iterator[Defect]:
    if not models.all or _extends_prototypes(models):
        return
    for function in models.model.functions.values():
        if function.module.language == "python" or is_outside(function.module.path):
            continue
        for call in models.model.calls_in(function):
            func = call.func
            if not isinstance(func, s.Attribute) or func.name in _OWN:
                continue
            match = _ACCESSOR.match(func.name)
            if match is None or models.model.stores(func.name):
                continue
            scope = models.model.scope_of(call)
            query = _row(models, func.value, scope)
            if query is not None and _is_lacking(query.model, func.name, match[1], match[2]):
                yield _defect(query, call, func, scope)


def _extends_prototypes(models: Models) -> bool:
    """``Object.assign(Model.prototype, methods)``."""
    return any(
        isinstance(item.value, s.Attribute) and item.value.name == "prototype"
        for name in ("assign", "defineProperty", "defineProperties", "setPrototypeOf")
        for call, _ in models.model.calls_named(name)
        for item in call.args[:1]
    )


def _row(models: Models, expr: s.Expr, scope: Scope) -> Query | None:
    """The query that gives the one row that ``expr`` is."""
    found = models.origins.of(expr, scope)
    rows = models.rows.of(expr, scope)
    if not rows or not found.complete or len(rows) != len(found.origins):
        return None
    queries = [item.query for item, _ in rows if not item.many and item.what == "rows"]
    if len(queries) != len(rows) or len({item.model for item in queries}) != 1:
        return None
    if any(models.queries.option(item, "raw") for item in queries):
        return None
    return queries[0]


def _is_lacking(model: SequelizeModel, name: str, verb: str, what: str) -> bool:
    if not model.known or not model.associated or model.decorated:
        return False
    if name in model.accessors or name in model.attributes:
        return False
    if any(name in item.accessors() for item in model.associations):
        return False
    # Sequelize's plural or singular of a name may be another than ours
    start = what[:_ALIKE].lower()
    return not any(
        item.name[:_ALIKE].lower() == start
        and not _is_exact(item.name, what)
        and not (item.alias is not None and verb in _BY_THE_NAME)
        for item in model.associations
    )


def _is_exact(name: str, what: str) -> bool:
    """The association's name itself, so that only the verb can be wrong."""
    return name.lower() == what.lower()


def _defect(query: Query, call: s.Call, func: s.Attribute, scope: Scope) -> Defect:
    model = query.model
    there = sorted({name for item in model.associations for name in item.accessors()})
    near = nearest(func.name, there)
    names = [item.name for item in model.associations]
    has = f"it is associated with {listed(names)}" if names else "it has no association"
    related = [Related(query.path, query.call.line, f"the row comes from {model.name} here")]
    related += [
        Related(item.path, item.node.line, f"`{item.name}` is associated here")
        for item in model.associations[:2]
    ]
    return Defect(
        scope.module.path,
        spot(call),
        f"`{func.name}()` is called on a {model.name}, and no association makes it: {has}.",
        f"TypeError: {func.name} is not a function, each time the line runs; the request ends in "
        "a 500.",
        f"Call `{near}()`." if near else "Associate the models, or read the rows by a query.",
        f"{model.name}.{func.name}",
        tuple(related),
    )
