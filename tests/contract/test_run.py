"""Contract tests against a real service process."""

from __future__ import annotations

import errno
import itertools
import random
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ci_gate.config_contract import ContractConfig, RunnerConfig, ServiceConfig
from ci_gate.contract.run import run_contract
from support.processes import running
from support.trees import MemoryTree

SERVICE = """
import os, subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

if "--leave-child" in sys.argv:
    subprocess.Popen(["sleep", os.environ["SECONDS"]], start_new_session=True)
print("environment", sorted(os.environ), flush=True)

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if self.path == "/boom" else 200)
        self.end_headers()
        self.wfile.write(b"ok")

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
TESTS = """
import urllib.request

def test_item(base_url):
    assert urllib.request.urlopen(base_url + "/items/1?page=2").read() == b"ok"

def test_boom(base_url):
    urllib.request.urlopen(base_url + "/boom")

def test_no_request():
    assert 1 == 2
"""
TREE = MemoryTree({"service.py": SERVICE, "checks/test_api.py": TESTS, "empty.py": ""})


def config(*command: str, env: dict[str, str] | None = None) -> ContractConfig:
    service = ServiceConfig(command=command or ("python3", "service.py"), env=env or {})
    return ContractConfig((RunnerConfig("pytest", "checks"),), service, rerun=False)


def test_each_test_is_an_assertion_on_the_endpoint_it_asked() -> None:
    result = run_contract(TREE, config())
    assert result.error is None
    assert [(a.name.rpartition("::")[2], a.endpoint, a.passed) for a in result.assertions] == [
        ("test_item", "GET /items/1", True),
        ("test_boom", "GET /boom", False),
        ("test_no_request", None, False),
    ]
    assert "HTTP Error 500" in result.assertions[1].message
    assert "GET /items/1" in result.log


def test_the_service_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    log = run_contract(TREE, config()).log
    assert "PORT" in log
    assert "TOKEN" not in log
    assert "AWS" not in log


def test_what_the_service_leaves_running_is_ended() -> None:
    seconds = str(1000 + random.random())
    run_contract(TREE, config("python3", "service.py", "--leave-child", env={"SECONDS": seconds}))
    assert not running(seconds)


def test_the_tree_is_copied_so_that_nothing_is_written_into_it() -> None:
    tree = MemoryTree(
        {
            "service.py": "open('made.db', 'w').close()\n" + SERVICE,
            "checks/test_api.py": "import os\ndef test_fresh(base_url):\n"
            "    assert os.path.exists('made.db')\n",
        }
    )
    assert [a.passed for a in run_contract(tree, config()).assertions] == [True]
    assert not Path("made.db").exists()


@pytest.mark.parametrize(
    ("service", "tests", "words"),
    [
        ({"command": ("false",)}, "checks", "the service ended with 1 at start"),
        ({"command": ("no-such-program",)}, "checks", "cannot run 'no-such-program'"),
        ({"command": None}, "checks", "no command to start the service"),
        ({"command": ("sleep", "60"), "start_timeout": 0.3}, "checks", "did not answer GET /"),
        ({"cwd": "nowhere"}, "checks", "'nowhere' is not a directory"),
        ({"setup": (("sh", "-c", "echo no disk; exit 3"),)}, "checks", "ended with 3: no disk"),
        ({}, "nowhere", "contract.tests 'nowhere' is not in the tree"),
        ({}, "empty.py", "pytest found no tests"),
    ],
)
def test_what_goes_wrong_is_one_clear_line(
    service: dict[str, object], tests: str, words: str
) -> None:
    chosen = ServiceConfig(**{"command": ("python3", "service.py"), **service})  # type: ignore[arg-type]
    result = run_contract(TREE, ContractConfig((RunnerConfig("pytest", tests),), chosen))
    assert result.error is not None
    assert words in result.error
    assert "\n" not in result.error


def test_a_full_temporary_folder_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "chmod", full)
    assert run_contract(TREE, config()).error == (
        "the tests could not be run: No space left on device in the temporary folder; make room "
        "there or name another by TMPDIR"
    ).replace("folder;", f"folder {tmp_path};")


def test_assertions_seen_before_a_time_out_are_kept() -> None:
    tests = "import threading\ndef test_a(base_url): pass\ndef test_b(): threading.Event().wait()\n"
    tree = MemoryTree({"service.py": SERVICE, "checks/test_api.py": tests})
    chosen = ContractConfig(
        (RunnerConfig("pytest", "checks", timeout=15.0),),
        ServiceConfig(command=("python3", "service.py")),
    )
    result = run_contract(tree, chosen)
    assert [a.passed for a in result.assertions] == [True]
    assert result.error == "the contract tests took more than 15 s and were ended"


@pytest.fixture
def visits() -> Iterator[str]:
    """The URL of a server that tells how often it was asked before."""
    count = itertools.count()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(str(next(count)).encode())

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_what_fails_once_and_passes_then_is_flaky(visits: str) -> None:
    tests = f"""
import urllib.request

def test_shaky(base_url):
    assert urllib.request.urlopen({visits!r}).read() == b"1"

def test_wrong(base_url):
    assert 1 == 2
"""
    tree = MemoryTree({"service.py": SERVICE, "checks/test_api.py": tests})
    service = ServiceConfig(command=("python3", "service.py"))
    result = run_contract(tree, ContractConfig((RunnerConfig("pytest", "checks"),), service))
    assert [(a.name.partition("::")[2], a.passed, a.flaky) for a in result.assertions] == [
        ("test_shaky", True, True),
        ("test_wrong", False, False),
    ]
