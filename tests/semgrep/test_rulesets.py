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
#: rule id, file, first and last line, message
Fired = tuple[str, str, int, int, str]


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


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Fired]]:
    """What each of the two engines says of the rules' own cases."""
    home = tmp_path_factory.mktemp("home")
    told: dict[str, list[Fired]] = {}
    for engine, options in (("experimental", ["--experimental"]), ("default", [])):
        done = subprocess.run(
            [
                str(Path(sys.executable).parent / "semgrep"), "scan", "--json", "--quiet",
                "--metrics=off", "--disable-version-check", "--no-git-ignore",
                "--no-rewrite-rule-ids", *options,
                "--config", str(rulesets.folder() / "python"),
                "--config", str(rulesets.folder() / "node"), str(rulesets.folder()),
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
        output = json.loads(done.stdout)
        assert output["errors"] == []
        told[engine] = sorted(
            (
                result["check_id"].rpartition(".")[2],
                Path(result["path"]).name,
                result["start"]["line"],
                result["end"]["line"],
                result["extra"]["message"],
            )
            for result in output["results"]
        )
    return told


def test_both_engines_say_the_same(fired: dict[str, list[Fired]]) -> None:
    assert fired["experimental"] == fired["default"] != []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.definition["id"]))
def test_messages_are_filled_in(
    rule: rulesets.SemgrepRuleInfo, fired: dict[str, list[Fired]]
) -> None:
    """No metavariable is left raw, and no other text with a dollar sign is taken for one."""
    written = str(rule.definition["message"])
    form = re.compile(
        "".join(
            "(.+)" if part.startswith("$") else re.escape(part)
            for part in re.split(r"(\$[A-Z][A-Z0-9_]*)", written)
        ),
        re.DOTALL,
    )
    messages = [message for name, *_, message in fired["default"] if name == rule.definition["id"]]
    assert messages
    for message in messages:
        match = form.fullmatch(message)
        assert match, message
        assert not any(re.fullmatch(r"\$[A-Z0-9_]+", value) for value in match.groups()), message


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
    assert not re.search(r"\$[A-Z_]{2,}", rule.summary + rule.why + rule.fix)


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
    assert folders == {"python/flask", "python/sqlalchemy"}
    assert rulesets.for_stack(Stack()) == []
