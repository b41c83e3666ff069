"""Columns and relations of Django's and Tortoise's models."""

from __future__ import annotations

from collections.abc import Sequence

from ci_gate.codemodel.entities.django.assemble import Assembly
from ci_gate.codemodel.entities.django.models import Models
from ci_gate.codemodel.entities.facts import Entity
from ci_gate.codemodel.entities.tortoise import tortoise_entities
from ci_gate.codemodel.model import CodeModel


def django_entities(model: CodeModel, found: Sequence[Entity]) -> dict[Entity, Entity]:
    """Each entity of ``found`` with its columns and relations."""
    models = Models(model, [item for item in found if item.kind == "django"])
    assembly = Assembly(models)
    tortoise = tortoise_entities(model, [item for item in found if item.kind == "tortoise"])
    return {**{item.entity: assembly.entity(item) for item in models}, **tortoise}
