"""Columns that are not written as a plain call of the library."""

from __future__ import annotations

from ci_gate.codemodel.build import build
from ci_gate.codemodel.entities import Entities
from support.trees import MemoryTree

SOURCE = """\
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import column_property, declarative_base

Base = declarative_base()


def key():
    return Column(Integer, primary_key=True)


class Shelf(Base):
    __tablename__ = "shelf"
    id = key()


class Entry(Shelf):
    __tablename__ = "entry"
    id = column_property(Column(Integer, ForeignKey("shelf.id"), primary_key=True), Shelf.id)
    twice = column_property(Shelf.id + Shelf.id)
"""


def test_columns_by_a_function_of_the_project_and_within_column_property() -> None:
    entities = {e.name: e for e in Entities(build(MemoryTree({"app/models.py": SOURCE})))}
    assert entities["Shelf"].columns["id"].primary_key
    assert entities["Entry"].columns["id"].foreign_key == "shelf.id"
    assert "twice" not in entities["Entry"].columns
