from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from ci_gate.contract.service.docker_run import process_mark
from support.change import project
from support.engine import engine_or_skip, things


@pytest.fixture
def mark() -> str:
    """A label for a Dockerfile, by which each of its layers is found."""
    return f"ci-gate-test={uuid.uuid4().hex}"


@pytest.fixture(scope="session")
def kept_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of bases that many tests share."""
    return tmp_path_factory.mktemp("results")


@pytest.fixture
def flask_project(tmp_path: Path, kept_results: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of a service with contract tests, on a branch."""
    pytest.importorskip("flask", reason="flask is not installed")
    monkeypatch.setenv("CI_GATE_CACHE_DIR", str(kept_results))
    return project(tmp_path / "project")


@pytest.fixture
def engine() -> Iterator[docker.DockerClient]:
    """A Docker Engine in which a test leaves nothing behind."""
    client = engine_or_skip()
    yield client
    left = things(client, f"ci-gate.process={process_mark(os.getpid())}")
    client.close()
    assert left == []
