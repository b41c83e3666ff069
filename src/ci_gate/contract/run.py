"""Start the service, run its contract's tests, end it, tell what happened."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ci_gate.config import ContractConfig
from ci_gate.contract.model import ContractResult
from ci_gate.contract.runners.interface import Runner
from ci_gate.contract.runners.pytest import PytestRunner
from ci_gate.contract.service.interface import ServiceError
from ci_gate.contract.service.process import ProcessService
from ci_gate.repository import Tree

RUNNERS: Final[Mapping[str, type[Runner]]] = {"pytest": PytestRunner}


def run_contract(tree: Tree, config: ContractConfig) -> ContractResult:
    """The assertions of the contract's tests against the service in ``tree``.

    The service and the tests run in a fresh copy of the tree, so that nothing that an earlier run
    left behind (a database file, a cache) has a say and the work tree stays clean.
    """
    if config.runner is None:
        raise ValueError("no contract is configured")
    with tempfile.TemporaryDirectory(prefix="ci-gate-", ignore_cleanup_errors=True) as scratch:
        root, home = Path(scratch, "tree"), Path(scratch, "home")
        home.mkdir()
        copy_out(tree, root)
        if not (root / config.tests).exists():
            error = f"contract.tests {config.tests!r} is not in the tree; mend it in .ci-gate.yml"
            return ContractResult(config.runner, error=error)
        service = ProcessService(root, home, config.service)
        try:
            with service:
                result = RUNNERS[config.runner]().run(
                    root, config.tests, service.base_url, home, config.timeout
                )
        except ServiceError as error:
            return ContractResult(config.runner, error=str(error), log=service.log)
        result.log = service.log
        return result


def copy_out(tree: Tree, target: Path) -> None:
    """Write the files of a tree below ``target``; scripts stay executable."""
    for path in tree.files:
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            data = tree.read(path)
        except OSError:
            continue
        place.write_bytes(data)
        if data.startswith(b"#!"):
            place.chmod(0o755)
