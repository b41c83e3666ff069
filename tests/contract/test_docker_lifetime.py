"""However a run ends, nothing of it stays in the Docker Engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
import pytest
from click.testing import CliRunner

from ci_gate.cli import cli
from ci_gate.contract.service import docker_run
from ci_gate.contract.service.docker_run import Run, process_mark, remove_leftovers
from support.engine import IMAGE, SERVER, config, get, running, things, write

pytestmark = pytest.mark.docker
SOURCES = Path(__file__).parents[2] / "src"
#: A gate of its own: says when the service is up, then waits for ever.
GATE = """
import signal, sys, threading
from pathlib import Path
from ci_gate.config_contract import DatabaseConfig, DockerConfig, ServiceConfig
from ci_gate.contract.service.docker import DockerService
from ci_gate.contract.service.plan import Plan

# As on a terminal: what a shell starts in the background ignores SIGINT from the start.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup's children ignore it


def gate(root, image, **options):
    config = ServiceConfig(mode="docker", docker=DockerConfig(image=image), **options)
    with DockerService(Path(root), Plan(config)) as service:
        print("up", service.run, flush=True)
        threading.Event().wait()
"""
UP = "gate(sys.argv[1], sys.argv[2], command=('python3', 'service.py'))\n"
IN_SET_UP = "gate(sys.argv[1], sys.argv[2], setup=(('sleep', '1000'),))\n"
IN_BUILD = "gate(sys.argv[1], None)\n"
BUILDS = f"FROM {IMAGE}\nLABEL MARK\nRUN touch /made\nRUN sleep 1000\n"
CRASH = UP.replace("gate(", "threading.Event.wait = lambda self: 1 / 0\ngate(", 1)


@contextmanager
def gate(root: Path, script: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", GATE + script, str(root), IMAGE]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
        try:
            yield program
        finally:
            program.kill()


def of(program: subprocess.Popen[str]) -> str:
    """The label of what the gate in another process makes."""
    return f"ci-gate.process={process_mark(program.pid)}"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 1), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_the_run_with_all_that_it_made(
    engine: docker.DockerClient, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    with gate(root, UP) as program:
        label = of(program)
        assert program.stdout is not None
        assert program.stdout.readline().startswith("up ")
        assert len(things(engine, label)) == 4  # container, two networks, image
        program.send_signal(number)
        assert program.wait(300) in (code, -number)
    assert things(engine, label) == []


def test_a_crash_of_the_gate_ends_the_run(engine: docker.DockerClient, tmp_path: Path) -> None:
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    with gate(root, CRASH) as program:
        label = of(program)
        assert program.wait(300) == 1
    assert things(engine, label) == []


@pytest.mark.parametrize(
    ("files", "script", "event"),
    [
        ({}, IN_SET_UP, "exec_start: sleep 1000"),
        (
            {"Dockerfile": f"FROM {IMAGE}\nLABEL MARK\nRUN touch /made\nRUN sleep 1000\n"},
            IN_BUILD,
            "connect",
        ),
    ],
    ids=["set-up", "build"],
)
def test_an_interrupt_while_the_image_is_made(
    engine: docker.DockerClient,
    tmp_path: Path,
    mark: str,
    files: dict[str, str],
    script: str,
    event: str,
) -> None:
    marked = {name: text.replace("MARK", mark) for name, text in files.items()}
    root = write(tmp_path, {"service.py": "", **marked})
    with gate(root, script) as program:
        label = of(program)
        until_made(engine, label, event)
        program.send_signal(signal.SIGINT)
        assert program.wait(300) != 0
    assert things(engine, label) == []
    assert things(engine, mark) == []


def test_more_interrupts_do_not_break_off_the_removal(
    engine: docker.DockerClient, tmp_path: Path, mark: str
) -> None:
    root = write(tmp_path, {"service.py": "", "Dockerfile": BUILDS.replace("MARK", mark)})
    with gate(root, IN_BUILD) as program:
        label = of(program)
        until_made(engine, label, "connect")
        for number in (signal.SIGINT, signal.SIGTERM) * 20:
            program.send_signal(number)
        # What arrives just before the gate waits for the engine is seen with the next signal.
        for _ in range(300):
            with suppress(subprocess.TimeoutExpired):
                program.wait(1)
                break
            program.send_signal(signal.SIGINT)
        assert program.wait(1) != 0
    assert things(engine, label) == []
    assert things(engine, mark) == []


def until_made(client: docker.DockerClient, label: str, event: str) -> None:
    """Until the gate of that label is in the step that does not end."""
    key, _, value = label.partition("=")
    for item in client.events(since=0, decode=True):
        attributes = item.get("Actor", {}).get("Attributes", {})
        if item.get("Action") == event and attributes.get(key) == value:
            return  # a set-up command
        if event == "connect" and item.get("Action") == event:
            for network in client.networks.list(filters={"label": label}):
                if network.name == attributes.get("name") and "sleep 1000" in commands(
                    client, attributes["container"]
                ):
                    return


def commands(client: docker.DockerClient, container: str) -> str:
    try:
        return str(client.containers.get(container).attrs["Config"]["Cmd"])
    except docker.errors.NotFound:
        return ""


def test_the_next_run_removes_what_a_killed_one_left(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    with gate(root, UP) as program:
        label = of(program)
        assert program.stdout is not None
        assert program.stdout.readline().startswith("up ")
        with running(root, config()) as service:  # a run beside it is left alone
            assert get(service) == "ok"
        assert len(things(engine, label)) == 4
        program.kill()
        program.wait(300)
    assert len(things(engine, label)) == 4
    with running(root, config()) as service:
        assert things(engine, label) == []
        assert get(service) == "ok"


def test_a_run_of_a_gate_in_a_container_lasts_as_long_as_the_container(
    engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate_container = engine.containers.create(IMAGE, ["sleep", "1000"])
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(docker_run, "_system", lambda: "another")
            run = Run(engine, gate_container.id)
        engine.networks.create(run.name("setup"), labels=run.labels)
        label = f"ci-gate.run={run.id}"
        gate_container.start()
        remove_leftovers(engine)
        assert len(things(engine, label)) == 1
        gate_container.kill()
        remove_leftovers(engine)
        assert things(engine, label) == []
    finally:
        gate_container.remove(force=True)


def test_where_the_process_cannot_be_seen_age_decides(
    engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(docker_run, "_system", lambda: "another")
        run = Run(engine, None)
    engine.networks.create(run.name("setup"), labels=run.labels)
    label = f"ci-gate.run={run.id}"
    remove_leftovers(engine)
    assert len(things(engine, label)) == 1
    monkeypatch.setattr(docker_run, "_FORGOTTEN", -1)
    remove_leftovers(engine)
    assert things(engine, label) == []


def test_the_command_clean_removes_what_killed_runs_left(
    engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(docker_run, "process_mark", lambda pid: f"{pid}@0")
        run = Run(engine, None)
    engine.networks.create(run.name("setup"), labels=run.labels)
    assert len(things(engine, f"ci-gate.run={run.id}")) == 1
    assert CliRunner().invoke(cli, ["clean"]).exit_code == 0
    assert things(engine, f"ci-gate.run={run.id}") == []
