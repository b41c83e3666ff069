"""Columns and relations of Django's and Tortoise's models."""

from __future__ import annotations

from collections.abc import Sequence

from ci_gate.codemodel.entities.facts import Entity
from ci_gate.codemodel.model import CodeModel


def django_entities(model: CodeModel, found: Sequence[Entity]) -> dict[Entity, Entity]:
    """Each entity of ``found`` with its columns and relations."""
    del model
    return {item: item for item in found}
