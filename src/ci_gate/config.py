"""``.ci-gate.yml`` as one typed object."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ci_gate.findings import Severity

FailOn = Literal["new", "all", "never"]

#: Where the configuration is looked for, in the root of the scanned tree.
FILE_NAMES = (".ci-gate.yml", ".ci-gate.yaml")


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """One layer, outermost first in ``ArchitectureConfig.layers``.

    ``paths`` are gitignore-style patterns relative to the root. ``role``: presentation, service,
    data-access, model, other (guessed from the name when absent). ``may_import``: layers it may
    import; absent: every layer below it (only the next one under ``strict``).
    """

    name: str
    paths: tuple[str, ...]
    role: str | None = None
    may_import: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ArchitectureConfig:
    """``style: auto`` infers the layers. ``style: NAME`` takes rulesets/architectures/NAME.yml.
    ``layers`` writes them out (style is then only a label)."""

    style: str = "auto"
    strict: bool | None = None  # None: as the named architecture says, else False
    layers: tuple[LayerConfig, ...] = ()
    composition_roots: tuple[str, ...] = ()  # patterns of files that may import every layer
    shared: tuple[str, ...] = ()  # patterns of files that belong to no layer


@dataclass(frozen=True, slots=True)
class SemgrepConfig:
    enabled: bool = True
    rulesets: tuple[str, ...] = ()  # the user's own files or folders, relative to the root
    timeout: float = 300.0  # seconds for the whole run


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """How to start the service under test. ``{port}`` in ``command`` and ``env`` values is replaced
    by a free loopback port."""

    command: tuple[str, ...] | None = None  # None: guessed
    cwd: str = "."
    env: dict[str, str] = field(default_factory=dict)
    setup: tuple[tuple[str, ...], ...] = ()  # commands run before the start
    health: str = "/"  # path that answers (any status below 500) once the service is up
    start_timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class ContractConfig:
    """``runner: None`` means that no contract is configured."""

    runner: Literal["pytest"] | None = None
    tests: str = ""  # path of the tests, relative to the root
    timeout: float = 600.0
    service: ServiceConfig = field(default_factory=ServiceConfig)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; the defaults are what an absent file means."""

    path: Path | None = None
    include: tuple[str, ...] = ()  # gitignore-style; empty: everything
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()  # rule ids or groups; empty: all
    ignore: tuple[str, ...] = ()
    severity: dict[str, Severity] = field(default_factory=dict)  # rule id or group -> severity
    fail_on: FailOn = "new"
    threshold: Severity = Severity.ERROR  # findings at or above it block
    allow_empty: bool = False  # no supported backend, no file: pass instead of incomplete
    architecture: ArchitectureConfig = field(default_factory=ArchitectureConfig)
    semgrep: SemgrepConfig = field(default_factory=SemgrepConfig)
    contract: ContractConfig = field(default_factory=ContractConfig)


class ConfigError(Exception):
    """A mistake in the configuration, with its place: ``FILE:LINE:COLUMN: what; remedy``."""
