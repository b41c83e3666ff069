"""Modules that a change deletes and lets git ignore, where it is judged against its base."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_gate.config import Config
from ci_gate.rules.startup.unresolved_import import UnresolvedImport
from ci_gate.scan import Judgement, Options, judge
from support.trees import MemoryTree

APP = """\
from flask import Flask

from shop.loans import list_loans

app = Flask(__name__)


@app.get("/loans")
def loans():
    return list_loans()
"""
BASE = {
    "requirements.txt": "flask\n",
    "shop/__init__.py": "",
    "shop/app.py": APP,
    "shop/loans.py": "def list_loans():\n    return []\n",
    ".gitignore": "",
}
IGNORED = "shop/loans.py\n"


def judged(files: dict[str, str], base: Judgement | None = None) -> Judgement:
    options = Options(Path(), Config())
    facts = base.facts if base is not None else None
    return judge(MemoryTree(files), options, facts, with_semgrep=False, chosen=[UnresolvedImport])


@pytest.mark.parametrize("ignored", ["", IGNORED])
def test_a_module_of_the_base_is_not_one_that_is_generated(ignored: str) -> None:
    base = judged(BASE)
    assert base.findings == []
    deleted = {path: text for path, text in BASE.items() if path != "shop/loans.py"}
    [finding] = judged(deleted | {".gitignore": ignored}, base).findings
    assert "shop.loans" in finding.message


def test_without_a_base_what_git_ignores_may_be_generated() -> None:
    deleted = {path: text for path, text in BASE.items() if path != "shop/loans.py"}
    assert judged(deleted | {".gitignore": IGNORED}).findings == []
