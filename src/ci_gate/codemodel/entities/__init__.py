"""The classes and objects that an ORM maps to tables, with their columns and relations."""

from ci_gate.codemodel.entities.facts import Column, ColumnType, Entity, Loading, Relation
from ci_gate.codemodel.entities.find import find_entities
from ci_gate.codemodel.entities.registry import Entities

__all__ = ["Column", "ColumnType", "Entities", "Entity", "Loading", "Relation", "find_entities"]
