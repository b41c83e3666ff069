"""Services that misbehave, in a real Docker Engine. After each test nothing may be left of it."""

from __future__ import annotations

import contextlib
import io
import json
import time
import urllib.parse
import uuid
from pathlib import Path

import docker
import pytest

from ci_gate.config_contract import ContractConfig, RunnerConfig
from ci_gate.contract.output import Log
from ci_gate.contract.run import run_contract
from ci_gate.contract.service.docker_run import _system
from ci_gate.contract.service.interface import ServiceError
from support.engine import IMAGE, SERVER, config, get, running, things, write
from support.trees import MemoryTree

pytestmark = pytest.mark.docker
SECRET = "ghs_verysecret"


@pytest.mark.parametrize(
    ("service", "options", "words"),
    [
        ("import sys; sys.exit('no database')", {}, "ended with 1 at start: no database"),
        ("print('done')", {}, "the service ended with 0 at start: done"),
        ("import nothing", {}, "ModuleNotFoundError: No module named 'nothing'"),
        ("x = bytearray(1 << 30)", {"limits": {"memory": "64m"}}, "more than its 64m of memory"),
        (
            "import threading; print('waiting', flush=True); threading.Event().wait()",
            {"start_timeout": 1.5},
            "did not answer GET / on port 8000 within 1.5 s (it listens on no port): waiting",
        ),
        (
            SERVER + "serve(port=9999)",
            {"start_timeout": 1.5},
            "(it listens on 9999; set contract.service.docker.port)",
        ),
        (
            SERVER + "serve('127.0.0.1')",
            {"start_timeout": 1.5},
            "(it listens on 127.0.0.1:8000 only; it has to listen on 0.0.0.0)",
        ),
        (
            SERVER + "answer = lambda path: 1 / 0\nserve()",
            {"start_timeout": 1.5},
            "within 1.5 s: ",
        ),
    ],
)
def test_a_service_that_does_not_come_up_is_one_clear_line(
    engine: docker.DockerClient,
    tmp_path: Path,
    service: str,
    options: dict[str, object],
    words: str,
) -> None:
    root = write(tmp_path, {"service.py": service})
    with (
        pytest.raises(ServiceError) as error,
        running(root, config(**options)),  # type: ignore[arg-type]
    ):
        pass
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_program_that_is_not_there_is_named(engine: docker.DockerClient, tmp_path: Path) -> None:
    root = write(tmp_path, {"service.py": ""})
    with (
        pytest.raises(ServiceError, match=r"could not start .*no-such-program"),
        running(root, config("no-such-program")),
    ):
        pass


def test_a_service_that_refuses_to_end_is_ended(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    service = SERVER + (
        "import signal, subprocess\n"
        "for number in (signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
        "serve()\n"
    )
    with running(write(tmp_path, {"service.py": service}), config()) as running_service:
        assert get(running_service) == "ok"


def test_a_fork_bomb_meets_its_limit(engine: docker.DockerClient, tmp_path: Path) -> None:
    service = SERVER + (
        "def answer(path):\n"
        "    made = 0\n"
        "    try:\n"
        "        while path == '/bomb' and made < 500:\n"
        "            if os.fork() == 0:\n"
        "                import threading; threading.Event().wait()\n"
        "            made += 1\n"
        "    except OSError as error:\n"
        "        return f'{made < 40} {error.strerror}'\n"
        "serve()\n"
    )
    root = write(tmp_path, {"service.py": service})
    with running(root, config(limits={"pids": 40})) as running_service:
        assert get(running_service, "/bomb") == "True Resource temporarily unavailable"


def test_memory_that_runs_out_during_the_tests_is_said(engine: docker.DockerClient) -> None:
    service = SERVER + "answer = lambda path: path == '/eat' and len(bytearray(1 << 30))\nserve()\n"
    tests = (
        "import urllib.request\n"
        "def test_eat(base_url): urllib.request.urlopen(base_url + '/eat')\n"
        "def test_up(base_url): urllib.request.urlopen(base_url)\n"
    )
    tree = MemoryTree({"service.py": service, "checks/test_api.py": tests})
    chosen = ContractConfig(
        (RunnerConfig("pytest", "checks"),), config(limits={"memory": "64m"}), rerun=False
    )
    result = run_contract(tree, chosen)
    assert [a.passed for a in result.assertions] == [False, False]
    assert result.notes == [
        "the service was ended for using more than its 64m of memory "
        "(contract.service.docker.memory) before the tests were over"
    ]


def test_a_flood_of_output_is_cut_to_its_end(engine: docker.DockerClient, tmp_path: Path) -> None:
    service = SERVER + (
        "for _ in range(300): sys.stdout.write('x' * 100_000 + '\\n')\n"
        "print('the end', flush=True)\nserve()\n"
    )
    with running(write(tmp_path, {"service.py": service}), config()) as running_service:
        pass
    assert running_service.log.endswith("the end\n") or "the end\n" in running_service.log
    assert len(running_service.log) <= Log.LAST


def test_what_it_prints_is_plain_text(engine: docker.DockerClient, tmp_path: Path) -> None:
    service = SERVER + (
        "print('\\x1b[31mred\\x1b[0m \\x07bell \\x1b]0;title\\x07\\u202eback')\n"
        "print('::set-output name=a::b')\n"
        "print('  ::add-mask::x')\n"
        "print('##[command]x')\n"
        "sys.stdout.buffer.write(b'\\xff\\xfe\\n')\n"
        "sys.stdout.flush()\nserve()\n"
    )
    with running(write(tmp_path, {"service.py": service}), config()) as running_service:
        pass
    assert running_service.log.splitlines()[:5] == [
        "red \ufffdbell \ufffdback",
        ": :set-output name=a::b",
        "  : :add-mask::x",
        "## [command]x",
        "\ufffd\ufffd",
    ]


def test_no_secret_of_the_gate_can_be_read(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "HTTP_PROXY", "CI_GATE_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("NO_PROXY", "*")
    service = SERVER + (
        "from pathlib import Path\n"
        "def answer(path):\n"
        "    found = [repr(dict(os.environ)), os.popen('ls -la / /app /run /var/run').read()]\n"
        "    for place in Path('/proc').glob('[0-9]*/*'):\n"
        "        if place.name in ('environ', 'cmdline', 'mountinfo'):\n"
        "            try: found.append(place.read_bytes().decode('utf-8', 'replace'))\n"
        "            except OSError as error: found.append(str(error))\n"
        "    return '\\n'.join(found)\n"
        "serve()\n"
    )
    root = write(tmp_path, {"service.py": service})
    setup = (("sh", "-c", "env > environment; cat /proc/*/environ >> environment || true"),)
    chosen = config(setup=setup, env={"MINE": "kept"})
    with running(root, chosen) as running_service:
        seen = get(running_service)
    assert "'MINE': 'kept'" in seen
    assert SECRET not in seen
    assert "docker.sock" not in seen
    assert str(tmp_path) not in seen


ASK = """
import json, socket, subprocess, uuid
def ask(host, port):
    try:
        socket.create_connection((host, port), timeout=2).close()
        return True
    except OSError:
        return False
def name(host):
    try:
        return socket.gethostbyname(host)
    except OSError:
        return None
def fetch():
    command = f"npm view --fetch-retries=0 --cache=/tmp/npm-{uuid.uuid4()} express name"
    return subprocess.run(command.split()).returncode == 0
"""


def test_set_up_reaches_the_outside_and_the_service_does_not(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    service = (
        SERVER
        + ASK
        + (
            "def answer(path):\n"
            "    if path == '/ask':\n"
            "        return json.dumps([fetch(), ask('192.0.2.1', 80), name('example.org')])\n"
            "serve()\n"
        )
    )
    setup = (("python3", "ask.py"),)
    asking = ASK + "raise SystemExit(0 if fetch() else 'no registry')\n"
    root = write(tmp_path, {"service.py": service, "ask.py": asking})
    with running(root, config(setup=setup)) as running_service:
        assert json.loads(get(running_service, "/ask")) == [False, False, None]


def test_another_container_is_out_of_reach(engine: docker.DockerClient, tmp_path: Path) -> None:
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    asking = SERVER + ASK + "answer = lambda path: ask(path[1:], 8000)\nserve()\n"
    with running(root, config()) as other:
        address = urllib.parse.urlsplit(other.base_url).hostname
        with running(write(tmp_path / "b", {"service.py": asking}), config()) as running_service:
            assert get(running_service, f"/{address}") == "False"
            assert get(running_service, "/127.0.0.1") == "True"


def test_a_build_is_told_no_proxy_of_the_caller(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller's Docker settings may hold one, with its password."""
    settings = {"proxies": {"default": {"httpProxy": f"http://user:{SECRET}@proxy:1"}}}
    write(tmp_path / "docker", {"config.json": json.dumps(settings)})
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker/tree"))
    monkeypatch.setenv("GITHUB_TOKEN", SECRET)
    dockerfile = f"FROM {IMAGE}\nWORKDIR /srv\nCOPY . .\nRUN cat /proc/*/environ > env; true\n"
    service = SERVER + "answer = lambda path: open('env').read().split('\\0')\nserve()\n"
    root = write(tmp_path, {"Dockerfile": dockerfile, "service.py": service})
    with running(root, config(image=None)) as running_service:
        seen = get(running_service)
    assert "PATH=" in seen
    assert SECRET not in seen


@pytest.mark.parametrize("cwd", ["..", "gone", "api/../.."])
def test_the_build_context_lies_in_the_tree(
    engine: docker.DockerClient, tmp_path: Path, cwd: str
) -> None:
    root = write(tmp_path, {"Dockerfile": f"FROM {IMAGE}\n", "api/x": ""})
    chosen = config(image=None, cwd=cwd, limits={"dockerfile": "Dockerfile"})
    with pytest.raises(ServiceError, match="is not a folder of the tree"), running(root, chosen):
        pass


ENDLESS = """
import os, socket, threading, time

def endless(connection):
    connection.recv(4096)
    connection.sendall(START)
    while True:
        connection.sendall(MORE)
        time.sleep(0.01)

server = socket.create_server(("0.0.0.0", int(os.environ["PORT"])))
while True:
    threading.Thread(target=endless, args=(server.accept()[0],), daemon=True).start()
"""


@pytest.mark.parametrize(
    ("start", "more", "up"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x", True),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", True),
        (b"", b"x", False),
        (b"HTTP/1.1 500 No\r\n", b"X: x\r\n", False),
    ],
)
def test_an_answer_that_does_not_end_holds_nothing_up(
    engine: docker.DockerClient, tmp_path: Path, start: bytes, more: bytes, up: bool
) -> None:
    service = ENDLESS.replace("START", repr(start)).replace("MORE", repr(more))
    root = write(tmp_path, {"service.py": service})
    began = time.monotonic()
    came_up = True
    try:
        with running(root, config(start_timeout=3.0)):
            pass
    except ServiceError:
        came_up = False
    assert came_up is up
    assert time.monotonic() - began < 40


def test_what_a_build_prints_of_layers_is_not_believed(
    engine: docker.DockerClient, tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_gate.contract.service.docker_run._LAYERS", 50)
    flood = "import os, time\n" + (
        "for n in range(500): os.write(1, b' ---> %012x\\n' % n); time.sleep(0.001)\n"
    )
    dockerfile = f"FROM {IMAGE}\nLABEL {mark}\nCOPY . .\nRUN python3 flood.py\nRUN false\n"
    root = write(tmp_path, {"Dockerfile": dockerfile, "flood.py": flood})
    asked: list[str] = []
    get_image = docker.models.images.ImageCollection.get

    def counting(images: object, name: str) -> object:
        asked.append(name)
        return get_image(images, name)

    monkeypatch.setattr(docker.models.images.ImageCollection, "get", counting)
    with pytest.raises(ServiceError, match="building"), running(root, config(image=None)):
        pass
    assert len(asked) < 50
    assert things(engine, mark) == []


def test_a_health_check_of_the_image_does_not_run(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    dockerfile = (
        f"FROM {IMAGE}\nWORKDIR /srv\nCOPY . .\n"
        "HEALTHCHECK --interval=10ms --timeout=1s CMD touch checked\n"
    )
    service = SERVER + "answer = lambda path: os.path.exists('checked')\nserve()\n"
    root = write(tmp_path, {"Dockerfile": dockerfile, "service.py": service})
    with running(root, config(image=None)) as running_service:
        time.sleep(1)
        assert get(running_service) == "False"


def test_labels_of_a_dockerfile_do_not_disturb_other_runs(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    labels = f"ci-gate.run={uuid.uuid4().hex} ci-gate.process=x@y ci-gate.started=\u00b2"
    built, _ = engine.images.build(
        fileobj=io.BytesIO(f"FROM {IMAGE}\nLABEL {labels}\n".encode()),
        labels={"ci-gate.system": _system()},
    )
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    try:
        with running(root, config()) as running_service:
            assert get(running_service) == "ok"
    finally:
        with contextlib.suppress(docker.errors.ImageNotFound):  # no run's that lives
            engine.images.remove(built.id, force=True)
