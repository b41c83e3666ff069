"""Which Python runs the contract's tests that are written for pytest."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from ci_gate.config_contract import ContractConfig, RunnerConfig, ServiceConfig
from ci_gate.contract.model import ContractResult
from ci_gate.contract.run import run_contract
from ci_gate.repository import WorkTree

SERVICE = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
TESTS = "import only_here\ndef test_it(base_url): pass\n"
NOTE = "the pytest tests run with the virtual environment .venv"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    root = tmp_path / "checkout"
    (root / "checks").mkdir(parents=True)
    (root / "service.py").write_text(SERVICE)
    (root / "checks/test_api.py").write_text(TESTS)
    (root / ".gitignore").write_text(".venv\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def environment(place: Path, *, with_pytest: bool = True) -> None:
    """A virtual environment with a module that is there alone."""
    venv.create(place, symlinks=True)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "only_here.py").touch()
    if with_pytest:
        (packages / "more.pth").write_text(sysconfig.get_path("purelib"))


def run(root: Path, *, optional: bool = False) -> ContractResult:
    service = ServiceConfig(command=(sys.executable, "service.py"))
    runner = RunnerConfig("pytest", "checks", optional=optional)
    return run_contract(WorkTree(root), ContractConfig((runner,), service, rerun=False))


def test_the_virtual_environment_of_the_checkout_runs_the_tests(checkout: Path) -> None:
    environment(checkout / ".venv")
    result = run(checkout)
    assert result.error is None
    assert [item.passed for item in result.assertions] == [True]
    assert NOTE in result.notes


def test_one_without_pytest_leaves_them_to_the_python_on_path(checkout: Path) -> None:
    environment(checkout / ".venv", with_pytest=False)
    (checkout / "checks/test_api.py").write_text("def test_it(base_url): pass\n")
    result = run(checkout)
    assert [item.passed for item in result.assertions] == [True]
    assert NOTE not in result.notes


def test_one_that_the_repository_holds_is_not_used(checkout: Path) -> None:
    environment(checkout / ".venv")
    (checkout / ".gitignore").unlink()
    subprocess.run(["git", "add", ".venv/pyvenv.cfg"], cwd=checkout, check=True)
    result = run(checkout)
    assert NOTE not in result.notes
    assert [item.passed for item in result.assertions] in ([], [False])


def test_one_that_the_caller_has_entered_is_on_path_and_meant(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(checkout / ".venv")
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert NOTE not in run(checkout).notes


def test_no_python_with_pytest_is_a_missing_tool(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(tmp_path / "bare", with_pytest=False)
    monkeypatch.setenv("PATH", f"{tmp_path}/bare/bin:/usr/bin:/bin")
    assert shutil.which("python") == f"{tmp_path}/bare/bin/python"
    monkeypatch.setattr(sys, "executable", f"{tmp_path}/bare/bin/python")
    error = run(checkout).error
    assert error is not None and error.startswith("pytest is not installed for ")
    skipped = run(checkout, optional=True)
    assert skipped.error is None
    assert skipped.notes[-1].startswith("pytest tests were skipped (optional): pytest is not inst")


def test_where_only_the_gates_own_python_has_pytest_that_runs_the_tests(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(tmp_path / "bare", with_pytest=False)
    monkeypatch.setenv("PATH", f"{tmp_path}/bare/bin:/usr/bin:/bin")
    (checkout / "checks/test_api.py").write_text("def test_it(base_url): pass\n")
    result = run(checkout)
    assert result.error is None, result.error
    assert result.assertions


def test_tests_that_speak_of_a_missing_pytest_are_not_skipped(checkout: Path) -> None:
    """An optional runner is skipped for a missing tool alone, not for what its tests print."""
    text = "import os\nprint('python: No module named pytest', flush=True)\nos._exit(1)\n"
    (checkout / "checks/conftest.py").write_text(text)
    result = run(checkout, optional=True)
    assert result.error is not None
    assert "no contract test ran" in result.error


def test_a_library_that_the_tests_lack_is_named(checkout: Path) -> None:
    (checkout / "checks/test_api.py").write_text("import nosuchlib\ndef test_it(base_url): pass\n")
    result = run(checkout)
    assert result.assertions == []
    assert result.error == (
        "checks/test_api.py could not be collected: ModuleNotFoundError: No module named "
        "'nosuchlib'; install what the contract tests need in the Python that runs them"
    )


def test_a_test_file_that_breaks_while_it_is_read_says_its_error(checkout: Path) -> None:
    (checkout / "checks/test_api.py").write_text("from service import gone\n")
    result = run(checkout)
    assert result.error is not None
    assert result.error.startswith("checks/test_api.py could not be collected: ")
    assert [item.passed for item in result.assertions] == [False]
    assert "Hint: make sure" not in result.assertions[0].message
