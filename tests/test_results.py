"""A scan that would find the same finds its result; one that might not does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ci_gate import cache as kept
from ci_gate import scan as stages
from ci_gate import semgrep
from ci_gate.cache import Cache
from ci_gate.config import Config, SemgrepConfig
from ci_gate.findings import Finding, Severity
from ci_gate.reports import render
from ci_gate.repository import WorkTree
from ci_gate.rules import run as running
from ci_gate.rules.base import Facts
from ci_gate.rules.query.injection import Injection
from ci_gate.scan import Options, scan
from ci_gate.scorecard.model import Scorecard

APP = """from flask import Flask, request
import sqlite3
app = Flask(__name__)

@app.route("/items/<name>")
def show(name):
    found = sqlite3.connect("x.db").execute("SELECT * FROM items WHERE name = '" + name + "'")
    return str(found.fetchall())
"""
#: What Semgrep's rules for Flask look for.
GUARDED = f"""{APP}
from flask_login import login_required

@login_required
@app.route("/hidden")
def hidden():
    return "hidden"
"""
RULE = """rules:
  - id: no-str
    languages: [python]
    severity: WARNING
    message: no str
    pattern: str(...)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "requirements.txt").write_text("flask==3.0.0\n")
    (folder / "app.py").write_text(APP)
    (folder / "other.py").write_text("from flask import Flask\nx = 1\n")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", b"k" * 32)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each tree that was judged rather than looked up."""
    seen: list[str] = []
    original = stages.judge

    def judge(*args, **more):  # type: ignore[no-untyped-def]
        seen.append("judged")
        return original(*args, **more)

    monkeypatch.setattr(stages, "judge", judge)
    return seen


def _json(card: Scorecard) -> str:
    return render(card, "json")


QUIET = Config(semgrep=SemgrepConfig(enabled=False))


def test_the_second_scan_looks_its_result_up(root: Path, store: Cache, judged: list[str]) -> None:
    options = Options(root, QUIET, cache=store)
    first = scan(options)
    assert first.findings
    again = scan(options)
    assert judged == ["judged"]
    for form in ("json", "terminal", "markdown", "sarif", "junit", "github"):
        assert render(again, form) == render(first, form)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "app.py").write_text(APP.replace("items", "things")),
        lambda root: (root / "README.md").write_text("new\n"),
        lambda root: (root / "other.py").unlink(),
        lambda root: (root / "other.py").rename(root / "moved.py"),
        lambda root: (root / ".gitignore").write_text("other.py\n"),
        lambda root: (root / "requirements.txt").write_text("flask==2.0.0\n"),
    ],
    ids=["edit", "new file", "removal", "move", "ignored", "manifest"],
)
def test_any_change_of_the_tree_is_judged(
    root: Path, store: Cache, judged: list[str], change: Callable[[Path], object]
) -> None:
    options = Options(root, QUIET, cache=store)
    scan(options)
    change(root)
    found = scan(options)
    assert judged == ["judged"] * 2
    assert _json(found) == _json(scan(replace(options, cache=None)))


TEST = """import pytest
from app import app

def test_items():
    assert app
"""


@pytest.mark.parametrize(
    "edits",
    [
        {"notes.txt": "other\n"},
        {"tests/test_app.py": TEST.replace("assert", "assert not")},
        {"checks_test.py": TEST + "\ndef test_more():\n    pass\n"},
        {"notes.txt": "", "tests/test_app.py": "", "checks_test.py": "import unittest\n"},
    ],
    ids=["text", "test", "test by its name", "all"],
)
def test_what_nobody_read_may_change(
    root: Path, store: Cache, judged: list[str], edits: dict[str, str]
) -> None:
    (root / "tests").mkdir()
    for path in ("notes.txt", "tests/test_app.py", "checks_test.py"):
        (root / path).write_text(TEST)
    options = Options(root, QUIET, cache=store)
    scan(options)
    for path, text in edits.items():
        (root / path).write_text(text)
    found = scan(options)
    assert judged == ["judged"]
    assert _json(found) == _json(scan(replace(options, cache=None)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/helpers.py", "from flask import request\nlimit = request.args\n"),
        ("checks_test.py", "from flask import request\nlimit = 1\n"),
        ("tests/app.test.js", f"x = '{'a' * 30_000}'\n"),
    ],
    ids=["imported by the service", "no test any more", "generated"],
)
def test_a_test_that_counts_is_judged(
    root: Path, store: Cache, judged: list[str], path: str, text: str
) -> None:
    (root / "tests").mkdir()
    for name in ("tests/helpers.py", "tests/app.test.js", "checks_test.py"):
        (root / name).write_text(TEST)
    (root / "other.py").write_text("from tests import helpers\n")
    options = Options(root, QUIET, cache=store)
    scan(options)
    (root / path).write_text(text)
    found = scan(options)
    assert judged == ["judged"] * 2
    assert _json(found) == _json(scan(replace(options, cache=None)))


def test_a_test_that_ones_own_rules_judge_is_read(
    root: Path, store: Cache, judged: list[str]
) -> None:
    (root / "tests").mkdir()
    (root / "tests" / "test_app.py").write_text(TEST)
    (root / "rules.yml").write_text(RULE)
    config = Config(semgrep=SemgrepConfig(rulesets=("rules.yml",)))
    options = Options(root, config, cache=store)
    scan(options)
    (root / "tests" / "test_app.py").write_text(TEST.replace("assert app", "assert str(app)"))
    found = scan(options)
    assert judged == ["judged"] * 2
    assert ("custom/no-str", "tests/test_app.py") in {
        (item.finding.rule, item.finding.path) for item in found.findings
    }


def test_what_a_process_of_its_own_read_counts(
    root: Path, store: Cache, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that nothing but one rule reads, in the process that the rule runs in."""
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    (root / "Procfile").write_text("web: gunicorn app:app\n")
    options = Options(root, replace(QUIET, select=("startup", "query")), cache=store, jobs=3)
    before = scan(options)
    (root / "Procfile").write_text("web: gunicorn gone:app\n")
    found = scan(options)
    assert judged == ["judged"] * 2
    assert {item.finding.rule for item in found.findings} - {
        item.finding.rule for item in before.findings
    } == {"startup/missing-entry-point"}


def test_each_of_several_states_keeps_its_result(
    root: Path, store: Cache, judged: list[str]
) -> None:
    options = Options(root, QUIET, cache=store)
    cards = []
    quiet = APP.replace("name + ", "")
    for text in (APP, quiet, APP, quiet):
        (root / "app.py").write_text(text)
        cards.append(_json(scan(options)))
    assert len(judged) == 2
    assert cards[:2] == cards[2:]


@pytest.mark.parametrize(
    "config",
    [
        replace(QUIET, ignore=("query",)),
        replace(QUIET, severity={"query": Severity.NOTE}),
        replace(QUIET, exclude=("other.py",)),
        replace(QUIET, threshold=Severity.NOTE),
        Config(),
    ],
    ids=["ignore", "severity", "exclude", "threshold", "semgrep"],
)
def test_another_configuration_is_judged(
    root: Path, store: Cache, judged: list[str], config: Config
) -> None:
    scan(Options(root, QUIET, cache=store))
    scan(Options(root, config, cache=store))
    assert judged == ["judged"] * 2


def test_another_version_is_judged(
    root: Path, store: Cache, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(Options(root, QUIET, cache=store))
    monkeypatch.setattr(kept, "version", lambda: "another")
    scan(Options(root, QUIET, cache=store))
    assert judged == ["judged"] * 2


def test_a_damaged_result_is_judged_again(root: Path, store: Cache, judged: list[str]) -> None:
    options = Options(root, QUIET, cache=store)
    first = scan(options)
    for place in store.folder.rglob("*"):
        if place.is_file():
            place.write_bytes(place.read_bytes()[:-3])
    assert _json(scan(options)) == _json(first)
    assert judged == ["judged"] * 2


def test_a_run_that_was_not_complete_is_not_kept(
    root: Path, store: Cache, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_self: object, _facts: object) -> list[object]:
        raise KeyError("a defect of the rule")

    monkeypatch.setattr(Injection, "check", fails)
    options = Options(root, QUIET, cache=store)
    for _ in range(2):
        assert scan(options).verdict == "incomplete"
    assert judged == ["judged"] * 2


def test_what_changes_while_it_is_scanned_is_not_kept(
    root: Path, store: Cache, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Injection.check

    def check(self: Injection, facts: Facts) -> list[Finding]:
        (root / "app.py").write_text(APP.replace("items", "things"))
        facts.model.tree.read("app.py")
        return list(original(self, facts))

    monkeypatch.setattr(Injection, "check", check)
    options = Options(root, QUIET, cache=store)
    scan(options)
    monkeypatch.setattr(Injection, "check", original)
    for text in (APP, APP.replace("items", "things")):  # before and after
        (root / "app.py").write_text(text)
        found = scan(options)
        assert _json(found) == _json(scan(replace(options, cache=None)))
    assert len(judged) == 5


def test_the_base_and_what_changed_since_count(root: Path, store: Cache, judged: list[str]) -> None:
    def git(*args: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *args], cwd=root, check=True,
            capture_output=True,
        )  # fmt: skip

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("switch", "-qc", "change")
    (root / "other.py").write_text("x = 2\n")
    options = Options(root, QUIET, base="main", cache=store)
    first = scan(options)
    assert _json(scan(options)) == _json(first)
    assert len(judged) == 2  # base and head, once
    git("commit", "-qam", "two")
    git("switch", "-q", "main")
    (root / "requirements.txt").write_text("flask==2.0.0\n")
    git("commit", "-qam", "three")
    git("switch", "-q", "change")
    git("rebase", "-q", "main")
    found = scan(options)
    assert len(judged) == 4
    assert _json(found) == _json(scan(replace(options, cache=None)))


def test_a_base_that_is_not_there_is_said_each_time(
    root: Path, store: Cache, judged: list[str]
) -> None:
    options = Options(root, QUIET, base="nowhere", cache=store)
    for _ in range(2):
        assert scan(options).verdict == "incomplete"
    assert len(judged) == 2


# --- Semgrep's results ---


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files that Semgrep was given, call by call."""
    seen: list[list[str]] = []
    original = semgrep._Scan.judge

    def judge(self, rules, asked, errors):  # type: ignore[no-untyped-def]
        seen.append(sorted(asked))
        return original(self, rules, asked, errors)

    monkeypatch.setattr(semgrep._Scan, "judge", judge)
    return seen


def _semgrep(root: Path, store: Cache | None, config: Config | None = None):  # type: ignore[no-untyped-def]
    from ci_gate.codemodel.build import build
    from ci_gate.stack.detect import detect

    tree = WorkTree(root)
    model = build(tree)
    stack = detect(tree, model)
    found = semgrep.run(
        tree, sorted(model.modules), stack, config or Config(), tree, 1, store
    )  # fmt: skip
    return replace(found, seconds=0.0)


def test_semgrep_sees_only_files_that_it_has_not_seen(
    root: Path, store: Cache, given: list[list[str]]
) -> None:
    (root / "app.py").write_text(GUARDED)
    cold = _semgrep(root, store)
    assert _semgrep(root, store) == cold
    assert len(given) == 1
    (root / "other.py").write_text(GUARDED)
    warm = _semgrep(root, store)
    assert given[1:] == [["other.py"]]
    assert warm == _semgrep(root, None)


def test_semgrep_sees_all_files_under_other_rules(
    root: Path, store: Cache, given: list[list[str]]
) -> None:
    (root / "app.py").write_text(GUARDED)
    _semgrep(root, store)
    (root / "rules.yml").write_text(RULE)
    config = Config(semgrep=SemgrepConfig(rulesets=("rules.yml",)))
    assert [item.rule for item in _semgrep(root, store, config).findings].count("custom/no-str")
    assert len(given) == 2
    (root / "rules.yml").write_text(RULE.replace("WARNING", "ERROR"))
    found = _semgrep(root, store, config)
    assert len(given) == 3
    assert found == _semgrep(root, None, config)


def test_a_semgrep_that_fails_keeps_nothing(
    root: Path, store: Cache, given: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semgrep, "find_program", lambda: None)
    assert _semgrep(root, store).errors
    monkeypatch.undo()
    assert _semgrep(root, store) == _semgrep(root, None)


# --- the same report from run to run ---


def test_reports_do_not_differ_from_run_to_run(tmp_path: Path) -> None:
    """With another seed for hashes, any number of jobs, cold and warm, in processes."""
    program = (
        "from ci_gate.rules import run\n"
        "from ci_gate.codemodel import build\n"
        "run._MIN_FILES = build._MIN_FILES = 1\n"
        "from ci_gate.cli import main\n"
        "main()\n"
    )
    folder = Path(__file__).parent.parent / "demo" / "base"
    said = set()
    for number, more in enumerate(
        [("--jobs=1", "--no-cache"), ("--jobs=2",), ("--jobs=2",), ("--jobs=4", "--no-cache")]
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, "scan", str(folder), "--format=json",
             "--contract=off", f"--cache-dir={tmp_path / 'cache'}", *more],
            env=os.environ | {"PYTHONHASHSEED": str(number)},
            capture_output=True, check=False,
        )  # fmt: skip
        assert json.loads(done.stdout)["verdict"] == "pass"
        said.add(done.stdout)
    assert len(said) == 1


def test_forking_finds_what_one_process_finds(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = scan(Options(root, QUIET))
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    assert _json(scan(Options(root, QUIET, jobs=3))) == _json(alone)


def test_the_command_line_says_where_and_whether(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from ci_gate.cli import cli

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("CI_GATE_CACHE_DIR")
    call = ["scan", str(root), "--format=json", "--select=startup"]

    def kept(folder: Path) -> bool:
        return any(path.is_file() for path in folder.rglob("*"))

    before = sorted(root.rglob("*"))
    first = CliRunner().invoke(cli, [*call, "--no-cache"])
    assert not kept(tmp_path / "home")
    assert CliRunner().invoke(cli, call).stdout == first.stdout
    assert kept(tmp_path / "home" / "ci-gate" / "scan")
    assert CliRunner().invoke(cli, [*call, f"--cache-dir={tmp_path / 'there'}"]).exit_code == 0
    assert kept(tmp_path / "there")
    assert sorted(root.rglob("*")) == before
    told = CliRunner().invoke(cli, [*call, "-v"])
    assert "took" in told.stderr
    assert told.stdout == first.stdout
