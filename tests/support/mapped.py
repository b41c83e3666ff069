"""Entities of small programs, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ci_gate.codemodel.build import build
from ci_gate.codemodel.entities import Column, Entities, Entity, Relation
from ci_gate.codemodel.model import CodeModel
from support.trees import MemoryTree


class Mapped:
    """The entities of a program."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.model: CodeModel = build(
            MemoryTree({path: textwrap.dedent(text) for path, text in files.items()})
        )
        self.entities = Entities(self.model)

    def __getitem__(self, name: str) -> Entity:
        [found] = [item for item in self.entities if item.name == name]
        return found

    def columns(self, name: str) -> dict[str, str]:
        return {column.name: column_words(column) for column in self[name].columns.values()}

    def relations(self, name: str) -> dict[str, str]:
        return {item.name: relation_words(item) for item in self[name].relations.values()}


def column_words(column: Column) -> str:
    """``text null unique`` and the like; ``(x)`` is a name in the table of its own."""
    words = [column.type or "?"]
    if column.column != column.name:
        words.append(f"({column.column})")
    if column.primary_key:
        words.append("key")
    elif column.unique:
        words.append("unique")
    if column.nullable is None:
        words.append("null?")
    elif column.nullable:
        words.append("null")
    if column.default and not column.primary_key:
        words.append("default")
    if column.foreign_key is not None:
        words.append(f"-> {column.foreign_key}")
    return " ".join(words)


def relation_words(relation: Relation) -> str:
    """``many Comment back article`` and the like."""
    words = ["many" if relation.many else "one", relation.target or "?"]
    if relation.back is not None:
        words.append(f"back {relation.back}")
    if relation.lookup is not None:
        words.append(f"lookup {relation.lookup}")
    if relation.secondary is not None:
        words.append(f"by {relation.secondary}")
    if relation.implied:
        words.append("implied")
    return " ".join(words)
