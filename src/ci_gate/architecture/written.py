"""Architectures that somebody wrote down: in ``.ci-gate.yml``, or as a file of rulesets/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ci_gate import config as configuration
from ci_gate.architecture.model import Architecture, Assignment, Layer, Role
from ci_gate.architecture.names import STRONG, WEAK
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.config import ArchitectureConfig, Config, ConfigError, LayerConfig
from ci_gate.gitignore import matcher


def written(model: CodeModel, config: Config) -> Architecture:
    """The architecture that the configuration names or spells out.

    Raises:
        ConfigError: there is no architecture of that name, or ``may_import`` names no layer.
    """
    wanted = config.architecture
    chosen = wanted if wanted.layers else _shipped(wanted)
    layers = tuple(_layer(rank, item) for rank, item in enumerate(chosen.layers))
    known = {layer.name for layer in layers}
    for layer in layers:
        for name in sorted((layer.may_import or frozenset()) - known):
            raise ConfigError(
                f"architecture: layer {layer.name!r} may_import {name!r}, which is no layer; "
                f"layers: {', '.join(layer.name for layer in layers)}"
            )
    architecture = Architecture("written", True, bool(chosen.strict), layers)
    is_root, is_shared = matcher(chosen.composition_roots), matcher(chosen.shared)
    specs = [(layer, matcher(layer.patterns)) for layer in layers]
    for path in sorted(model.modules):
        if is_root(path):
            architecture.composition_roots[path] = "named in the configuration"
        elif not is_shared(path) and (config.architecture.layers or not is_outside(path)):
            for layer, holds in specs:
                if holds(path):
                    architecture.of[path] = Assignment(layer, "written architecture", True)
                    break
    name = "layers" if wanted.layers else wanted.style
    architecture.evidence = (f"written: architecture {name}",)
    return architecture


def shipped() -> list[str]:
    """The names of the architectures that come with the gate."""
    return sorted(path.stem for path in _folder().glob("*.yml"))


def _shipped(wanted: ArchitectureConfig) -> ArchitectureConfig:
    import yaml  # noqa: PLC0415

    path = _folder() / f"{wanted.style}.yml"
    if wanted.style not in shipped():
        raise ConfigError(
            f"architecture: there is no {wanted.style!r}; there are auto, {', '.join(shipped())}"
        )
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return ArchitectureConfig(
        style=wanted.style,
        strict=wanted.strict if wanted.strict is not None else bool(data.get("strict")),
        layers=tuple(
            LayerConfig(
                item["name"],
                tuple(item["paths"]),
                item.get("role"),
                tuple(item["may_import"]) if "may_import" in item else None,
            )
            for item in data["layers"]
        ),
        composition_roots=(*wanted.composition_roots, *data.get("composition_roots", ())),
        shared=(*wanted.shared, *data.get("shared", ())),
    )


def _folder() -> Path:
    inside = Path(configuration.__file__).parent / "rulesets"
    if inside.is_dir():
        return inside / "architectures"
    return Path(configuration.__file__).parents[2] / "rulesets" / "architectures"


def _layer(rank: int, item: LayerConfig) -> Layer:
    role = Role(item.role) if item.role else _guess(item.name)
    allowed = frozenset(item.may_import) if item.may_import is not None else None
    return Layer(item.name, role, rank, item.paths, allowed)


def _guess(name: str) -> Role:
    word = name.lower().replace(" ", "_")
    return STRONG.get(word) or WEAK.get(word) or Role.OTHER
