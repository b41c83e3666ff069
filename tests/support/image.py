"""The Action's image, built from the Dockerfile on a base that needs no registry of images."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import docker
import pytest

from support.engine import engine_or_skip

ROOT = Path(__file__).parents[2]
BASE = os.environ.get("CI_GATE_TEST_ACTION_BASE", "ci-gate-test/action-base")
IMAGE = "ci-gate-test/action"
#: What a release of the Action is made from.
PARTS = ("action.yml", "Dockerfile", ".dockerignore", "entrypoint.py", "LICENSE", "requirements",
         "rulesets", "src")  # fmt: skip


def build() -> docker.DockerClient:
    """The engine, with the image built; skips where there is none. Layers that have not changed
    come from the engine's cache, which .ci/images/build fills."""
    client = engine_or_skip(BASE)
    done = subprocess.run(
        ["docker", "build", "--quiet", "--build-arg", f"BASE={BASE}", "--tag", IMAGE, ROOT],
        env={**os.environ, "DOCKER_BUILDKIT": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return client


def need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not there")
    return found


def release(target: Path) -> Path:
    """The Action as a repository would have it, but for its base."""
    target.mkdir()
    for name in PARTS:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, target / name)
    dockerfile = target / "Dockerfile"
    lines = dockerfile.read_text().splitlines()
    lines = [f"ARG BASE={BASE}" if line.startswith("ARG BASE=") else line for line in lines]
    dockerfile.write_text("\n".join(lines) + "\n")
    return target
