"""What is known of the service before it is started."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import Literal

from ci_gate.config_contract import DatabaseEngine, ServiceConfig
from ci_gate.data import dataclass

SettingKind = Literal["url", "host", "port", "user", "password", "name", "path"]


@dataclass(frozen=True, slots=True)
class Hints:
    """What the code says of the service.

    ``root``: its folder. ``variables``: the environment variables that its database connection is
    read from, and what they hold. ``engine``: the engine of the address that is written as their
    default; ``scheme``: what a URL for the service's library begins with (``postgresql+asyncpg``).
    ``application``: the ASGI or WSGI application, as ``module:name``; ``factory``: it is a function
    that makes one. ``port_variables``: those that the port is read from; ``ports``: those that are
    written in the code.
    """

    frameworks: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    variables: dict[str, SettingKind] = field(default_factory=dict)
    engine: DatabaseEngine | None = None
    scheme: str | None = None
    root: str = "."
    application: str | None = None
    factory: bool = False
    port_variables: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The service with nothing left open, and sentences on what was guessed.

    ``port``: the port that it listens on whatever it is told; None where it reads PORT or its
    command has ``{port}``. ``path``: folders to put before PATH. ``links``: names in the copy of
    the tree that lead to folders of the work tree (``node_modules``). ``pythons``: those of virtual
    environments in the checkout, for tests.
    """

    service: ServiceConfig
    notes: list[str] = field(default_factory=list)
    port: int | None = None
    path: tuple[str, ...] = ()
    links: dict[str, Path] = field(default_factory=dict[str, Path])
    hints: Hints = field(default_factory=Hints)
    pythons: tuple[str, ...] = ()
