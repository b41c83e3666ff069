"""Pull requests that try to leave their copy, to judge themselves, or to hang the gate."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ci_gate import yamltext
from ci_gate.config import ConfigError
from ci_gate.config_contract import ContractConfig, RunnerConfig, ServiceConfig
from ci_gate.contract import isolation
from ci_gate.contract.both_sides import _committed
from ci_gate.contract.model import ContractResult
from ci_gate.contract.output import harmless
from ci_gate.contract.run import run_contract
from ci_gate.git import Git
from ci_gate.policy import of_base
from ci_gate.repository import CommitTree, WorkTree
from support.trees import MemoryTree

SERVICE = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
PASSES = "def test_first(base_url): pass\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open to the user that programs of the project run as."""
    place = Path(tempfile.mkdtemp(prefix="ci-gate-test-")).resolve()
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def contract(**service: object) -> ContractConfig:
    chosen = ServiceConfig(**{"command": ("python3", "service.py"), **service})  # type: ignore[arg-type]
    return ContractConfig((RunnerConfig("pytest", "checks", timeout=60.0),), chosen, rerun=False)


def run(tests: str, extra: dict[str, str] | None = None, **service: object) -> ContractResult:
    files = {"service.py": SERVICE, "checks/test_api.py": tests, **(extra or {})}
    return run_contract(MemoryTree(files), contract(**service))


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, files: dict[str, str]) -> None:
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    git(folder, "add", "-Af")
    git(folder, "commit", "-qm", "x")


def test_tests_that_end_pytest_are_not_all_tests() -> None:
    result = run(PASSES + "def test_second():\n    import os\n    os._exit(0)\n")
    assert [item.passed for item in result.assertions] == [True]
    assert result.error is not None
    assert "before all tests had run (1 had)" in result.error


def test_a_failure_taken_out_of_the_report_is_missed() -> None:
    hide = (
        "import os\ndef pytest_sessionfinish(session):\n    place = os.environ['CI_GATE_REPORT']\n"
        "    lines = [line for line in open(place) if 'false' not in line]\n"
        "    open(place, 'w').writelines(lines)\n"
    )
    result = run(PASSES + "def test_wrong(): assert 0\n", {"checks/conftest.py": hide})
    assert result.error == "pytest ended with 1, but no test failed"


@pytest.mark.parametrize("put", ["os.mkfifo(p)", "os.symlink('/dev/zero', p)"])
def test_a_report_that_is_no_file_does_not_hang_the_gate(put: str) -> None:
    tests = (
        f"import os\np = os.environ['CI_GATE_REPORT']\ndef test_it():\n    {put}\n    os._exit(0)\n"
    )
    result = run(tests)
    assert result.assertions == []
    assert result.error is not None


@pytest.mark.parametrize("line", ["'[' * 100000", "'{\"seconds\": 1' + '0' * 400 + '}'", "'[]'"])
def test_hostile_lines_in_the_report_are_left_out(line: str) -> None:
    write = f"    open(os.environ['CI_GATE_REPORT'], 'a').write({line} + chr(10))\n"
    result = run(f"import os\ndef test_it():\n{write}")
    assert result.error is None
    assert [item.passed for item in result.assertions] == [True]


def test_links_that_lead_out_by_way_of_each_other_are_not_copied(folder: Path) -> None:
    tree = folder / "tree"
    tree.mkdir()
    commit(tree, {"a/b/c/f": "x"})
    (tree / "a/b/c/up").symlink_to("../../..")
    (tree / "out").symlink_to("a/b/c/up/../outside")  # by its text within the tree
    (tree / "fine").symlink_to("a/b")
    commit(tree, {})
    for number, source in enumerate((WorkTree(tree), CommitTree(Git(tree), "HEAD"))):
        copy = folder / f"copy{number}"
        copy.mkdir()
        source.export(copy)
        assert (copy / "fine/c/f").read_text() == "x"
        assert (copy / "a/b/c/up").is_symlink()
        assert not (copy / "out").is_symlink()


def test_setup_cannot_lead_the_service_to_another_folder(folder: Path) -> None:
    (folder / "file").write_text("x")
    before = folder.stat().st_uid
    move = f"cd .. && mv svc old && ln -s {folder} svc"
    result = run(PASSES, {"svc/x": ""}, cwd="svc", setup=(("sh", "-c", move),))
    assert result.error == "contract.service.cwd 'svc' leads out of the tree"
    assert folder.stat().st_uid == (folder / "file").stat().st_uid == before


def test_a_service_in_a_folder_of_the_tree_runs() -> None:
    result = run(PASSES, {"svc/x": ""}, cwd="svc", command=("python3", "../service.py"))
    assert result.error is None


def test_the_repository_is_out_of_sight_wherever_the_gate_was_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isolation.isolation() != "namespaces":
        pytest.skip("no namespaces here")
    tests = f"def test_it():\n    print(open('{folder}/.git/config').read())\n"
    commit(folder, {"service.py": SERVICE, "checks/test_api.py": tests})
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{folder}")  # so that the folder is seen
    result = run_contract(WorkTree(folder), contract())
    assert "No such file or directory" in result.assertions[0].message


def test_without_namespaces_credentials_in_git_settings_are_a_reason_to_refuse(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(folder, {"a": ""})
    monkeypatch.setattr(isolation, "isolation", lambda: "user")
    monkeypatch.setattr(isolation, "_masks", lambda: [str(folder / ".git")])
    assert isolation.refusal() is None
    git(folder, "config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic eDp5")
    assert "persist-credentials: false" in (isolation.refusal() or "")


def test_a_change_cannot_bring_the_environment_that_its_base_runs_with(folder: Path) -> None:
    commit(folder, {"service.py": SERVICE, "checks/test_api.py": PASSES})
    head = {".venv/pyvenv.cfg": "", ".venv/bin/python": "#!/bin/sh\nexit 9\n"}
    git(folder, "checkout", "-qb", "change")
    commit(folder, head)
    result = run_contract(
        CommitTree(Git(folder), "main"), contract(command=("python", "service.py"))
    )
    assert result.error is None
    assert result.notes == []


def test_git_of_the_tree_is_not_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(folder, {"bin/git": "#!/bin/sh\ntouch stolen\n"})
    monkeypatch.setenv("PATH", f"bin{os.pathsep}{os.pathsep}{os.environ['PATH']}")
    assert Git(folder).listed() == ["bin/git"]
    assert not (folder / "stolen").exists()


def test_empty_lines_are_read_in_one_go() -> None:
    started = time.process_time()
    harmless("\n" * 1_000_000)
    assert time.process_time() - started < 20
    assert harmless("a\n\n  ::error::x") == "a\n\n  : :error::x"


@pytest.mark.parametrize("item", ["{{<<: [{}]}}", "[{}]"])
def test_a_bomb_of_aliases_is_refused(item: str) -> None:
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n} " + item.format(", ".join([f"*a{n - 1}"] * 10)) for n in range(1, 12)]
    with pytest.raises(yaml.YAMLError):
        yamltext.load("\n".join(lines))
    assert yamltext.load("a: &x [1]\nb: *x") == {"a": [1], "b": [1]}


def test_folders_of_any_depth_are_removed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    dig = "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\n"
    result = run(PASSES + f"def test_dig():\n    exec({dig!r})\n")
    assert len(result.assertions) == 2
    assert list(folder.iterdir()) == []


def test_a_link_as_the_configuration_of_the_base_does_not_let_the_change_judge(
    folder: Path,
) -> None:
    commit(folder, {"gate.yml": "fail_on: all\n"})
    (folder / ".ci-gate.yml").symlink_to("gate.yml")
    commit(folder, {})
    git(folder, "checkout", "-qb", "change")
    (folder / ".ci-gate.yml").unlink()
    commit(folder, {".ci-gate.yml": "fail_on: never\n"})
    with pytest.raises(ConfigError, match="symbolic link"):
        of_base(folder, "main")


def test_kept_results_that_the_change_brings_are_not_read(folder: Path) -> None:
    commit(folder, {"kept/a.json": "{}"})
    (folder / "made").mkdir()
    assert _committed(Git(folder), folder / "kept")
    assert not _committed(Git(folder), folder / "made")
    assert not _committed(Git(folder), folder.parent / "elsewhere")
