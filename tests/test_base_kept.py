"""A merge base is judged once while a branch grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ci_gate.cache import Cache
from ci_gate.config import Config, SemgrepConfig
from ci_gate.reports import Style, render
from ci_gate.repository import CommitTree
from ci_gate.rules import all_rules
from ci_gate.rules import run as running
from ci_gate.scan import Options, scan
from support.repositories import GitRepository

QUIET = Config(semgrep=SemgrepConfig(enabled=False))
SERVICE = {
    "requirements.txt": "flask\nsqlalchemy\n",
    "app.py": (
        "import requests\nfrom flask import Flask\napp = Flask(__name__)\n"
        "@app.get('/')\ndef index():\n    return requests.get('http://localhost').text\n"
    ),
}


def report(options: Options) -> str:
    return render(scan(options), "json", Style())


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which kinds of trees rules have run over."""
    kinds: list[str] = []
    run_rules = running.run_rules

    def noted(facts: Any, *args: Any) -> Any:
        kinds.append("base" if isinstance(facts.model.tree, CommitTree) else "head")
        return run_rules(facts, *args)

    monkeypatch.setattr(running, "run_rules", noted)
    return kinds


def test_rules_run_over_the_base_once(tmp_path: Path, judged: list[str]) -> None:
    repository = GitRepository(tmp_path / "shop", SERVICE)
    repository.git("switch", "--quiet", "--create", "change")
    kept = Options(repository.root, QUIET, "main", cache=Cache(tmp_path / "cache", b"k" * 32))
    fresh = Options(repository.root, QUIET, "main")
    for number in range(2):
        repository.commit({f"more{number}.py": f"import yaml{number}\n"})
        with_cache, without = report(kept), report(fresh)
        assert with_cache == without
        assert '"status": "existing"' in without
        assert '"status": "new"' in without
    assert judged == ["base", "head", "base", "head", "head", "base", "head"]


def test_another_base_is_judged_anew(tmp_path: Path, judged: list[str]) -> None:
    repository = GitRepository(tmp_path / "shop", SERVICE)
    options = Options(repository.root, QUIET, "main", cache=Cache(tmp_path / "cache", b"k" * 32))
    report(options)
    repository.commit({"other.py": "import numpy\n"})
    report(options)
    assert judged == ["base", "head", "base", "head"]


def test_what_a_failed_rule_left_is_not_kept(
    tmp_path: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> list[Any]:
        raise RuntimeError("lost its way")

    repository = GitRepository(tmp_path / "shop", SERVICE)
    options = Options(repository.root, QUIET, "main", cache=Cache(tmp_path / "cache", b"k" * 32))
    rule = next(rule for rule in all_rules() if rule.id == "startup/undeclared-dependency")
    with monkeypatch.context() as patched:
        patched.setattr(rule, "check", broken)
        report(options)
    report(options)
    assert judged == ["base", "head", "base", "head"]
