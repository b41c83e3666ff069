"""What SQLAlchemy does as it writes: with the objects of a deleted owner, with values made anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import OwnerDeleted
from ci_gate.codemodel.entities.sqlalchemy_columns import text_of

#: These may tie the objects together otherwise than by the foreign key that is seen.
_UNCERTAIN: Final = frozenset({
    "primaryjoin", "secondaryjoin", "remote_side", "sa_relationship", "sa_relationship_args",
    "cascade_backrefs", "post_update",
})  # fmt: skip


def owner_deleted(call: s.Call) -> OwnerDeleted | None:
    """As the ``relationship(...)`` says it for its own side."""
    given = settings_of(call)
    return None if given is None else _by(given)


def owner_deleted_of_backref(given: s.Expr, call: s.Call) -> OwnerDeleted | None:
    """For the relation that ``backref=`` makes: it has what ``backref(...)`` is given, and of the
    ``relationship(...)`` itself whether it is for viewing only."""
    outer = settings_of(call)
    if outer is None or _UNCERTAIN & outer.keys():
        return None
    if _flag(outer, "viewonly") is not False:
        return "left" if _flag(outer, "viewonly") else None
    if not isinstance(given, s.Call):
        return "nulled"
    inner = settings_of(given)
    return None if inner is None else _by(inner)


def settings_of(call: s.Call) -> Mapping[str, s.Expr] | None:
    """The keywords of a call, with those of SQLModel's ``sa_relationship_kwargs``."""
    found: dict[str, s.Expr] = {}
    for item in call.args:
        if item.star:
            return None
        if item.keyword == "sa_relationship_kwargs":
            if not isinstance(item.value, s.Mapping):
                return None
            for entry in item.value.entries:
                key = text_of(entry.key)
                if key is None:
                    return None
                found[key] = entry.value
        elif item.keyword is not None:
            found[item.keyword] = item.value
    return found


def _by(given: Mapping[str, s.Expr]) -> OwnerDeleted | None:
    if _UNCERTAIN & given.keys():
        return None
    for name, result in (("viewonly", "left"), ("cascade_delete", "deleted")):
        flag = _flag(given, name)
        if flag is None:
            return None
        if flag:
            return "left" if result == "left" else "deleted"
    if "cascade" in given:
        cascade = text_of(given["cascade"])
        if cascade is None:
            return None
        if {"all", "delete", "delete-orphan"} & {word.strip() for word in cascade.split(",")}:
            return "deleted"
    passive = given.get("passive_deletes")
    if passive is None:
        return "nulled"
    if not isinstance(passive, s.Literal):
        return None
    return "left" if passive.value else "nulled"


def _flag(given: Mapping[str, s.Expr], name: str) -> bool | None:
    """Whether the keyword is true; None where that cannot be seen."""
    value = given.get(name)
    if value is None:
        return False
    return bool(value.value) if isinstance(value, s.Literal) else None


def fetches_updates(mapper_args: s.Expr | None) -> bool | None:
    """Whether ``__mapper_args__`` say that an UPDATE brings back what the database worked out."""
    if not isinstance(mapper_args, s.Mapping):
        return None
    found: bool | None = False
    for entry in mapper_args.entries:
        key = text_of(entry.key)
        if key is None:
            found = None
        elif key == "eager_defaults":
            value = entry.value.value if isinstance(entry.value, s.Literal) else None
            return False if value == "auto" else value if isinstance(value, bool) else None
    return found
