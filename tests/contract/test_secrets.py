"""A token in the gate's environment cannot be read by the service, whatever it tries.

The gate runs in a process of its own here, so that the token is where it would be in a workflow: in
the environment that the process was started with, and in its memory.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from ci_gate.contract import isolation
from ci_gate.contract.processes import Program, environment

#: Looks for the token in everything that it can get at, without knowing more of it than how it
#: begins. Its own memory does not count: it holds what was found.
THIEF = r"""
import glob, os, re, socket, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

TOKEN = re.compile(b"gh" + b"s_ci_gate_" + b"[0-9a-f]{32}")

def look(where, data):
    for found in set(TOKEN.findall(data)):
        print("STOLEN", where, found.decode(), flush=True)

def read(path):
    try:
        with open(path, "rb") as stream:
            return stream.read(1 << 24)
    except OSError:
        return b""

def memory(pid):
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
            for line in maps:
                span, rights = line.split()[:2]
                start, end = (int(x, 16) for x in span.split("-"))
                if rights[0] == "r" and end - start < 1 << 28:
                    try:
                        mem.seek(start)
                        look(f"mem {pid}", mem.read(end - start))
                    except (OSError, ValueError, OverflowError):
                        pass
    except OSError:
        return

def loopback():
    for line in open("/proc/net/tcp").read().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A":
            try:
                with socket.create_connection(("127.0.0.1", int(fields[1][-4:], 16)), 1) as peer:
                    peer.settimeout(1)
                    peer.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    look("loopback", peer.recv(65536))
            except OSError:
                pass

seen = 0
wanted = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else "[0-9]*"
for process in glob.glob("/proc/" + wanted):
    pid = int(process.rpartition("/")[2])
    if pid == os.getpid():
        look("environ", read("/proc/self/environ"))
        continue
    seen += 1
    for name in ("environ", "cmdline"):
        look(f"{name} {pid}", read(f"{process}/{name}"))
    for fd in glob.glob(f"{process}/fd/*"):
        try:
            target = os.readlink(fd)
        except OSError:
            continue
        if not target.startswith(("pipe:", "socket:", "anon_inode:", "/dev")):
            look(f"fd {pid}", read(fd))
    memory(pid)
folders = ()
if wanted == "[0-9]*":
    loopback()
    folders = (os.path.expanduser("~"), "/run", "/dev/shm", os.getcwd())
for folder in folders:
    for place, _, files in os.walk(folder):
        for path in (os.path.join(place, name) for name in files):
            if os.path.isfile(path):
                look(path, read(path))
print("LOOKED at", seen, "processes", flush=True)
if "--once" not in sys.argv:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
GATE = r"""
import sys
from ci_gate.config_contract import ContractConfig, RunnerConfig, ServiceConfig
from ci_gate.contract import isolation
from ci_gate.contract.processes import Program, environment
from ci_gate.contract.run import run_contract
from support.trees import MemoryTree

if sys.argv[2] == "user":
    isolation.isolation = lambda: "user"
elif sys.argv[2] == "none":
    isolation.isolation = lambda: "none"
    isolation.user = lambda: (None, None)
thief = open(sys.argv[1]).read()
tests = (
    "import subprocess, sys\n"
    "def test_it(base_url):\n"
    "    thief = [sys.executable, 'thief.py', '--once']\n"
    "    said = subprocess.run(thief, capture_output=True).stdout\n"
    "    assert b'LOOKED' in said, said\n"
    "    assert b'STOLEN' not in said, said\n"
)
tree = MemoryTree({"thief.py": thief, "checks/test_api.py": tests})
service = ServiceConfig(command=("python3", "thief.py"), env={"PYTHONUNBUFFERED": "1"})
config = ContractConfig((RunnerConfig("pytest", "checks"),), service, rerun=False)
result = run_contract(tree, config)
print("LOG", result.log)
print("ERROR", result.error)
print("PASSED", [(item.passed, item.message) for item in result.assertions])
"""
TOKENS = ("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_GITHUB-TOKEN", "AWS_SESSION_TOKEN")


def token() -> str:
    return "ghs_ci_gate_" + secrets.token_hex(16)


def gate(tmp_path: Path, level: str, env: dict[str, str], *wrapper: str) -> str:
    script, thief = tmp_path / "gate.py", tmp_path / "thief.py"
    script.write_text(GATE)
    thief.write_text(THIEF)
    source = os.pathsep.join(
        [str(Path(isolation.__file__).parents[2]), str(Path("tests").resolve())]
    )
    environment = {**os.environ, **env, "PYTHONPATH": source}
    environment.pop("GITHUB_ACTIONS", None)
    command = [*wrapper, sys.executable, str(script), str(thief), level]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_thief_finds_what_is_open(tmp_path: Path) -> None:
    """Where the same user runs it without isolation it does find the token: the test has teeth."""
    secret = token()
    script = tmp_path / "thief.py"
    script.write_text(THIEF)
    with subprocess.Popen(["sleep", "1000"], env={"GITHUB_TOKEN": secret, **os.environ}) as other:
        try:
            done = subprocess.run(
                [sys.executable, str(script), "--once", "--only", str(other.pid)],
                cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
        finally:
            other.kill()
    assert f"STOLEN environ {other.pid} {secret}" in done.stdout
    assert f"STOLEN mem {other.pid} {secret}" in done.stdout


@pytest.mark.parametrize("level", ["namespaces", "user"])
@pytest.mark.parametrize("wrapper", [(), ("sh", "-c", 'unset GITHUB_TOKEN; "$@"; exit $?', "sh")])
def test_no_token_is_found(tmp_path: Path, level: str, wrapper: tuple[str, ...]) -> None:
    if level == "namespaces" and isolation.isolation() != "namespaces":
        pytest.skip("no namespaces here")
    if level == "user" and os.geteuid() != 0:
        pytest.skip("another user can only be had as root")
    secret = token()
    said = gate(tmp_path, level, dict.fromkeys(TOKENS, secret), *wrapper)
    assert "LOOKED at" in said
    assert "STOLEN" not in said
    assert secret not in said
    if level == "namespaces":  # another user may not get at the Python of the tests
        assert "ERROR None" in said
        assert "PASSED [(True, '')]" in said


@pytest.mark.parametrize("wrapper", [(), ("sh", "-c", 'unset GITHUB_TOKEN; "$@"; exit $?', "sh")])
def test_without_isolation_it_is_not_started(tmp_path: Path, wrapper: tuple[str, ...]) -> None:
    """Also where only a parent process holds the token."""
    said = gate(tmp_path, "none", {"GITHUB_TOKEN": token()}, *wrapper)
    assert "programs of the project could read GITHUB_TOKEN" in said
    assert "the gate in its container" in said
    assert "LOOKED" not in said


def test_nor_are_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(isolation, "isolation", lambda: "none")
    monkeypatch.setenv("GH_TOKEN", "x")
    with pytest.raises(PermissionError, match="programs of the project could read"):
        Program(["true"], tmp_path, environment(tmp_path, {}))


@pytest.mark.parametrize(
    "name",
    [*TOKENS, "GH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "MY_SECRET", "DB_PASSWORD", "NPM_TOKEN",
     "AWS_ACCESS_KEY_ID", "OPENAI_API_KEY", "GITHUB_ACTIONS", "SSH_PRIVATE_KEY"],
)  # fmt: skip
def test_names_of_secrets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    assert name in isolation.secrets_here()


@pytest.mark.parametrize("name", ["PATH", "TOKENIZERS_PARALLELISM", "AWS_REGION", "KEYBOARD"])
def test_names_of_other_things(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    assert name not in isolation.secrets_here()
