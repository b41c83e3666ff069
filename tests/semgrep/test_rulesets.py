"""The rules that are data: each says what a reader needs, and its own cases hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ci_gate import rulesets
from ci_gate.stack.model import Service, Stack

RULES = rulesets.semgrep_rules()


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What ``semgrep --test`` says of each Semgrep rule id."""
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "semgrep"), "--test", "--json", "--metrics=off",
            "--disable-version-check", str(rulesets.folder()),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=home,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
        },
    )  # fmt: skip
    start = done.stdout.find("{")
    assert start >= 0, done.stderr
    files = json.loads(done.stdout[start:])["results"]
    return {rule: checked for file in files.values() for rule, checked in file["checks"].items()}


@pytest.mark.parametrize("rule", [str(rule.definition["id"]) for rule in RULES])
def test_fixture_of_the_rule_holds(rule: str, outcome: dict[str, dict[str, object]]) -> None:
    checked = {name.rpartition(".")[2]: value for name, value in outcome.items()}
    assert checked[rule]["passed"], checked[rule]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.definition["id"]))
def test_rule_tells_what_why_and_how(rule: rulesets.SemgrepRuleInfo) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z0-9-]+", rule.rule)
    assert rule.message and rule.why and rule.fix
    assert rule.source.startswith("https://")
    # metavariables are filled in by Semgrep in messages only
    assert not re.search(r"\$[A-Z_]{2,}", rule.why + rule.fix)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.definition["id"]))
def test_rule_has_two_cases_of_each_kind(rule: rulesets.SemgrepRuleInfo) -> None:
    path = rulesets.folder() / rule.path
    fixtures = [p for p in path.parent.glob(f"{path.stem}.*") if p.suffix in (".py", ".js", ".ts")]
    marks = Counter(
        match.group(1)
        for fixture in fixtures
        for match in re.finditer(
            rf"(ruleid|ok): {re.escape(str(rule.definition['id']))}\s*$",
            fixture.read_text("utf-8"),
            re.MULTILINE,
        )
    )
    assert marks["ruleid"] >= 2
    assert marks["ok"] >= 2


def test_ids_are_unique() -> None:
    ids = Counter(str(rule.definition["id"]) for rule in RULES)
    assert [name for name, count in ids.items() if count > 1] == []


def test_stack_decides_which_rules_run() -> None:
    flask = Stack([Service(".", frameworks=["flask"], orms=["flask-sqlalchemy"])])
    folders = {rule.path.rpartition("/")[0] for rule in rulesets.for_stack(flask)}
    assert folders == {"python/flask", "python/sqlalchemy", "python/sql"}
    assert rulesets.for_stack(Stack()) == []
