"""Runs an example workflow with act: real containers, GitHub's API played by the double."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest

from .engine import IMAGE as JOB_IMAGE
from .github.fixtures import GitHub

GIT = (
    "git",
    "-c",
    "user.name=Copilot",
    "-c",
    "user.email=198982749+Copilot@users.noreply.github.com",
)
#: act's volume of a job, where steps leave their outputs and summaries.
VOLUME = re.compile(r"^act-.*-env$")
#: How act names the containers and volumes of the example workflows.
OURS = "act-constraint-gate"
SECONDS = 900


@dataclass
class Run:
    """One run of a workflow: its log, and what its last step told the runner."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass
class Runner:
    """act with a cache of its own. ``actions``: folders that stand for repositories of actions."""

    home: Path
    github: GitHub
    engine: docker.DockerClient
    actions: dict[str, Path]
    binds: dict[Path, str] = field(default_factory=dict)
    runs: int = 100

    def run(self, checkout: Path, workflow: str, event: str, payload: dict[str, Any]) -> Run:
        """Run one workflow of the checkout; what it leaves in the engine is removed."""
        self.runs += 1
        self.home.mkdir(exist_ok=True)
        place = self.home / "event.json"
        place.write_text(json.dumps(payload))
        with _alone():
            self._remove_left()
            before = self._volumes()
            told = ("", "")
            try:
                done = subprocess.run(
                    [*self._command(place), event, "--workflows", f".github/workflows/{workflow}"],
                    cwd=checkout, env=self._environment(), timeout=SECONDS,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                )  # fmt: skip
                for volume in self._volumes() - before:
                    told = self._told(volume) or told
            finally:
                self._remove(before)
        return Run(done.returncode, done.stdout, _outputs(told[0]), told[1])

    def _command(self, event: Path) -> list[str]:
        settings = {
            "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": self.github.graphql_url,
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_RUN_ID": str(self.runs),
        }
        replaced = [f"--local-repository={name}={path}" for name, path in self.actions.items()]
        options = " ".join(f"--volume={path}:{place}" for path, place in self.binds.items())
        return [
            str(_program()), "--eventpath", str(event), "--pull=false", "--action-offline-mode",
            "--reuse", "--platform", f"ubuntu-latest={JOB_IMAGE}", *replaced,
            "--secret", f"GITHUB_TOKEN={self.github.token}",
            "--action-cache-path", str(self.home / "cache"),
            "--container-options", options,
            *(part for name, value in settings.items() for part in ("--env", f"{name}={value}")),
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "DOCKER_HOST") if name in os.environ}
        return kept | {
            "HOME": str(self.home),
            "DOCKER_BUILDKIT": "0",
            "XDG_CONFIG_HOME": str(self.home),
        }

    def _volumes(self) -> set[str]:
        return {
            volume.name for volume in self.engine.volumes.list() if volume.name.startswith("act-")
        }

    def _told(self, volume: str) -> tuple[str, str] | None:
        if not VOLUME.match(volume):
            return None
        read = "cd /v/workflow && cat outputcmd.txt && printf '\\0' && cat SUMMARY.md || true"
        raw = self.engine.containers.run(
            JOB_IMAGE, ["sh", "-c", read], volumes={volume: {"bind": "/v", "mode": "ro"}},
            network_mode="none", remove=True, stderr=False,
        )  # fmt: skip
        outputs, _, summary = raw.decode().partition("\0")
        return outputs, summary

    def _remove_left(self) -> None:
        """What a killed run left. act would run the step in it again, with that run's address of
        the double."""
        for container in self.engine.containers.list(all=True, filters={"name": f"^/{OURS}"}):
            container.remove(force=True)
        for volume in self._volumes():
            if volume.startswith(OURS):
                self.engine.volumes.get(volume).remove(force=True)

    def _remove(self, before: set[str]) -> None:
        for container in self.engine.containers.list(all=True, filters={"name": "^/act-"}):
            mounted = {mount.get("Name") for mount in container.attrs["Mounts"]}
            if mounted & (self._volumes() - before):
                container.remove(force=True, v=True)
        for volume in self._volumes() - before:
            self.engine.volumes.get(volume).remove(force=True)


@contextmanager
def _alone() -> Iterator[None]:
    """act names its containers after workflow and job: one run at a time on a machine."""
    with Path(tempfile.gettempdir(), "ci-gate-test-act.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _program() -> Path:
    beside = Path(sys.executable).with_name("act")
    found = beside if beside.exists() else shutil.which("act")
    if found is None:
        pytest.skip("act is not installed (requirements/dev.txt)")
    return Path(found)


def _outputs(text: str) -> dict[str, str]:
    """What a step wrote to GITHUB_OUTPUT."""
    found = re.findall(r"^([\w-]+)<<(\S+)\n(.*?)\n?^\2$", text, re.MULTILINE | re.DOTALL)
    return {name: value for name, _, value in found}
