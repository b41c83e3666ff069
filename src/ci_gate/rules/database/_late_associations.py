"""Sequelize: associations that are made when the tables are created already."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import Association
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.database._node_reached import is_tests


def associated_too_late(models: Models, syncs: list[tuple[s.Call, Scope]]) -> Iterator[Defect]:
    """Keys that only associations bring, made after the only ``await sequelize.sync()``."""
    own = [(call, scope) for call, scope in syncs if not is_tests(scope.module.path)]
    if len(own) != 1:
        return
    call, scope = own[0]
    around = next(iter(models.origins.surroundings.of(scope.module.path, call)), None)
    if around is None or not isinstance(around.node, s.Await):
        return
    late: list[tuple[Association, s.Node]] = []
    for model in models.all:
        for item in model.associations:
            at = _late(models, item, call, scope)
            if at is not None and _brings_key(item):
                late.append((item, at))
    if late:
        yield _defect(late, call, scope)


def _late(models: Models, item: Association, call: s.Call, scope: Scope) -> s.Node | None:
    """What makes the association after the call, in the same function."""
    function = item.scope.function
    if function is scope.function:
        return item.node if item.node.span > call.span else None
    edges = models.model.callers(function)
    if not edges or isinstance(function.node, s.Module):
        return None
    after = all(
        edge.reason == "call" and edge.caller is scope.function and edge.node.span > call.span
        for edge in edges
    )
    return edges[0].node if after else None


def _brings_key(item: Association) -> bool:
    """Is the key's column there by the association alone?"""
    if item.kind == "belongsToMany" or item.foreign_key is None:
        return False
    owner = item.source if item.kind == "belongsTo" else item.target
    key = owner.attributes.get(item.foreign_key)
    return key is not None and key.implied and (key.path, key.span) == (item.path, item.node.span)


def _defect(late: list[tuple[Association, s.Node]], call: s.Call, scope: Scope) -> Defect:
    first, at = late[0]
    owner = first.source if first.kind == "belongsTo" else first.target
    path = scope.module.path
    return Defect(
        path,
        at,
        f"The association {first.source.name}.{first.name} is made after `sync()`, which created "
        f"the table of {owner.name} without its key `{first.foreign_key}`.",
        f"On a fresh database every query of {owner.name} names the column `{first.foreign_key}`, "
        "which the table lacks.",
        "Make the associations before `sync()` is called.",
        f"{owner.name} synchronised before its associations",
        (
            Related(path, call.line, "the tables are created here"),
            Related(first.path, first.node.line, "the association brings the key"),
        ),
    )
