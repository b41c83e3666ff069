"""Prisma: relations that are asked for or filled in another way than the schema has them."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.prisma.arguments import Level, Use
from ci_gate.codemodel.prisma.client import Client
from ci_gate.codemodel.prisma.facts import PrismaField
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._prisma_names import FAILS
from ci_gate.rules.orm._words import listed, nearest

_MANY = frozenset({"some", "every", "none"})
_CONVERTS = frozenset({"Number", "parseInt", "String", "BigInt", "parseFloat"})


def mismatched_relations(client: Client) -> Iterator[Defect]:
    if client.extensions.unknown:
        return
    seen: set[tuple[s.Node, str]] = set()
    for query in client.all:
        for level in client.arguments.levels(query):
            if level.origin.expr not in {node for node, _ in seen} and _both(level):
                seen.add((level.origin.expr, ""))
                yield _both_given(level)
        for use in client.arguments.uses(query):
            if (use.key, use.name) in seen or not use.model.known:
                continue
            found = _included(use) if use.how == "include" else _on_relation(client, use)
            if found is not None:
                seen.add((use.key, use.name))
                yield found


# --- select and include ---


def _both(level: Level) -> bool:
    """Are both written into the same literal, whatever happens?"""
    mapping = level.origin.expr
    assert isinstance(mapping, s.Mapping)
    return all(isinstance(mapping.get(name), s.Mapping) for name in ("select", "include"))


def _both_given(level: Level) -> Defect:
    model = level.model
    assert isinstance(level.origin.expr, s.Mapping)
    include = level.origin.expr.get("include")
    return Defect(
        level.origin.scope.module.path,
        include if include is not None else level.origin.expr,
        f"The query on {model.name} has `select` and `include` at the same level.",
        FAILS.format(error="Please either use `include` or `select`, but not both"),
        "Move what `include` names into `select`.",
        f"select and include of {model.name}",
        (Related(level.query.path, level.query.call.line, "the query"),)
        if level.origin.expr.line != level.query.call.line
        else (),
    )


def _included(use: Use) -> Defect | None:
    model, name = use.model, use.name
    relations = [item.name for item in model.relations()]
    if name == "_count" or not name.isidentifier():
        return None
    field = use.field
    has = listed(relations) if relations else "none"
    if field is None:
        near = nearest(name, relations)
        return _of(
            use,
            f"The query includes the relation `{name}` of {model.name}, which has {has}.",
            f"Unknown field `{name}` for include statement on model {model.name}",
            f"Write `{near}`." if near else f"Name a relation that {model.name} has.",
            None,
        )
    if field.is_relation or not field.known:
        return None
    return _of(
        use,
        f"The query includes `{name}`, which is a column of {model.name} and no relation ({has}).",
        f"Invalid scalar field `{name}` for include statement on model {model.name}",
        "Leave it out: an `include` loads all columns. To load only some, use `select`.",
        field,
    )


# --- conditions and values ---


def _on_relation(client: Client, use: Use) -> Defect | None:
    field, value = use.field, use.value
    if field is None or value is None or not field.is_relation or not field.known:
        return None
    if use.how in ("where", "unique"):
        if field.many:
            return _without_some(client, use, field, value)
        return _plain(client, use, field, value)
    if use.how == "data":
        return _stored(client, use, field, value)
    if use.how == "order" and isinstance(value, s.Literal) and value.value in ("asc", "desc"):
        target = field.target
        fix = (
            f"Order by the number of them: `{field.name}: {{ _count: '{value.value}' }}`."
            if field.many
            else f"Name a field of {target}: `{field.name}: {{ … : '{value.value}' }}`."
        )
        return _of(
            use,
            f"The query orders {use.model.name} by `{field.name}`, which is a relation to "
            f"{target} and no column.",
            f"Argument `{field.name}`: Invalid value provided",
            fix,
            field,
        )
    return None


def _without_some(client: Client, use: Use, field: PrismaField, value: s.Expr) -> Defect | None:
    for origin in client.arguments.mappings(value, use.scope):
        names = [name for name, *_ in client.arguments.entries(origin)]
        target = use.query.schema.target(field)
        if not names or target is None or set(names) & _MANY or not set(names) & set(target.fields):
            continue
        return _of(
            use,
            f"The condition on {use.model.name}.{field.name} does not say `some`, `every` or "
            f"`none`, and {field.name} is a list of {field.target}.",
            f"Unknown argument `{names[0]}`",
            f"Write `{field.name}: {{ some: {{ … }} }}`.",
            field,
        )
    return _plain(client, use, field, value)


def _plain(client: Client, use: Use, field: PrismaField, value: s.Expr) -> Defect | None:
    if not is_scalar(client, value, use.scope):
        return None
    key = field.keys[0] if len(field.keys) == 1 else None
    inner = field.references[0] if len(field.references) == 1 else "id"
    wanted = f"{{ some: {{ {inner}: … }} }}" if field.many else f"{{ {inner}: … }}"
    return _of(
        use,
        f"The condition compares `{use.model.name}.{field.name}` with a plain value, and "
        f"{field.name} is a relation to {field.target}.",
        f"Argument `{field.name}`: Invalid value provided",
        f"Compare `{key}`." if key else f"Write `{field.name}: {wanted}`.",
        field,
    )


def _stored(client: Client, use: Use, field: PrismaField, value: s.Expr) -> Defect | None:
    key = field.keys[0] if len(field.keys) == 1 else None
    inner = field.references[0] if len(field.references) == 1 else "id"
    if is_scalar(client, value, use.scope):
        given = "a plain value"
    elif isinstance(value, s.Sequence):
        given = "a list"
    elif any(not rows.many for rows, _ in client.rows.of(value, use.scope)):
        given = "a whole row"
    else:
        return None
    connect = f"`{field.name}: {{ connect: {{ {inner}: … }} }}`"
    return _of(
        use,
        f"`{use.model.name}.{field.name}` is to be stored as {given}, and it is a relation to "
        f"{field.target}.",
        f"Argument `{field.name}`: Invalid value provided",
        f"Store the key in `{key}`, or write {connect}."
        if key and given != "a list"
        else f"Write {connect} (or `create`).",
        field,
    )


def is_scalar(client: Client, expr: s.Expr, scope: Scope) -> bool:
    """Is it surely a text, a number or a key?"""
    if isinstance(expr, s.Literal):
        return expr.kind in ("string", "number", "bool")
    if isinstance(expr, s.Template):
        return expr.tag is None
    if isinstance(expr, s.Call):
        return isinstance(expr.func, s.Name) and expr.func.id in _CONVERTS
    name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
    if name != "id" and not (name.endswith("Id") and len(name) > 2):
        return False
    return not any(
        isinstance(item.expr, s.Mapping | s.Sequence | s.Call | s.Conditional)
        for item in client.origins.of(expr, scope).origins
    )


def _of(use: Use, message: str, error: str, fix: str, field: PrismaField | None) -> Defect:
    model = use.model
    related = [
        Related(field.path, field.line, f"{model.name}.{field.name} is defined here")
        if field is not None
        else Related(model.path, model.line, f"{model.name} is defined here")
    ]
    if use.scope.module.path != use.query.path or use.key.line != use.query.call.line:
        related.append(Related(use.query.path, use.query.call.line, f"{use.query.label}() gets it"))
    return Defect(
        use.scope.module.path, use.key, message, FAILS.format(error=error), fix,
        f"{model.name}.{use.name}", tuple(related),
    )  # fmt: skip
