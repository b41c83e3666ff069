"""Which layer each file plays: as written in the configuration, else worked out from names and
confirmed by what the files do."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from ci_gate.architecture import names
from ci_gate.architecture.content import Content, read
from ci_gate.architecture.model import Architecture, Assignment, Layer, Role, Style
from ci_gate.architecture.roles import Played, Roles, confirm
from ci_gate.architecture.written import written
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.config import Config
from ci_gate.stack.model import Stack

_RANK: Final = {Role.PRESENTATION: 0, Role.SERVICE: 1, Role.DATA_ACCESS: 2, Role.MODEL: 3}
_TITLE: Final = {
    Role.PRESENTATION: "presentation",
    Role.SERVICE: "service",
    Role.DATA_ACCESS: "data access",
    Role.MODEL: "model",
}


def infer(model: CodeModel, stack: Stack, config: Config, access: DataAccess) -> Architecture:
    """The architecture of a tree.

    Raises:
        ConfigError: the configuration names an architecture that does not exist.
    """
    if config.architecture.layers or config.architecture.style != "auto":
        return written(model, config)
    content = read(model, access)
    architecture = Architecture("none", False, False, ())
    layers = {role: Layer(_TITLE[role], role, _RANK[role]) for role in _RANK}
    roots = sorted((service.root for service in stack.services), key=len, reverse=True)
    paths = [p for p in sorted(model.modules) if not is_outside(p) and _in_service(p, roots)]
    roles = Roles(paths, content)
    played: dict[str, Played] = {}
    for path in paths:
        if _wires(path, content, roles):
            architecture.composition_roots[path] = "wires the layers together"
        elif (found := roles.of(path)) is not None:
            played[path] = found
        else:
            architecture.shared.add(path)
    confirmed = confirm(played)
    for path in roles.beside_routes(sorted(architecture.shared), confirmed):
        architecture.shared.discard(path)
        reason = "stands among routes, and only they and the wiring use it"
        architecture.of[path] = Assignment(layers[Role.PRESENTATION], reason, confirmed=True)
    for path, found in confirmed.items():
        architecture.of[path] = Assignment(layers[found.role], found.reason, found.sure)
    used = {assignment.layer for assignment in architecture.of.values() if assignment.confirmed}
    architecture.layers = tuple(sorted(used, key=lambda layer: layer.rank))
    architecture.style = _style(architecture, stack)
    architecture.evidence = _evidence(architecture)
    return architecture


def service_of(path: str, stack: Stack) -> str | None:
    """The root of the service that a file belongs to."""
    roots = sorted((service.root for service in stack.services), key=len, reverse=True)
    return next((r for r in roots if r == "." or path.startswith(r + "/")), None)


def _in_service(path: str, roots: list[str]) -> bool:
    return any(root == "." or path.startswith(root + "/") for root in roots)


def _wires(path: str, content: dict[str, Content], roles: Roles) -> bool:
    """A composition root: by its name, or because it brings several files of routes together;
    unless it declares or handles routes itself."""
    own = content[path]
    if own.handlers:
        return False
    if names.is_composition_name(path):
        return True
    brought = sum(content[other].routes for other in own.imports)
    return brought > 1 and not roles.named(path, Role.PRESENTATION)


def _style(architecture: Architecture, stack: Stack) -> Style:
    if not architecture.layers:
        return "none"
    paths = [path for path, found in architecture.of.items() if found.confirmed]
    if stack.has("django"):
        return "django"
    folders = {part for path in paths for part in path.split("/")[:-1]}
    if folders & {"domain", "core"} and folders & {"impl", "infrastructure", "adapters"}:
        return "ports-and-adapters"
    by_folder: defaultdict[str, set[Role]] = defaultdict(set)
    for path in paths:
        by_folder[posixpath.dirname(path)].add(architecture.of[path].layer.role)
    mixed = sum(len(roles) > 1 for roles in by_folder.values())
    return "feature-first" if mixed > 1 and mixed * 3 >= len(by_folder) else "layered"


def _evidence(architecture: Architecture) -> tuple[str, ...]:
    counted = Counter(
        assignment.layer.name for assignment in architecture.of.values() if assignment.confirmed
    )
    return tuple(f"{counted[layer.name]} files of {layer.name}" for layer in architecture.layers)


def directories(architecture: Architecture, layer: Layer) -> list[str]:
    """The directories that make up a layer; single files where a directory holds others too.

    A directory that is named for the layer stands for it as a whole, so that a file that is added
    there belongs to it: composition roots and shared files in it (:func:`shared_within`) are
    exceptions, and have to be listed as such.
    """
    confirmed = {path: found.layer for path, found in architecture.of.items() if found.confirmed}
    mine = _folders(path for path, found in confirmed.items() if found is layer)
    others = {
        above
        for folder in _folders(path for path, found in confirmed.items() if found is not layer)
        for above in _upwards(folder)
    }
    loose = _folders((*_loose(architecture), *architecture.composition_roots))
    return sorted(
        place
        for folder, paths in mine.items()
        for place in (
            paths if folder in others or (folder in loose and not _named(folder, layer.role))
            else [folder]
        )
    )  # fmt: skip


def shared_within(architecture: Architecture) -> list[str]:
    """The files that lie in a layer's directory and belong to no layer for certain."""
    places = {place for layer in architecture.layers for place in directories(architecture, layer)}
    return sorted(
        path
        for path in _loose(architecture)
        if posixpath.basename(path) != "__init__.py"
        and not places.isdisjoint(_upwards(posixpath.dirname(path) or "."))
    )


def _loose(architecture: Architecture) -> list[str]:
    unsure = [path for path, found in architecture.of.items() if not found.confirmed]
    return [*unsure, *architecture.shared]


def _named(folder: str, role: Role) -> bool:
    inside = names.hints(f"{folder}/__init__.py")
    return any(hint.folder == folder and hint.role is role for hint in inside)


def _upwards(folder: str) -> list[str]:
    """A directory and those above it; ``.`` is the root."""
    found = ["."]
    while folder not in ("", "."):
        found.append(folder)
        folder = posixpath.dirname(folder)
    return found


def _folders(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        if posixpath.basename(path) != "__init__.py":
            found.setdefault(posixpath.dirname(path) or ".", []).append(path)
    return found
