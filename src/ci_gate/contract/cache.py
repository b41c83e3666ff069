"""What the contract's tests gave on a commit, kept so that the base is not run again each time.

A result is found by the commit's tree, the contract's configuration and the version of the gate. It
is read before code of the pull request runs. A run that did not come to its end is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ci_gate import __version__
from ci_gate.config_contract import ContractConfig
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.plainfile import open_file

#: Names another folder for what is kept; an empty value keeps nothing.
VARIABLE: Final = "CI_GATE_CACHE_DIR"
_MAX_BYTES: Final = 64 * 1024 * 1024
_FORMAT: Final = 2


def folder() -> Path | None:
    """Where results are kept; None: nowhere."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ci-gate" / "contract"


def key(tree: str, config: ContractConfig) -> str:
    """The name of a result. ``tree`` is git's object name of the tree that was run."""
    parts = [_FORMAT, __version__, tree, asdict(config)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def load(name: str) -> ContractResult | None:
    """The kept result; None where there is none, or it cannot be read."""
    place = folder()
    if place is None:
        return None
    try:
        with open_file(place / f"{name}.json") as stream:
            data = json.loads(stream.read(_MAX_BYTES))
        return ContractResult(
            runner=str(data["runner"]),
            assertions=[Assertion(**item) for item in data["assertions"]],
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def save(name: str, result: ContractResult) -> None:
    """Keep a result that is whole. A folder that cannot be written to keeps nothing."""
    place = folder()
    if place is None or result.error is not None or not result.assertions:
        return
    data = {"runner": result.runner, "assertions": [asdict(item) for item in result.assertions]}
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=place, suffix=".new", delete=False) as stream:
            json.dump(data, stream)
        Path(stream.name).replace(place / f"{name}.json")
    except OSError:
        return
