from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import docker
import pytest

from ci_gate.contract.service.docker_run import process_mark
from support.engine import engine_or_skip, things


@pytest.fixture
def mark() -> str:
    """A label for a Dockerfile, by which each of its layers is found."""
    return f"ci-gate-test={uuid.uuid4().hex}"


@pytest.fixture
def engine() -> Iterator[docker.DockerClient]:
    """A Docker Engine in which a test leaves nothing behind."""
    client = engine_or_skip()
    yield client
    left = things(client, f"ci-gate.process={process_mark(os.getpid())}")
    client.close()
    assert left == []
