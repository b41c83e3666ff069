"""How to start the service where the configuration does not say."""

from __future__ import annotations

from dataclasses import dataclass, field

from ci_gate.config_contract import ServiceConfig
from ci_gate.repository import Tree


@dataclass(frozen=True, slots=True)
class Hints:
    """What the code says of the service: its frameworks, its database engines, and the settings
    that its database connection is read from (name of the environment variable -> what it holds:
    url, host, port, user, password, name, path)."""

    frameworks: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The service with nothing left open, and sentences on what was guessed."""

    service: ServiceConfig
    notes: list[str] = field(default_factory=list)


def guess(tree: Tree, config: ServiceConfig, hints: Hints) -> Plan:
    """Fill in what ``config`` leaves open from the files of ``tree``."""
    return Plan(config)
