"""Sequelize: names in conditions and values that the model does not have."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.columns import column_of
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import callback_of
from ci_gate.codemodel.sequelize.queries import VALUES, Query
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._filters import conditions
from ci_gate.rules.orm._words import listed, nearest

_MAX_DEPTH = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """A name under which a value is to be stored, and where it is written; ``holders`` are the
    variables that hold the object on the way."""

    name: str
    node: s.Expr
    scope: Scope
    holders: tuple[tuple[str, Scope], ...] = ()


def stored_names(models: Models) -> Iterator[Defect]:
    seen: set[tuple[s.Node, str]] = set()
    for query in models.queries.all:
        if query.method not in VALUES or not query.model.known:
            continue
        values = query.call.argument(0)
        if values is None:
            continue
        lost: list[_Given] = []
        for given in _names(models, values, query.scope, query.method == "bulkCreate", 0):
            if (given.node, given.name) in seen or _is_known(models, query, given.name):
                continue
            if _is_read_before(given):
                continue
            seen.add((given.node, given.name))
            lost.append(given)
        if lost:
            yield _ignored(query, lost)
    for item in conditions(models):
        model, name = item.model, item.name
        if (item.key, name) in seen or not model.known or not name.isidentifier():
            continue
        if name in model.attributes or name in _columns(model):
            continue
        if model.underscored is None:
            continue
        if model.alias(name) is not None and isinstance(item.value, s.Mapping):
            continue
        if item.query.method in ("findOrCreate", "findOrBuild", "findCreateFind"):
            continue
        seen.add((item.key, name))
        near = nearest(name, model.attributes)
        yield Defect(
            item.key_scope.module.path,
            item.key,
            f"The condition on {model.name} names `{name}`, and {model.name} has "
            f"{listed(model.attributes)}.",
            f"Sequelize puts the name into the statement as it is: the database answers that there "
            f"is no column `{name}`, and the request ends in a 500.",
            f"Write `{near}`." if near else f"Name an attribute of {model.name}.",
            f"{model.name}.{name}",
            (Related(model.path, model.span[0], f"{model.name} is defined here"),),
        )


def given_names(models: Models, query: Query) -> Iterator[tuple[str, s.Expr, Scope]]:
    """The names of the values that a query of :data:`VALUES` stores, and where each is written."""
    values = query.call.argument(0)
    if values is not None:
        for given in _names(models, values, query.scope, query.method == "bulkCreate", 0):
            yield given.name, given.node, given.scope


def _ignored(query: Query, lost: list[_Given]) -> Defect:
    model, given = query.model, lost[0]
    names = list(dict.fromkeys(item.name for item in lost))
    near = nearest(given.name, model.attributes) or next(
        (name for name in model.attributes if name.lower().startswith(given.name.lower())), None
    )
    related = [Related(model.path, model.span[0], f"{model.name} is defined here")]
    if given.scope.module.path != query.path or given.node.line != query.call.line:
        related.append(Related(query.path, query.call.line, f"{model.name}.{query.method} gets it"))
    shown = f"`{given.name}`, which is no attribute"
    if len(names) > 1:
        shown = f"{listed(names)}, which are no attributes"
    return Defect(
        given.scope.module.path,
        given.node,
        f"{model.name}.{query.method}() is given {shown} of {model.name} "
        f"({listed(model.attributes)}).",
        "Sequelize leaves out names that the model does not have, without an error: the value is "
        "never stored.",
        f"Write `{near}`." if near else f"Name an attribute of {model.name}, or define this one.",
        f"{model.name}.{given.name} stored",
        tuple(related),
    )


def _is_read_before(given: _Given) -> bool:
    """The object is a carrier: the program itself reads the name from it (``data.password``)."""
    for name, scope in given.holders:
        for node in s.walk(scope.function.node):
            match node:
                case s.Attribute(value=s.Name(id=base), name=read):
                    if (base, read) == (name, given.name):
                        return True
    return False


def _names(
    models: Models, values: s.Expr, scope: Scope, many: bool, depth: int
) -> Iterator[_Given]:
    """The names of the values that a query is given."""
    if depth > _MAX_DEPTH:
        return
    origins = models.origins
    for origin in origins.of(values, scope).origins:
        if origin.element:
            continue
        if many:
            yield from _of_each(models, origin.expr, origin.scope, depth)
        elif isinstance(origin.expr, s.Mapping):
            for key, value, inner in origins.entries(origin):
                if key is None:
                    yield from _names(models, value, inner, False, depth + 1)
                elif isinstance(key, s.Literal):
                    if isinstance(key.value, str):
                        yield _Given(key.value, key, inner, origin.names)
                else:
                    for text, node, there in origins.texts(key, inner) or ():
                        yield _Given(text, node, there, origin.names)


def _of_each(models: Models, expr: s.Expr, scope: Scope, depth: int) -> Iterator[_Given]:
    if isinstance(expr, s.Sequence):
        for item in expr.items:
            if not isinstance(item, s.Starred):
                yield from _names(models, item, scope, False, depth + 1)
    elif isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute):
        callback = callback_of(expr) if expr.func.name == "map" else None
        for statement in callback.body if callback is not None else ():
            if isinstance(statement, s.Return) and isinstance(statement.value, s.Mapping):
                inner = models.model.scope_of(statement.value)
                yield from _names(models, statement.value, inner, False, depth + 1)


def _columns(model: SequelizeModel) -> set[str]:
    return {name for item in model.attributes.values() if (name := column_of(model, item))}


def _is_known(models: Models, query: Query, name: str) -> bool:
    model = query.model
    if name in model.attributes or name in model.accessors or model.alias(name) is not None:
        return True
    if name.startswith(("_", "$")) or not name.isidentifier():
        return True
    # hooks of the model may take it from there
    return name in _read_names(models, model.path)


def _read_names(models: Models, path: str) -> set[str]:
    module = models.model.modules.get(path)
    if module is None:
        return set()
    found: set[str] = set()
    for node in s.walk(module):
        if isinstance(node, s.Attribute):
            found.add(node.name)
        elif isinstance(node, s.Subscript) and isinstance(node.index, s.Literal):
            found.add(str(node.index.value))
    return found
