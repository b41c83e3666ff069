"""Prisma: names that the schema does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.prisma.arguments import Use
from ci_gate.codemodel.prisma.client import Client, NoModel
from ci_gate.codemodel.prisma.facts import PrismaModel
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed, nearest

_SAYS: Final = {
    "where": "The condition on {model} names `{name}`",
    "unique": "The unique look-up of {model} names `{name}`",
    "select": "The query selects `{name}` of {model}",
    "omit": "The query omits `{name}` of {model}",
    "order": "The query orders {model} by `{name}`",
    "list": "The query on {model} lists `{name}`",
    "data": "{model} is to store `{name}`",
}
FAILS: Final = (
    "Prisma throws PrismaClientValidationError ({error}) before it asks the database: every "
    "request that takes this way answers 500."
)


def undefined_names(client: Client) -> Iterator[Defect]:
    for missing in client.without_model:
        yield _no_model(missing)
    if client.extensions.unknown:
        return
    seen: set[tuple[s.Node, str]] = set()
    for query in client.all:
        for use in client.arguments.uses(query):
            if use.how == "include" or (use.key, use.name) in seen or not _is_missing(client, use):
                continue
            seen.add((use.key, use.name))
            yield _missing(use)


def _is_missing(client: Client, use: Use) -> bool:
    model, name = use.model, use.name
    if not model.known or name in model.fields or not name.isidentifier():
        return False
    handed_on = use.scope.function is not use.query.scope.function
    if handed_on and name in client.arguments.deleted:
        return False
    if use.how == "unique":
        return name not in model.uniques
    if use.how in ("select", "omit"):
        return name != "_count" and name not in client.extensions.fields
    return True


def _missing(use: Use) -> Defect:
    model, name = use.model, use.name
    says = _SAYS[use.how].format(model=model.name, name=name)
    near = nearest(name, model.fields)
    unknown = "field" if use.how in ("select", "omit") else "argument"
    fix = f"Write `{near}`." if near else f"Name a field of {model.name}, or add it to the schema."
    has = f"and {model.name} has {listed(model.fields)}"
    if name in model.uniques and use.how == "where":
        has = "which only a unique look-up takes"
        fix = f"Name {listed(model.uniques[name])} in the condition, or ask with `findUnique`."
    related = [Related(model.path, model.line, f"{model.name} is defined here")]
    if use.scope.module.path != use.query.path or use.key.line != use.query.call.line:
        related.append(Related(use.query.path, use.query.call.line, f"{use.query.label}() gets it"))
    return Defect(
        use.scope.module.path,
        use.key,
        f"{says}, {has}.",
        FAILS.format(error=f"Unknown {unknown} `{name}`"),
        fix,
        f"{model.name}.{name}",
        tuple(related),
    )


def _no_model(missing: NoModel) -> Defect:
    schema = missing.schema
    name, method = missing.name, getattr(missing.call.func, "name", "")
    near = _meant(name, list(schema.models.values())) or nearest(name, schema.accessors())
    place = schema.paths[0]
    return Defect(
        missing.scope.module.path,
        missing.read,
        f"The client is asked for `{name}`, and the schema has no such model: it has "
        f"{listed(schema.accessors())}.",
        f"TypeError: Cannot read properties of undefined (reading '{method}'), each time the line "
        "runs.",
        f"Write `{near}`." if near else f"Add the model to {place}, or name one that it has.",
        f"client.{name}",
        (Related(place, 1, "the schema"),),
    )


def _meant(name: str, models: list[PrismaModel]) -> str | None:
    """The table or the plural was written instead of the model."""
    lower = name.lower()
    for model in models:
        if lower in (model.table.lower(), f"{model.name.lower()}s", model.name.lower()):
            return model.accessor
    return None
