"""Programs of the project: what they can see and change, what they leave, what they print."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ci_gate.contract import isolation, processes
from ci_gate.contract.processes import Program, environment
from support.processes import running

Run = Callable[..., Program]


@pytest.fixture(params=["namespaces", "without"])
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the isolation that this machine allows, and without namespaces."""
    if request.param == "namespaces":
        if isolation.isolation() != "namespaces":
            pytest.skip("no namespaces here")
        return "namespaces"
    found = "none" if isolation.user() == (None, None) else "user"
    monkeypatch.setattr(isolation, "isolation", lambda: found)
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user can get to (pytest's own are closed)."""
    with TemporaryDirectory(prefix="ci-gate-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def run(folder: Path, level: str) -> Iterator[Run]:
    home, tree = folder / "home", folder / "tree"
    home.mkdir()
    tree.mkdir()
    started: list[Program] = []

    def start(*command: str, **env: str) -> Program:
        started.append(Program(command, tree, environment(home, env)))
        return started[-1]

    yield start
    for program in started:
        program.stop()


def shell(run: Run, text: str, **env: str) -> str:
    program = run("sh", "-c", text, **env)
    assert program.wait(30) is not None
    return program.output


def test_the_exit_code_is_the_program_s(run: Run) -> None:
    assert run("sh", "-c", "exit 7").wait(30) == 7
    assert run("sh", "-c", "kill -SEGV $$").wait(30) == 128 + 11


def test_what_is_not_there_cannot_be_started(run: Run) -> None:
    with pytest.raises(OSError, match=r"No such file|Permission denied"):
        run("no-such-program")


def test_it_writes_into_its_own_folders(run: Run, folder: Path) -> None:
    said = shell(run, "echo here > kept; echo home > ~/kept; cat kept ~/kept")
    assert said.split() == ["here", "home"]
    assert (folder / "tree" / "kept").read_text() == "here\n"


def test_it_cannot_write_elsewhere(run: Run, folder: Path, level: str) -> None:
    if level == "none":
        pytest.skip("the same user")
    outside = folder / "outside"
    outside.mkdir()
    target = Path(__file__).with_suffix(".written")
    said = shell(run, f"echo x > {outside}/x; echo x > {target}; echo x > /etc/ci-gate-x")
    assert not list(outside.iterdir())
    assert not target.exists()
    assert not Path("/etc/ci-gate-x").exists()
    assert said


def test_it_has_no_more_rights_than_a_user(run: Run) -> None:
    status = dict(line.split(":", 1) for line in shell(run, "cat /proc/self/status").splitlines())
    assert int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"].strip() == "1"


def test_daemons_end_with_it(run: Run) -> None:
    seconds = str(1000 + random.random())
    daemon = f"(setsid sleep {seconds} </dev/null >/dev/null 2>&1 &)"
    program = run("sh", "-c", f"{daemon}; {daemon}; exec sleep {seconds}")
    program.stop()
    assert not running(seconds)
    assert run("sh", "-c", f"env -i setsid sh -c '{daemon}'; exit 3").wait(30) == 3
    assert not running(seconds)


def test_what_ignores_the_signal_is_killed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_GRACE", 0.2)
    seconds = str(1000 + random.random())
    ignoring = f"trap '' TERM INT HUP; echo ready; while :; do sleep {seconds}; done"
    program = run("sh", "-c", ignoring)
    while "ready" not in program.output:
        assert program.wait(0.01) is None
    program.stop()
    assert not running(seconds)


def test_a_flood_is_cut_in_the_middle(run: Run) -> None:
    program = run("sh", "-c", "echo first; yes flood | head -c 9000000; echo last")
    assert program.wait(60) == 0
    lines = program.output.splitlines()
    assert lines[0] == "first"
    assert lines[-1] == "last"
    assert 1024 * 1024 < len(program.output) < 2 * 1024 * 1024
    assert any("bytes were left out here" in line for line in lines)


def test_control_and_workflow_commands_are_made_harmless(run: Run) -> None:
    said = shell(
        run,
        r"printf '::set-output name=a::b\n  ::add-mask::c\nx ##[error]y\r::stop\n'"
        r"; printf '\033[31mred\033[0m \033]0;title\007\010\342\200\256end'",
    )
    assert not [line for line in said.splitlines() if line.strip().startswith("::")]
    assert "##[" not in said
    assert "\x1b" not in said
    assert "\x08" not in said
    assert "red " in said


def test_memory_is_bounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "memory_limit", lambda: 64 << 20)
    program = run("python3", "-c", "a = bytearray(300 << 20); import signal; signal.pause()")
    assert program.wait(30) == 128 + 9
    assert "use more than 64 MiB of memory" in program.output


def test_processes_are_bounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "PROCESSES", 20)
    seconds = str(1000 + random.random())
    many = f"for i in $(seq 40); do sleep {seconds} & done; wait"
    program = run("sh", "-c", many)
    assert program.wait(30) == 128 + 9
    assert "more than 20 processes" in program.output
    assert not running(seconds)


def test_the_ports_it_listens_on_are_known(run: Run) -> None:
    listen = (
        "import socket, signal; s = socket.create_server(('127.0.0.1', 0));"
        "print(s.getsockname()[1], flush=True); signal.pause()"
    )
    program = run("python3", "-c", listen)
    while not program.output.strip():
        assert program.wait(0.01) is None
    assert program.listening() == [int(program.output)]


GATE = """
import sys
from pathlib import Path
from ci_gate.contract import isolation
from ci_gate.contract.processes import Program, environment

if sys.argv[3] != "namespaces":
    isolation.isolation = lambda: sys.argv[3]
folder = Path(sys.argv[1])
mark = sys.argv[2]
program = Program(["sh", "-c", f"setsid sleep {mark} & echo up; wait"], folder,
                  environment(folder, {}))
while "up" not in program.output:
    program.wait(0.01)
print("up", flush=True)
program.wait(1000)
"""


def test_nothing_is_left_when_the_gate_is_killed(folder: Path, level: str) -> None:
    seconds = str(1000 + random.random())
    home = folder / "killed"
    home.mkdir()
    source = str(Path(isolation.__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", GATE, str(home), seconds, level],
        env={**os.environ, "PYTHONPATH": source},
        stdout=subprocess.PIPE,
    ) as gate:
        assert gate.stdout is not None
        assert gate.stdout.readline() == b"up\n"
        assert running(seconds)
        gate.kill()
    deadline = time.monotonic() + 30
    while running(seconds) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert not running(seconds)


def test_the_home_of_the_gates_user_is_never_given_away(folder: Path, level: str) -> None:
    home = Path("~").expanduser()
    for place in (home, home.parent):
        with pytest.raises(PermissionError, match="may not write there"):
            Program(["true"], folder, environment(folder, {"HOME": str(place)}))
    assert home.stat().st_uid == os.geteuid()
    assert level
