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
    for path in sorted(model.modules):
        if is_outside(path) or not _in_service(path, roots):
            continue
        if _wires(path, content):
            architecture.composition_roots[path] = "wires the layers together"
            continue
        found = _role(path, content[path], content)
        if found is not None:
            role, reason, sure = found
            architecture.of[path] = Assignment(layers[role], reason, sure)
        else:
            architecture.shared.add(path)
    _confirm(architecture)
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


def _wires(path: str, content: dict[str, Content]) -> bool:
    """A composition root: by its name, or because it brings several files of routes together;
    unless it declares or handles routes itself."""
    own = content[path]
    if own.handlers:
        return False
    if names.is_composition_name(path):
        return True
    brought = sum(content[other].routes for other in own.imports)
    return brought > 1 and not _named(path, Role.PRESENTATION)


def _role(path: str, own: Content, content: dict[str, Content]) -> tuple[Role, str, bool] | None:
    """The role of a file, why, and whether the file itself shows it."""
    found = names.hints(path)
    strong = [hint for hint in found if hint.strong]
    own_name = [h for h in found if h.where != "directory"]
    if names.in_neutral_directory(path) and not any(hint.where == "file" for hint in found):
        return None
    if names.is_neutral(path) and not own_name:
        candidates = [h for h in strong if h.where == "directory" and not _weak_between(path, h)]
        if not candidates or own.data_only:
            return None
    if own.data_only and not own.entities and not _plain_model(path, content, found):
        return None
    for hint in _order(found):
        sure = _shows(hint, path, own, content)
        if sure:
            return hint.role, f"{hint.where} name {hint.word!r}, and it {_doing(hint.role)}", True
        if _contradicts(hint, own, content):
            continue
        if hint.strong and hint.where != "stem":
            return hint.role, f"{hint.where} name {hint.word!r}", False
    return None


def _order(found: list[names.Hint]) -> list[names.Hint]:
    """File names before directories, inner directories before outer ones; but a directory that
    names a layer for certain goes before a doubtful one inside it."""
    files = [hint for hint in found if hint.where != "directory"]
    folders = [hint for hint in found if hint.where == "directory"]
    doubtful_files = [hint for hint in files if not hint.strong]
    certain_files = [hint for hint in files if hint.strong]
    strong = [hint for hint in folders if hint.strong]
    weak = [hint for hint in folders if not hint.strong]
    return [*certain_files, *strong, *doubtful_files, *weak]


def _weak_between(path: str, hint: names.Hint) -> bool:
    parent = posixpath.basename(posixpath.dirname(path)).lower()
    return parent != hint.word


def _plain_model(path: str, content: dict[str, Content], found: list[names.Hint]) -> bool:
    """Plain classes below ``models/`` are the model layer where no ORM has entities."""
    if any(other.entities for other in content.values()):
        return False
    if names.in_neutral_directory(path) or names.is_neutral(path):
        return False
    return any(hint.role is Role.MODEL and hint.strong for hint in found)


def _shows(hint: names.Hint, path: str, own: Content, content: dict[str, Content]) -> bool:
    """Does the file do what the hint's role is for?"""
    handles = own.routes or own.handlers
    match hint.role:
        case Role.PRESENTATION:
            return handles
        case Role.DATA_ACCESS:
            return (own.accesses > 0 or (own.driver and hint.strong)) and not handles
        case Role.MODEL:
            if own.entities:
                return True
            return own.data_only and _plain_model(path, content, names.hints(path))
        case Role.SERVICE:
            if handles or own.entities:
                return False
            if hint.strong and own.imported_by:
                return True
            return any(content[p].routes or content[p].handlers for p in own.imported_by)
    return False


def _named(path: str, role: Role) -> bool:
    """Does a word that leaves no doubt name the role?"""
    return any(hint.role is role and hint.strong for hint in names.hints(path))


def _contradicts(hint: names.Hint, own: Content, content: dict[str, Content]) -> bool:
    """Does the file do what its name's role must not?"""
    handles = own.routes or own.handlers
    match hint.role:
        case Role.PRESENTATION:
            return own.entities
        case Role.SERVICE:
            return handles or own.entities
        case Role.DATA_ACCESS:
            return handles or own.abstract or own.web
        case Role.MODEL:
            mapped = any(other.entities for other in content.values())
            return handles or (mapped and hint.where != "directory")
    return False


def _doing(role: Role) -> str:
    return {
        Role.PRESENTATION: "declares routes or handles them",
        Role.SERVICE: "stands between routes and data",
        Role.DATA_ACCESS: "runs queries",
        Role.MODEL: "defines entities",
    }[role]


def _confirm(architecture: Architecture) -> None:
    """A file whose own code is silent is confirmed by its layer, where most of the layer's files
    show what they are."""
    shown: Counter[Role] = Counter()
    total: Counter[Role] = Counter()
    for assignment in architecture.of.values():
        total[assignment.layer.role] += 1
        shown[assignment.layer.role] += assignment.confirmed
    for path, assignment in list(architecture.of.items()):
        if not assignment.confirmed:
            role = assignment.layer.role
            sure = shown[role] * 2 >= total[role]
            architecture.of[path] = Assignment(assignment.layer, assignment.reason, sure)


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
    """The directories that make up a layer; single files where a directory holds others too."""
    mine = _folders(p for p, a in architecture.of.items() if a.layer is layer and a.confirmed)
    rest = (p for p, a in architecture.of.items() if a.layer is not layer or not a.confirmed)
    others = _folders((*rest, *architecture.shared, *architecture.composition_roots))
    return sorted(
        place
        for folder, paths in mine.items()
        for place in (paths if folder in others else [folder])
    )


def _folders(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        if posixpath.basename(path) != "__init__.py":
            found.setdefault(posixpath.dirname(path) or ".", []).append(path)
    return found
