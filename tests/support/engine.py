"""Services in a real Docker Engine."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest

from ci_gate.config_contract import DatabaseConfig, DockerConfig, ServiceConfig
from ci_gate.contract.service.docker import DockerService
from ci_gate.contract.service.plan import Hints, Plan

#: Images that .ci/images/build makes.
IMAGE = os.environ.get("CI_GATE_TEST_IMAGE", "ci-gate-test/python")
POSTGRES = os.environ.get("CI_GATE_TEST_POSTGRES", "ci-gate-test/postgres")
MYSQL = os.environ.get("CI_GATE_TEST_MYSQL", "ci-gate-test/mysql")

#: Answers 200 with what `answer` returns, on PORT.
SERVER = """
import os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

def answer(path):
    return "ok"

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(answer(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

def serve(host="0.0.0.0", port=int(os.environ["PORT"])):
    ThreadingHTTPServer((host, port), Handler).serve_forever()
"""


def engine_or_skip(*images: str) -> docker.DockerClient:
    """An engine that has the images; without, the test is skipped, and says why."""
    try:
        client = docker.from_env()
        client.ping()
    except docker.errors.DockerException as error:
        pytest.skip(f"no Docker Engine: {error}")
    for image in images or (IMAGE,):
        try:
            client.images.get(image)
        except docker.errors.ImageNotFound:
            client.close()
            pytest.skip(f"the image {image} is not there; .ci/images/build makes it")
    return client


def config(
    *command: str,
    image: str | None = IMAGE,
    limits: Mapping[str, Any] | None = None,
    database: DatabaseConfig | None = None,
    **options: Any,
) -> ServiceConfig:
    return ServiceConfig(
        command=command or ("python3", "service.py"),
        mode="docker",
        docker=DockerConfig(image=image, **(limits or {})),
        database=database or DatabaseConfig(),
        **{"start_timeout": 30.0, **options},
    )


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        place = root / "tree" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return root / "tree"


@contextmanager
def running(
    root: Path, chosen: ServiceConfig, hints: Hints | None = None
) -> Iterator[DockerService]:
    with DockerService(root, Plan(chosen, hints=hints or Hints())) as service:
        yield service


def get(service: DockerService, path: str = "/") -> str:
    with urllib.request.urlopen(service.base_url + path, timeout=60) as answer:
        return str(answer.read().decode())


def things(client: docker.DockerClient, label: str) -> list[str]:
    """Names of all that carries a label."""
    wanted: dict[str, Any] = {"label": label}
    found: list[Any] = [
        *client.containers.list(all=True, filters=wanted, ignore_removed=True),
        *client.networks.list(filters=wanted),
    ]
    return [str(item.name) for item in found] + [
        str(image.id) for image in client.images.list(all=True, filters=wanted)
    ]
