"""Which Python runs contract tests that are written for pytest."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.runners.pytest import PytestRunner
from support.contract import job


def test_where_the_python_on_path_has_no_pytest_the_gates_own_runs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bin" / "python"
    bare.parent.mkdir()
    bare.write_text('#!/bin/sh\necho "$0: No module named pytest" >&2\nexit 1\n')
    bare.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bare.parent}:/usr/bin:/bin")
    files = {"test_it.py": "def test_it(base_url):\n    assert base_url\n"}
    config = RunnerConfig(runner="pytest", tests="test_it.py")
    result = PytestRunner().run(job(tmp_path, "http://127.0.0.1:8000", config, files))
    assert (result.missing, result.error) == (None, None)
    assert [(item.name, item.passed) for item in result.assertions] == [
        ("test_it.py::test_it", True)
    ]
