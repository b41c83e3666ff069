"""Sequelize: includes that no association answers, and associations that clash."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sequelize.facts import Association, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Include, Query
from ci_gate.codemodel.sequelize.references import Reference, Step
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed, nearest


def mismatches(models: Models) -> Iterator[Defect]:
    seen: set[tuple[s.Node, str]] = set()
    scoped = [item.query for item in models.scopes.used()]
    for query in (*models.queries.all, *scoped):
        for include in models.queries.includes(query):
            key = include.node, include.source.name
            found = _mismatch(include) if key not in seen else None
            seen.add(key)
            if found is not None:
                yield found
        yield from _orders(models, query, seen)
    for model in models.all:
        yield from _clashes(models, model)


def _orders(models: Models, query: Query, seen: set[tuple[s.Node, str]]) -> Iterator[Defect]:
    """``order: [[{ model: User, as: 'writer' }, 'name']]`` asks the model's associations."""
    for reference in models.references.of(query):
        source = query.model
        if reference.how != "path" or (reference.node, source.name) in seen:
            continue
        for step in reference.steps:
            if step.model is None:
                break
            there = [item for item in source.associations if item.target.name == step.model.name]
            association = next(
                (item for item in there if item.name == (step.name or step.model.name)
                 or (step.name is None and item.alias is None)), None,
            )  # fmt: skip
            if association is not None:
                source = association.target
                continue
            named = any(item.name == step.model.name for item in there)
            if source.associated and not source.decorated and not named:
                seen.add((reference.node, query.model.name))
                yield _order(query, reference, source, step, there)
            break


def _order(
    query: Query, reference: Reference, source: SequelizeModel, step: Step,
    there: list[Association],
) -> Defect:  # fmt: skip
    assert step.model is not None
    asked = f" as `{step.name}`" if step.name is not None else " without `as`"
    names = listed([item.name for item in there])
    has = (
        f"{source.name} calls that {names}"
        if there
        else f"{source.name} has no association with it"
    )
    return Defect(
        reference.path,
        reference.node,
        f"{query.title} is ordered by a column of {step.model.name}{asked}, and "
        f"{has}.",
        f"Sequelize throws \"Unable to find a valid association for model, '{step.model.name}'\" "
        "when the query runs: the request ends in a 500.",
        f"Write `{{ model: {step.model.name}, as: '{there[0].name}' }}`." if there
        else f"Order by an association that {source.name} has.",
        f"{source.name} ordered by {step.model.name}",
        tuple(
            Related(item.path, item.node.line, f"{source.name}.{item.kind} is called here")
            for item in there[:2]
        ),
    )  # fmt: skip


def _mismatch(include: Include) -> Defect | None:
    source, target, alias = include.source, include.target, include.alias
    if not include.certain or include.association is not None or not source.associated:
        return None
    if include.how != "model":
        return _no_such_name(include) if alias is not None else None
    if target is None:
        return None
    there = [item for item in source.associations if item.target.name == target.name]
    asked = f"includes {target.name}" + (f" as `{alias}`" if alias is not None else "")
    if not there:
        return _of(
            include,
            f"{_asker(include)} {asked}, and {source.name} has no association with {target.name}.",
            f"{target.name} is not associated to {source.name}!",
            f"Add `{source.name}.belongsTo({target.name}, …)` (or the kind that is meant) where "
            "the models are associated, or leave the include out.",
            [],
        )
    names = listed([item.name for item in there])
    if alias is None and len(there) == 1:
        return _of(
            include,
            f"{_asker(include)} includes {target.name} without `as`, and the association "
            f"is called {names}.",
            f"{target.name} is associated to {source.name} using an alias. You must use the 'as' "
            "keyword",
            f"Add `as: '{there[0].name}'` to the include.",
            there,
        )
    if alias is None:
        return _of(
            include,
            f"{_asker(include)} includes {target.name} without `as`, and there are "
            f"{len(there)} associations: {names}.",
            f"Alias cannot be inferred: {source.name} has multiple relations with {target.name}"
            if source.decorated
            else f"{target.name} is associated to {source.name} multiple times",
            f"Add `as:` with the one that is meant ({names}).",
            there,
        )
    near = nearest(alias, {item.name for item in there}) or there[0].name
    if all(item.alias is None for item in there):
        fix = f"Leave `as` out, or give the association `as: '{alias}'`."
    else:
        fix = f"Write `as: '{near}'`, or give the association that name."
    return _of(
        include,
        f"{_asker(include)} {asked}, and its association with {target.name} is called {names}.",
        f"You've included an alias ({alias}), but it does not match the alias(es) defined in your "
        f"association ({', '.join(item.name for item in there)})"
        if len(there) == 1
        else f"{target.name} is associated to {source.name} multiple times",
        fix,
        there,
    )


def _no_such_name(include: Include) -> Defect | None:
    source, alias = include.source, include.alias
    assert alias is not None
    unnamed = [item for item in source.associations if item.alias is None]
    if any(item.name[:3].lower() == alias[:3].lower() for item in unnamed):
        return None  # Sequelize's own plural may be another than ours
    names = [item.name for item in source.associations]
    near = nearest(alias, set(names))
    return _of(
        include,
        f"{include.query.title} includes the association `{alias}` of {source.name}, which has "
        f"{listed(names) if names else 'none'}.",
        f'Association with alias "{alias}" does not exist on {source.name}',
        f"Write `{near}`." if near else f"Name an association that {source.name} has.",
        [item for item in source.associations if item.name == near],
    )


def _asker(include: Include) -> str:
    """Who includes it; what stands in a nested include is asked of that include's model."""
    if include.source is include.query.model:
        return include.query.title
    return f"The query on {include.source.name}"


def _of(include: Include, message: str, error: str, fix: str, there: list[Association]) -> Defect:
    related = [
        Related(item.path, item.node.line, f"{item.source.name}.{item.kind} is called here")
        for item in there[:3]
    ]
    if include.node.line != include.query.call.line or include.path != include.query.path:
        call = include.query.call
        related.append(Related(include.query.path, call.line, "the query that asks for it"))
    name = include.alias or (include.target.name if include.target is not None else "")
    kind = "Error" if error.startswith("Alias cannot") else "EagerLoadingError"
    return Defect(
        include.path,
        include.node,
        message,
        f'Sequelize throws "{kind}: {error}" when the query runs: every request that takes this '
        "way answers 500.",
        fix,
        f"{include.source.name} includes {name}",
        tuple(related),
    )


def _clashes(models: Models, model: SequelizeModel) -> Iterator[Defect]:
    """Two associations of one name, both made whatever happens."""
    first: dict[str, Association] = {}
    for item in model.associations:
        if item.alias is None or item.source.decorated or _depends(models, item):
            continue
        earlier = first.setdefault(item.alias, item)
        if earlier is item or (earlier.path == item.path and earlier.node.span == item.node.span):
            continue
        yield Defect(
            item.path,
            item.node,
            f"{model.name} has two associations called `{item.alias}`.",
            "Sequelize throws AssociationError (the alias is used in two separate associations) "
            "when the models are loaded: the service does not start.",
            "Give one of them another name.",
            f"{model.name} associates {item.alias} twice",
            (Related(earlier.path, earlier.node.line, "the other one"),),
        )


def _depends(models: Models, item: Association) -> bool:
    """Is the association made under a condition?"""
    for enclosing in models.origins.surroundings.of(item.path, item.node):
        if isinstance(enclosing.node, s.Function):
            return False
        if isinstance(enclosing.node, s.If | s.Conditional | s.Binary | s.Switch | s.Try):
            return True
    return False
