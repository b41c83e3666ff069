"""The runners by name. Each loads when it is used, so that one never pays for another."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from ci_gate.config_contract import RunnerKind
from ci_gate.contract.runners.interface import Runner

RUNNERS: Final[Mapping[RunnerKind, str]] = {
    "command": "CommandRunner",
    "hurl": "HurlRunner",
    "openapi": "OpenApiRunner",
    "postman": "PostmanRunner",
    "pytest": "PytestRunner",
}


def runner(kind: RunnerKind) -> Runner:
    """The runner of that name; its module is named like it."""
    module = import_module(f"ci_gate.contract.runners.{kind}")
    found: Runner = getattr(module, RUNNERS[kind])()
    return found
