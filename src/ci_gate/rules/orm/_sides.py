"""Sequelize: two sides of a relation that use different foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import Association
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect

_WRITING: Final = ("set", "add", "create")
_WORD: Final = regex(r"\w+")


def different_keys(models: Models) -> Iterator[Defect]:
    """``A.hasMany(B)`` takes the key from A's name, ``B.belongsTo(A, { as })`` from the alias."""
    named: set[str] | None = None
    for model in models.all:
        for item in model.associations:
            other = _other_side(item)
            if other is None:
                continue
            named = _names(models) if named is None else named
            key = item.foreign_key
            if key in named or not {*_writers(item)}.isdisjoint(named):
                continue
            yield _defect(models, item, other)


def crossed_keys(models: Models) -> Iterator[Defect]:
    """``belongsToMany`` over one model whose two sides use its columns the other way round."""
    for model in models.all:
        for item in model.associations:
            other = _crossed(item)
            if other is not None:
                yield _crossed_defect(item, other)


def _crossed(item: Association) -> Association | None:
    """The side made before it that takes the key of this side's source for its own."""
    through = item.through
    if item.kind != "belongsToMany" or item.source is item.target or through is None:
        return None
    back = [
        other
        for other in item.target.associations
        if other.kind == "belongsToMany"
        and other.target is item.source
        and other.through == through
    ]
    if len(back) != 1 or not _names_both(item) or not _names_both(back[0]):
        return None
    other = back[0]
    same = (item.foreign_key, item.other_key) == (other.foreign_key, other.other_key)
    later = (other.path, other.node.span) < (item.path, item.node.span)
    return other if same and later else None


def _names_both(item: Association) -> bool:
    return (
        item.foreign_key is not None
        and item.other_key is not None
        and item.foreign_key != item.other_key
    )


def _crossed_defect(item: Association, other: Association) -> Defect:
    source, target, key = item.source.name, item.target.name, item.foreign_key
    return Defect(
        item.path,
        item.node,
        f"{source}.belongsToMany({target}) and {target}.belongsToMany({source}) both take `{key}` "
        "for the key of their own side.",
        "One of the two reads and writes the columns the other way round: the rows of "
        f"`{item.name}` and of `{other.name}` are those of other objects.",
        f"Exchange `foreignKey` and `otherKey` on the side where `{key}` is not the key of the "
        "model that the method is called on.",
        f"{source} {item.name} crossed",
        (Related(other.path, other.node.line, "the other side, with the same keys"),),
    )


def _other_side(item: Association) -> Association | None:
    """The one ``belongsTo`` that answers a ``hasMany`` or ``hasOne`` whose key nobody names, where
    it stores another key."""
    source, target = item.source, item.target
    if item.kind not in ("hasMany", "hasOne") or source is target or source.decorated:
        return None
    if not all(model.known and model.associated for model in (source, target)):
        return None
    back = [a for a in target.associations if a.kind == "belongsTo" and a.target is source]
    forth = [a for a in source.associations if a.target is target and a.kind != "belongsTo"]
    if len(back) != 1 or len(forth) != 1 or item.foreign_key is None:
        return None
    attribute = target.attributes.get(item.foreign_key)
    if attribute is None or not attribute.implied or attribute.path != item.path:
        return None
    return back[0] if back[0].foreign_key not in (None, item.foreign_key) else None


def _writers(item: Association) -> Iterator[str]:
    """The methods that store the key by themselves."""
    return (name for name in item.accessors() if name.startswith(_WRITING))


def _names(models: Models) -> set[str]:
    """Every name that the program writes."""
    found: set[str] = set()
    for path, module in models.model.modules.items():
        if module.language == "python" or is_outside(path):
            continue
        for node in nodes_of(module):
            match node:
                case s.Attribute(name=name) | s.Name(id=name):
                    found.add(name)
                case s.Literal(value=str(text)):
                    found.update(_WORD.findall(text))
    return found


def _defect(models: Models, item: Association, other: Association) -> Defect:
    source, target = item.source.name, item.target.name
    mine, theirs = item.foreign_key, other.foreign_key
    assert mine is not None
    assert theirs is not None
    same = mine.lower() == theirs.lower() and models.instances.dialect in ("sqlite", "mysql")
    why = (
        f"The table of {target} is to have a column twice, `{mine}` and `{theirs}`, which differ "
        'in case only: `sync()` fails with "duplicate column name".'
        if same
        else f"The table of {target} gets both columns. Nothing stores `{mine}`, so "
        f"`{item.name}` of a {source} is always empty."
    )
    return Defect(
        item.path,
        item.node,
        f"{source}.{item.kind}({target}) looks for `{mine}`, and "
        f"{target}.belongsTo({source}) stores `{theirs}`.",
        why,
        f"Give both sides the same key: `foreignKey: '{theirs}'`.",
        f"{source} {item.name} by {mine}",
        (Related(other.path, other.node.line, f"the other side, with `{theirs}`"),),
    )
