"""What a scan loads: judging a small service takes less time than loading what it does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = (
    "import atexit, sys\n"
    "atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr))\n"
    "from ci_gate.cli import main\n"
    "main()\n"
)
#: Needed for SQL texts, mistakes in the configuration, unusual patterns, pages.
LARGE = {
    "asyncio", "concurrent.futures", "importlib.metadata", "jinja2", "jsonschema", "pathspec",
    "rich", "sqlglot",
}  # fmt: skip


def _loaded(*args: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "scan", str(ROOT / "demo" / "base"), "--format=json",
         "--contract=off", *args],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines())


def test_a_cold_scan_loads_what_the_tree_needs(tmp_path: Path) -> None:
    loaded = _loaded(f"--cache-dir={tmp_path}")
    assert "ci_gate.rules.framework.flask_endpoint_clash" in loaded
    assert not LARGE & loaded
    assert "ci_gate.rules.framework.koa_late_body" not in loaded
    assert "ci_gate.rules.framework.django_append_slash" not in loaded


def test_a_warm_scan_loads_next_to_nothing(tmp_path: Path) -> None:
    _loaded(f"--cache-dir={tmp_path}")
    loaded = _loaded(f"--cache-dir={tmp_path}")
    assert not (LARGE | {"yaml", "tree_sitter"}) & loaded
    rules = {name for name in loaded if name.startswith("ci_gate.rules.")}
    assert rules == {"ci_gate.rules.declarations", "ci_gate.rules.names"}
    assert len([name for name in loaded if name.startswith("ci_gate.")]) < 40
