"""The Action's image: what is in it, that it needs no network, and whose its files are."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import docker
import pytest

from support.engine import IMAGE as SERVICE_IMAGE
from support.engine import SERVER
from support.image import IMAGE, ROOT, build, need

pytestmark = pytest.mark.docker
OWNER = 1001  # the user of GitHub's runners
SOCKET = Path("/var/run/docker.sock")


@pytest.fixture(scope="module")
def engine() -> docker.DockerClient:
    need("docker")
    return build()


def run(*arguments: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "run", "--rm", "--network", "none", *options, IMAGE, *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def shell(script: str) -> str:
    done = run("-c", script, options=("--entrypoint", "sh"))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The demo's pull request, checked out by another user than root."""
    place = tmp_path / "workspace"
    shutil.copytree(ROOT / "demo" / "base", place)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "--quiet", "--initial-branch=main"], ["add", "."],
                    ["commit", "--quiet", "--message", "Lend books"],
                    ["switch", "--quiet", "--create", "change"],
                    ["apply", str(ROOT / "demo" / "pull-request.patch")], ["add", "."],
                    ["commit", "--quiet", "--message", "Add statistics"]):  # fmt: skip
        subprocess.run([*git, *command], cwd=place, check=True)
    subprocess.run(["chown", "--recursive", f"{OWNER}:{OWNER}", place], check=True)
    return place


def test_it_scans_without_a_network(engine: docker.DockerClient, workspace: Path) -> None:
    done = run(
        "scan", ".", "--base", "main", "--format", "json", "--output", "sarif=found.sarif",
        options=("--volume", f"{workspace}:/work"),
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "blocked"
    assert {found["rule"].partition("/")[0] for found in report["findings"]} >= {"layering", "orm"}
    assert report["contract"]["assertions"]
    owners = {path.lstat().st_uid for path in workspace.rglob("*")}
    assert (workspace / "found.sarif").is_file()
    assert owners == {OWNER}


def test_what_is_in_it(engine: docker.DockerClient) -> None:
    lines = shell(
        "ci-gate --version; newman --version; node --version; git --version;"
        "/opt/constraint-gate/venv/bin/semgrep --version --disable-version-check;"
        "/opt/constraint-gate/venv/bin/python -m schemathesis.cli --version;"
        "command -v npm pip3-of-the-gate /opt/constraint-gate/venv/bin/pip || echo no installer"
    ).splitlines()
    assert len(lines) == 7
    assert lines[0].startswith("ci-gate, version ")
    assert lines[1:3] == ["6.2.2", lines[2]]
    assert int(lines[2][1:].split(".")[0]) >= 18
    assert lines[4] == "1.182.0"
    assert lines[-1] == "no installer"


def test_it_is_small(engine: docker.DockerClient) -> None:
    from support.image import BASE

    added = engine.images.get(IMAGE).attrs["Size"] - engine.images.get(BASE).attrs["Size"]
    assert added < 640 * 1024**2
    left = shell(
        "find / -xdev -name '__pycache__' -path '*constraint-gate*'; ls /var/lib/apt/lists"
    )
    assert left == ""


def test_a_run_finds_its_byte_code(engine: docker.DockerClient, workspace: Path) -> None:
    script = (
        "cd /work && PYTHONPYCACHEPREFIX=/opt/constraint-gate/bytecode PYTHONVERBOSE=1 "
        "/opt/constraint-gate/venv/bin/python -P -m ci_gate scan . --contract off 2>&1 >/dev/null "
        "| grep -c '^# code object from ./opt/constraint-gate/gate'"
    )
    done = run("-c", script, options=("--entrypoint", "sh", "--volume", f"{workspace}:/work"))
    assert int(done.stdout) <= 1  # __main__


def test_without_a_command_it_is_the_action(engine: docker.DockerClient) -> None:
    done = run()
    assert done.returncode == 2
    assert "entry point of the GitHub Action" in done.stdout + done.stderr


def test_it_ends_when_the_job_is_cancelled(engine: docker.DockerClient, workspace: Path) -> None:
    (workspace / ".ci-gate.yml").write_text(
        "contract:\n  runner: command\n  command: sleep 300\n  report: x.xml\n"
        "  service: {command: 'python3 -m http.server {port}', health: /}\n"
    )
    container = engine.containers.run(
        IMAGE, ["scan", "."], volumes={str(workspace): {"bind": "/work"}}, detach=True
    )
    try:
        time.sleep(6)
        container.reload()
        assert container.status == "running", container.logs().decode()
        started = time.monotonic()
        container.stop(timeout=60)
        assert time.monotonic() - started < 30
        assert container.wait()["StatusCode"] != 137  # killed
    finally:
        container.remove(force=True)


def test_a_service_in_its_own_container(engine: docker.DockerClient, tmp_path: Path) -> None:
    """Docker mode through the engine's socket, which GitHub's runner mounts."""
    if not SOCKET.is_socket():
        pytest.skip(f"the engine has no socket {SOCKET}")
    asks = (
        "import os, pathlib, urllib.request\n"
        "said = urllib.request.urlopen(os.environ['CI_GATE_BASE_URL'] + '/x').read().decode()\n"
        "case = f'<testcase name=\"GET /x {said}\"/>'\n"
        "pathlib.Path('x.xml').write_text(f'<testsuite>{case}</testsuite>')\n"
    )
    (tmp_path / "service.py").write_text(SERVER + "\nserve()\n")
    (tmp_path / "asks.py").write_text(asks)
    (tmp_path / ".ci-gate.yml").write_text(
        "allow_empty: true\ncontract:\n  runner: command\n  command: python3 asks.py\n"
        "  report: x.xml\n  service:\n    command: python3 service.py\n    health: /\n"
        f"    docker: {{image: {SERVICE_IMAGE}, port: 8000}}\n"
    )
    done = subprocess.run(
        ["docker", "run", "--rm", "--volume", f"{SOCKET}:{SOCKET}", "--volume", f"{tmp_path}:/work",
         IMAGE, "scan", ".", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assertions = [(item["name"], item["passed"]) for item in report["contract"]["assertions"]]
    assert assertions == [("GET /x ok", True)], done.stdout + done.stderr
