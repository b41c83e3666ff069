"""Sequelize: JSON values that are changed in place before the row is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import ModelAttribute, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.findings import Related, Severity
from ci_gate.rules._defects import Defect

_GROWING: Final = frozenset({
    "push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill",
})  # fmt: skip
_TYPES: Final = frozenset({"json", "array"})


def changed_in_place(models: Models) -> Iterator[Defect]:
    names = {
        name
        for model in models.all
        for name, item in model.attributes.items()
        if item.type in _TYPES
    }
    if not names:
        return
    for function in models.model.functions.values():
        if function.module.language == "python" or is_outside(function.module.path):
            continue
        if names.isdisjoint(item.name for item in models.model.attributes_in(function)):
            continue
        nodes = [
            node
            for statement in function.node.body
            for node in s.walk(statement, into_functions=False)
        ]
        for node, row, name in _changes(nodes, names):
            saved = _saved(nodes, row, node)
            if saved is None or _is_told(nodes, row, name):
                continue
            found = _attribute(models, row, name)
            if found is not None:
                yield _defect(function, node, row, found, saved)


def _changes(nodes: list[s.Node], names: set[str]) -> Iterator[tuple[s.Node, s.Name, str]]:
    """``row.settings.theme = x``, ``row.settings[key] = x`` and ``row.tags.push(x)``."""
    for node in nodes:
        match node:
            case s.Assign(
                targets=[
                    s.Attribute(value=s.Attribute(value=s.Name() as row, name=name))
                    | s.Subscript(value=s.Attribute(value=s.Name() as row, name=name))
                ]
            ) if name in names:
                yield node, row, name
            case s.Call(
                func=s.Attribute(value=s.Attribute(value=s.Name() as row, name=name), name=method)
            ) if name in names and method in _GROWING:
                yield node, row, name


def _saved(nodes: list[s.Node], row: s.Name, change: s.Node) -> s.Call | None:
    """The call of ``row.save()`` behind the change."""
    for node in nodes:
        match node:
            case s.Call(func=s.Attribute(value=s.Name(id=name), name="save")):
                if name == row.id and node.span > change.span:
                    return node
    return None


def _is_told(nodes: list[s.Node], row: s.Name, name: str) -> bool:
    """Does the function give the attribute a new value, or say that it has changed?"""
    for node in nodes:
        match node:
            case s.Assign(targets=[s.Attribute(value=s.Name(id=base), name=attribute)]):
                if base == row.id and attribute == name:
                    return True
            case s.Call(
                func=s.Attribute(
                    value=s.Name(id=base), name="changed" | "set" | "setDataValue" | "update"
                )
            ):
                if base == row.id:
                    return True
    return False


def _attribute(
    models: Models, row: s.Name, name: str
) -> tuple[SequelizeModel, ModelAttribute] | None:
    found = models.origins.of(row, models.model.scope_of(row))
    for origin in found.origins:
        rows = models.rows.at(origin)
        if rows is not None and not rows.many and rows.query.method != "build":
            attribute = rows.query.model.attributes.get(name)
            if attribute is not None and attribute.type in _TYPES:
                return rows.query.model, attribute
    return None


def _defect(
    function: FunctionInfo,
    node: s.Node,
    row: s.Name,
    found: tuple[SequelizeModel, ModelAttribute],
    saved: s.Call,
) -> Defect:
    model, attribute = found
    name = f"{row.id}.{attribute.name}"
    path = function.module.path
    return Defect(
        path,
        node,
        f"`{name}` is changed in place, and `{row.id}.save()` does not see it.",
        "Sequelize saves the attributes that were assigned: the row in "
        f"{model.table or model.name} keeps its old value, without an error.",
        f"Assign a new value (`{name} = {{ ...{name}, … }}`), or call "
        f"`{row.id}.changed('{attribute.name}', true)` before it is saved.",
        f"{function.name} changes {model.name}.{attribute.name}",
        (
            Related(path, saved.span[0], "saved here"),
            Related(attribute.path, attribute.span[0], "the attribute"),
        ),
        Severity.ERROR,
    )
