"""Services that misbehave, started for real."""

from __future__ import annotations

import json
import random
import socket
import subprocess
from pathlib import Path

import pytest

from ci_gate.cli import cli
from ci_gate.config_contract import ContractConfig, DatabaseConfig, RunnerConfig, ServiceConfig
from ci_gate.contract import isolation, processes
from ci_gate.contract.model import ContractResult
from ci_gate.contract.run import run_contract
from ci_gate.contract.service.failed_step import missing_file
from ci_gate.contract.service.plan import Hints
from support.processes import running
from support.trees import MemoryTree

SERVE = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

STATUS = 200

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = self.answer() if self.path != "/" else b"up"
        self.send_response(STATUS if answer is not None else 500)
        self.end_headers()
        self.wfile.write(answer or b"")

    def answer(self):
        return b"ok"

def serve(port=None):
    HTTPServer(("127.0.0.1", port or int(os.environ["PORT"])), Handler).serve_forever()
"""
TESTS = """
import urllib.request

def test_answer(base_url):
    assert urllib.request.urlopen(base_url + "/x", timeout=20).read() == b"ok"
"""
HINTS = Hints(databases=("sqlite",), variables={"STORE": "path"}, engine="sqlite")


def run(program: str, *, mark: str = "", tests: str = TESTS, **service: object) -> ContractResult:
    tree = MemoryTree({"serve.py": SERVE, "service.py": program, "checks/test_api.py": tests})
    command = ("python3", "service.py", *([mark] if mark else []))
    chosen = ServiceConfig(**{"command": command, "start_timeout": 30.0, **service})  # type: ignore[arg-type]
    return run_contract(
        tree, ContractConfig((RunnerConfig("pytest", "checks"),), chosen, rerun=False), HINTS
    )


@pytest.fixture
def mark() -> str:
    """An argument by which processes of this test are found."""
    return f"mark-{random.random()}"


def test_never_healthy(mark: str) -> None:
    program = "import serve\nserve.STATUS = 503\nprint('no upstream', flush=True)\nserve.serve()\n"
    result = run(program, mark=mark, start_timeout=1.5)
    assert result.error is not None
    assert "the service did not answer GET /" in result.error
    assert "no upstream" in result.log
    assert not running(mark)


def test_a_health_path_that_is_not_there_is_not_healthy(mark: str) -> None:
    program = (
        "import serve\n"
        "class Missing(serve.Handler):\n"
        "    def do_GET(self):\n"
        "        self.send_error(404)\n"
        "serve.Handler = Missing\n"
        "serve.serve()\n"
    )
    result = run(program, mark=mark, start_timeout=1.5, health="/helth")
    assert result.error == (
        "the service answers GET /helth with 404; set contract.service.health in .ci-gate.yml to a "
        "path that it has"
    )
    assert not result.down
    assert not running(mark)
    assert run(program, mark=mark, start_timeout=5.0).error is None  # / need not be there


def test_ends_at_once(mark: str) -> None:
    result = run("print('reading settings')\nimport no_such_library\n", mark=mark)
    assert result.error is not None
    assert result.error.startswith(
        "the service ended with 1 at start: ModuleNotFoundError: No module named 'no_such_library'"
    )
    assert "contract.service.setup" in result.error
    assert "reading settings" in result.log


def test_listens_on_another_port(mark: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    result = run(f"import serve\nserve.serve({port})\n", mark=mark, start_timeout=1.5)
    assert result.error is not None
    assert f"it listens on port {port}, and was told " in result.error
    assert not running(mark)


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("import serve\nserve.serve()\n", command=("python3", "x.py", "--port", port))
    assert result.error is not None
    assert f"the service listens on port {port} only, which is taken" in result.error


def test_a_port_in_the_command_is_used() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    program = "import serve, sys\nserve.serve(int(sys.argv[2]))\n"
    result = run(program, command=("python3", "service.py", "--port", port))
    assert result.error is None
    assert [item.passed for item in result.assertions] == [True]


def test_does_not_end_when_asked(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_GRACE", 0.2)
    program = (
        "import serve, signal\n"
        "for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):\n"
        "    signal.signal(each, signal.SIG_IGN)\nserve.serve()\n"
    )
    result = run(program, mark=mark)
    assert result.error is None
    assert [item.passed for item in result.assertions] == [True]
    assert not running(mark)


def test_children_and_daemons(mark: str) -> None:
    program = (
        "import os, subprocess, sys, serve\n"
        "for _ in range(5):\n"
        "    subprocess.Popen(['sh', '-c', 'sleep 1000; :', sys.argv[1]], start_new_session=True)\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execve('/bin/sh', ['sh', '-c', 'sleep 1000; :', sys.argv[1]], {})\n"
        "    os._exit(0)\n"
        "serve.serve()\n"
    )
    result = run(program, mark=mark)
    assert [item.passed for item in result.assertions] == [True]
    assert not running(mark)


def test_a_service_that_goes_into_the_background_has_ended(mark: str) -> None:
    program = "import os, serve\nif os.fork():\n    os._exit(0)\nos.setsid()\nserve.serve()\n"
    result = run(program, mark=mark)
    assert result.error is not None
    assert "the service ended with 0 at start" in result.error
    assert not running(mark)


def test_floods_its_log(mark: str) -> None:
    program = (
        "import serve\nprint('begin')\n"
        "for i in range(60000):\n    print('flood ' * 20)\nprint('end', flush=True)\n"
        "serve.serve()\n"
    )
    result = run(program, mark=mark)
    assert [item.passed for item in result.assertions] == [True]
    assert 1024 * 1024 < len(result.log) < 2 * 1024 * 1024
    assert result.log.startswith("begin\n")
    assert "\nend\n" in result.log


def test_eats_memory(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "memory_limit", lambda: 100 << 20)
    program = (
        "import serve\nkept = []\n"
        "def answer(self):\n    while True:\n        kept.append(bytearray(20 << 20))\n"
        "serve.Handler.answer = answer\nserve.serve()\n"
    )
    result = run(program, mark=mark)
    assert [item.passed for item in result.assertions] == [False]
    assert "ci-gate: ended, as it and its children use more than 100 MiB of memory" in result.log
    assert not running(mark)


def test_writes_outside_of_its_folder() -> None:
    if isolation.isolation() == "none":
        pytest.skip("programs run as the same user here")
    target = Path(__file__).with_suffix(".written")
    program = (
        "import serve\n"
        f"def answer(self):\n    open({str(target)!r}, 'w').close()\n    return b'ok'\n"
        "serve.Handler.answer = answer\nserve.serve()\n"
    )
    result = run(program)
    assert [item.passed for item in result.assertions] == [False]
    assert str(target) in result.log
    assert "Read-only file system" in result.log or "Permission denied" in result.log
    assert not target.exists()


def test_sqlite_is_a_fresh_file_each_time() -> None:
    program = (
        "import os, sqlite3, serve\n"
        "store = sqlite3.connect(os.environ['STORE'])\n"
        "store.execute('insert into item values (1)')\n"
        "rows = store.execute('select count(*) from item').fetchone()[0]\nstore.commit()\n"
        "serve.Handler.answer = lambda self: b'ok' if rows == 2 else str(rows).encode()\n"
        "serve.serve()\n"
    )
    make = "import os, sqlite3; s = sqlite3.connect(os.environ['STORE']); "
    database = DatabaseConfig(
        migrate=("python3", "-c", make + "s.execute('create table item (id int)')"),
        seed=("python3", "-c", make + "s.execute('insert into item values (7)'); s.commit()"),
    )
    for _ in range(2):
        result = run(program, database=database)
        assert (result.error, [item.passed for item in result.assertions]) == (None, [True])


def test_a_migration_that_fails_is_told() -> None:
    database = DatabaseConfig(migrate=("sh", "-c", "echo no such table; exit 4"))
    result = run("", database=database)
    assert result.error is not None
    assert "migrate command" in result.error
    assert "ended with 4: no such table" in result.error


def test_mysql_needs_docker() -> None:
    result = run("", database=DatabaseConfig(engine="mysql"))
    assert result.error is not None
    assert "contract.service.mode: docker" in result.error


EVIL = r"::set-output name=a::b\n::add-mask::c\n\x1b[31m##[add-path]d\x1b]0;title\x07"


@pytest.mark.parametrize("starts", [True, False])
def test_workflow_commands_are_not_printed(
    starts: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the service and the tests print: no format shows GitHub a command."""
    tree = tmp_path / "tree"
    (tree / "checks").mkdir(parents=True)
    program = (
        SERVE + "serve()\n" if starts else "raise SystemExit('\\n::stop-commands::x ##[error]y')"
    )
    (tree / "service.py").write_text(f"print('{EVIL}', flush=True)\n{program}\n")
    (tree / "checks" / "test_api.py").write_text(
        f"def test_it():\n    raise ValueError('{EVIL}')\n"
    )
    (tree / ".ci-gate.yml").write_text(
        "version: 1\nallow_empty: true\nsemgrep:\n  enabled: false\n"
        "contract:\n  runner: pytest\n  tests: checks\n  policy:\n    fail_on: all\n"
        "  service:\n    command: python3 service.py\n"
    )
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    forms = ["json", "markdown", "junit", "sarif", "terminal"]
    written = [f"--output={form}={tmp_path / form}" for form in forms]
    with pytest.raises(SystemExit):
        cli(["scan", str(tree), "--format", "github", *written])
    said = capsys.readouterr()
    for text in (said.out, said.err, *((tmp_path / form).read_text() for form in forms)):
        lines = [line.strip() for line in text.splitlines()]
        assert not [x for x in lines if x.startswith(("::set", "::add", "::stop"))]
        assert "##[" not in text
        assert not {"\x1b", "\x07"}.intersection(text)
    report = json.loads((tmp_path / "json").read_text())
    if starts:
        assert "ValueError" in report["contract"]["assertions"][0]["message"]
    else:
        assert report["verdict"] == "incomplete"
        assert "the service ended with 1 at start" in report["contract"]["error"]


def test_a_file_of_the_trees_own_that_is_not_there_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/books.repository.js").touch()
    (tmp_path / "src/routes.js").touch()
    log = (
        "Error: Cannot find module './book.repository'\nRequire stack:\n- /app/src/routes.js\n"
        "    at Function._load (node:internal/modules/cjs/loader:1075:27)\n\nNode.js v20.1.0\n"
    )
    assert missing_file(log, tmp_path) == (
        "; there is no such file beside src/routes.js: did you mean ./books.repository?"
    )
    assert missing_file(log.replace("./book.repository", "express"), tmp_path) == ""
