"""TypeORM: names in conditions, orders and selections that the entity does not map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.options import Use
from ci_gate.codemodel.typeorm.typeorm import Typeorm
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed, nearest

_SAYS: Final = {
    "where": "The condition on {entity} names `{name}`",
    "select": "The query selects `{name}` of {entity}",
    "order": "The query orders {entity} by `{name}`",
    "data": "{entity} is to store `{name}`",
    "set": "The update of {entity} sets `{name}`",
}
FAILS: Final = (
    "TypeORM throws {error} before it asks the database: every request that takes this way answers "
    "500."
)
_NOT_FOUND: Final = 'EntityPropertyNotFoundError (Property "{name}" was not found in "{entity}")'


def undefined_properties(typeorm: Typeorm) -> Iterator[Defect]:
    """Names of plain properties; those of ``relations`` are another rule's."""
    seen: set[tuple[s.Node, str]] = set()
    for query in typeorm.queries.all:
        for use in typeorm.options.uses(query):
            if use.how == "relations" or (use.key, use.name) in seen:
                continue
            if use.options:
                seen.add((use.key, use.name))
                yield _misplaced(use)
            elif use.entity is not None and is_missing(typeorm, use, use.entity):
                seen.add((use.key, use.name))
                yield _missing(use, use.entity)


def is_missing(typeorm: Typeorm, use: Use, entity: TypeormEntity) -> bool:
    """Is the name surely none that the entity maps?"""
    name = use.name
    if not entity.known or not entity.properties() or entity.has(name):
        return False
    if not name.isidentifier() or name == "constructor" or (use.how == "data" and entity.tree):
        return False
    if use.how == "data" and name in entity.others:
        return False
    handed_on = use.scope.function is not use.query.scope.function
    return not (handed_on and name in typeorm.options.deleted)


def _missing(use: Use, entity: TypeormEntity) -> Defect:
    name = use.name
    near = nearest(name, entity.properties())
    says = _SAYS[use.how].format(entity=entity.name, name=name)
    why = FAILS.format(error=_NOT_FOUND.format(name=name, entity=entity.name))
    fix = f"Write `{near}`." if near else f"Name a property of {entity.name}, or map this one."
    if near in entity.relations and use.how != "data":
        fix = f"Write `{near}: {{ id: … }}`: `{near}` is a relation."
    has = f"and {entity.name} maps {listed(entity.properties())}"
    if use.how == "data":
        why = (
            "TypeORM leaves out what the entity does not map, and says nothing: the value is never "
            "stored."
        )
    elif name in entity.undecorated:
        has = (
            f"which {entity.name} has and no decorator maps: it maps {listed(entity.properties())}"
        )
        fix = f"Put `@Column()` on {entity.name}.{name}, or name a property that is mapped."
    return Defect(
        use.scope.module.path,
        use.key,
        f"{says}, {has}.",
        why,
        fix,
        f"{entity.name}.{name}",
        places(use, entity),
    )


def places(use: Use, entity: TypeormEntity) -> tuple[Related, ...]:
    """Where the entity is, and the query where the name stands elsewhere."""
    found = [Related(entity.path, entity.span[0], f"{entity.name} is mapped here")]
    query = use.query
    if use.scope.module.path != query.path or abs(use.key.line - query.call.line) > 1:
        found.append(Related(query.path, query.call.line, f"{query.label}() gets it"))
    return tuple(found)


def _misplaced(use: Use) -> Defect:
    query = use.query
    entity = query.entity.name if query.entity is not None else "the entity"
    return Defect(
        use.scope.module.path,
        use.key,
        f"`{query.method}()` is given options with `where` in the place of its condition.",
        f"`{query.method}` takes the condition itself and looks for a property `where`: "
        + FAILS.format(error=_NOT_FOUND.format(name="where", entity=entity)),
        f"Give it what stands under `where`: `{query.method}({{ … }})`.",
        f"{query.label} where",
        (Related(query.entity.path, query.entity.span[0], f"{entity} is mapped here"),)
        if query.entity is not None
        else (),
    )
