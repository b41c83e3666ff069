"""Sequelize: two sides of a relation that use different foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import column_of
from ci_gate.codemodel.sequelize.facts import Association, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed

_WRITING: Final = ("set", "add", "create")
_WORD: Final = regex(r"\w+")


def different_keys(models: Models) -> Iterator[Defect]:
    """``A.hasMany(B)`` takes the key from A's name, ``B.belongsTo(A, { as })`` from the alias; or
    one of the two names a key that nothing else does."""
    named: set[str] | None = None
    for model in models.all:
        for item in model.associations:
            other = _other_side(item)
            unknown = _not_declared(item) if other is None else None
            if other is None and unknown is None:
                continue
            named = _names(models) if named is None else named
            key = item.foreign_key if unknown is None else unknown
            if key in named or not {*_writers(item)}.isdisjoint(named):
                continue
            if other is not None:
                yield _defect(models, item, other)
            elif unknown is not None:
                yield _unknown_key(item, unknown)


def _not_declared(item: Association) -> str | None:
    """The key of a ``belongsToMany`` that the model in between lacks, where that declares keys of
    its own."""
    through = item.through
    if item.kind != "belongsToMany" or not isinstance(through, SequelizeModel):
        return None
    if not through.known or through.decorated:
        return None
    own = _declared_keys(through)
    used = {key for key in (item.foreign_key, item.other_key) if key is not None}
    missing = [key for key in used if key not in own]
    if len(own) != 2 or len(used) != 2 or len(missing) != 1:
        return None
    attribute = through.attributes.get(missing[0])
    return missing[0] if attribute is not None and attribute.implied else None


def _declared_keys(through: SequelizeModel) -> list[str]:
    return [
        item.name
        for item in through.attributes.values()
        if not item.implied and (item.primary_key or item.references is not None)
    ]


def _unknown_key(item: Association, key: str) -> Defect:
    through = item.through
    assert isinstance(through, SequelizeModel)
    own = _declared_keys(through)
    left = next(name for name in own if name not in (item.foreign_key, item.other_key))
    return Defect(
        item.path,
        item.node,
        f"{item.source.name}.belongsToMany({item.target.name}) looks for `{key}` in "
        f"{through.name}, which has {listed(own)}.",
        f"Sequelize adds a column `{key}` that nothing stores: `{item.name}` of a "
        f"{item.source.name} is empty, or the query fails where the table has no such column.",
        f"Write `{left}` in place of `{key}`.",
        f"{item.source.name} {item.name} by {key}",
        (Related(through.path, through.span[0], f"{through.name} is declared here"),),
    )


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
    forth = [
        a for a in source.associations if a.target is target and a.kind in ("hasMany", "hasOne")
    ]
    if len(back) != 1 or len(forth) != 1 or item.foreign_key is None:
        return None
    attribute = target.attributes.get(item.foreign_key)
    if attribute is None or not attribute.implied or attribute.path != item.path:
        return None
    stored = target.attributes.get(back[0].foreign_key or "")
    if stored is None or target.underscored is None:
        return None
    same = column_of(target, stored) == column_of(target, attribute)
    return None if same or back[0].foreign_key == item.foreign_key else back[0]


def _writers(item: Association) -> Iterator[str]:
    """The methods that store the key by themselves."""
    return (name for name in item.accessors() if name.startswith(_WRITING))


def _names(models: Models) -> set[str]:
    """Every name that the program writes, but for the keys that associations are given."""
    found: set[str] = set()
    given = {
        id(node)
        for model in models.all
        for item in model.associations
        for entry in s.walk(item.node)
        if isinstance(entry, s.Entry) and _is_key(entry)
        for node in s.walk(entry)
    }
    for path, module in models.model.modules.items():
        if module.language == "python" or is_outside(path):
            continue
        for node in nodes_of(module):
            match node:
                case s.Attribute(name=name) | s.Name(id=name):
                    found.add(name)
                case s.Literal(value=str(text)) if id(node) not in given:
                    found.update(_WORD.findall(text))
    return found


def _is_key(entry: s.Entry) -> bool:
    return isinstance(entry.key, s.Literal) and entry.key.value in ("foreignKey", "otherKey")


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
