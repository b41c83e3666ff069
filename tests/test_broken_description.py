"""A contract that the configuration names and that cannot be read never passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_gate.config import load
from ci_gate.scan import Options, scan

APP = "from flask import Flask\napp = Flask(__name__)\n@app.get('/a')\ndef a(): return {}\n"
BROKEN = "openapi: 3.0.3\npaths:\n  /a: {$ref: nowhere.yml}\n"


@pytest.mark.parametrize(
    ("named", "verdict", "told"),
    [
        ("openapi.yml", "incomplete", "openapi.yml:3:8: $ref: nowhere.yml names a file"),
        ("missing.yml", "incomplete", "missing.yml:1:1: there is no such file"),
        (None, "pass", ""),
    ],
)
def test_verdict(tmp_path: Path, named: str | None, verdict: str, told: str) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "openapi.yml").write_text(BROKEN)
    settings = "semgrep: {enabled: false}\n" + (f"openapi: {named}\n" if named else "")
    (tmp_path / ".ci-gate.yml").write_text(settings)
    card = scan(Options(tmp_path, load(tmp_path), contract=False))
    assert card.verdict == verdict
    assert any(told in problem for problem in (*card.reasons, ""))
