"""Which layer each file plays, how that is known, and which imports between layers are allowed."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Literal

from ci_gate.data import dataclass

Style = Literal["layered", "feature-first", "ports-and-adapters", "django", "written", "none"]


class Role(StrEnum):
    """What a layer is for, whatever a project calls it. Order: from the outside in."""

    PRESENTATION = "presentation"  # routes, controllers, views, handlers
    SERVICE = "service"  # services, use cases, flows, commands
    DATA_ACCESS = "data-access"  # repositories, dao, crud, queries, selectors
    MODEL = "model"  # entities, ORM models, tables, domain
    OTHER = "other"  # a written layer without one of these roles


@dataclass(frozen=True, slots=True)
class Layer:
    """``rank`` is 0 for the outermost; an import from a greater to a smaller rank is upward.

    ``may_import``: names of the layers it may import, when the architecture lists them (else: any
    of a greater rank, or only the next one where ``Architecture.strict``).
    """

    name: str
    role: Role
    rank: int
    patterns: tuple[str, ...] = ()
    may_import: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Why a file belongs to a layer. ``confirmed``: its code does what the layer's role is."""

    layer: Layer
    reason: str
    confirmed: bool


@dataclass(slots=True)
class Architecture:
    """The layers of one repository (all its services).

    ``written``: taken from config; its breaches always block. ``of`` gives each source file's
    assignment; files without one (shared helpers, composition roots, tests) are in no layer.
    """

    style: Style
    written: bool
    strict: bool
    layers: tuple[Layer, ...]
    of: dict[str, Assignment] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)  # files of the services that are in no layer
    composition_roots: dict[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()

    def layer(self, path: str) -> Layer | None:
        found = self.of.get(path)
        return found.layer if found else None
