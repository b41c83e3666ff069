"""The contract's tests of a pull request against those of its base, through the whole scan."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ci_gate.config import load
from ci_gate.reports import render
from ci_gate.scan import Options, scan
from ci_gate.scorecard.model import Scorecard

SERVICE = """\
import os

from flask import Flask

app = Flask(__name__)


@app.get("/items")
def items():
    return {"items": load()}


def load():
    return [1, 2]


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
"""
TESTS = """\
import json
import urllib.request


def test_items(base_url):
    answer = json.load(urllib.request.urlopen(base_url + "/items"))
    assert answer["items"] == [1, 2]


def test_known_to_fail(base_url):
    urllib.request.urlopen(base_url + "/nothing")
"""
CONFIG = """\
semgrep: {enabled: false}
contract:
  runner: pytest
  tests: checks
  rerun: false
  service: {command: python service.py}
"""


def git(root: Path, *args: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    subprocess.run(["git", *settings, *args], cwd=root, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("flask", reason="flask is not installed")
    monkeypatch.setenv("CI_GATE_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "project"
    (root / "checks").mkdir(parents=True)
    (root / "service.py").write_text(SERVICE)
    (root / "checks/test_api.py").write_text(TESTS)
    (root / ".ci-gate.yml").write_text(CONFIG)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "service")
    git(root, "switch", "-qc", "change")
    return root


def judge(root: Path) -> Scorecard:
    return scan(Options(root, load(root), base="main"))


def test_what_fails_on_the_base_too_does_not_block(project: Path) -> None:
    card = judge(project)
    assert card.verdict.value == "pass", card.reasons
    assert [(f.endpoint, f.status) for f in card.failures] == [("GET /nothing", "existing")]


def test_what_the_change_breaks_blocks_with_its_place(project: Path) -> None:
    broken = SERVICE.replace("return [1, 2]", 'return {}["rows"]')
    (project / "service.py").write_text(broken)
    card = judge(project)
    assert card.verdict.value == "blocked"
    new = card.failures[0]
    assert (new.endpoint, new.status) == ("GET /items", "new")
    assert new.cause is not None
    assert (new.cause.path, new.cause.line, new.cause.error) == (
        "service.py", 14, "KeyError: 'rows'",
    )  # fmt: skip


def test_the_base_is_run_once_and_remembered(project: Path, tmp_path: Path) -> None:
    judge(project)
    (kept,) = (tmp_path / "cache").glob("*.json")
    kept.write_text(kept.read_text().replace('"passed": true', '"passed": false'))
    (project / "service.py").write_text(SERVICE.replace("[1, 2]", "[]"))
    # The remembered outcome is believed: on this base the assertion fails already.
    assert {f.status for f in judge(project).failures} == {"existing"}


def test_tests_that_the_change_removes_are_named(project: Path) -> None:
    (project / "checks/test_api.py").write_text(TESTS.replace("test_items", "test_things"))
    card = judge(project)
    assert card.verdict.value == "pass"
    assert card.reasons[-1] == (
        "Warning: 1 contract assertion that passes on the base is gone: "
        "checks/test_api.py::test_items."
    )
    assert card.reasons[-1] in render(card, "terminal").replace("\n  ", " ")


def test_a_base_whose_tests_never_ran_has_no_shares(project: Path) -> None:
    git(project, "switch", "-q", "main")
    (project / "checks/test_api.py").rename(project / "later.py")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "no tests yet")
    git(project, "switch", "-q", "-C", "change")
    (project / "later.py").rename(project / "checks/test_api.py")
    card = judge(project)
    assert card.levels[0].share == 0.5
    assert card.base_levels is not None
    assert [level.share for level in card.base_levels] == [None] * 4
    assert card.decay.base is None
    (note,) = [note for note in card.contract.notes if "on the base" in note]
    assert note.endswith("The base's shares are not known.")


def test_a_service_that_starts_on_the_base_alone_blocks_with_its_endpoints(project: Path) -> None:
    broken = SERVICE.replace("app = Flask(__name__)", 'app = Flask(__name__)\nLIMIT = {}["limit"]')
    (project / "service.py").write_text(broken)
    card = judge(project)
    assert card.verdict.value == "blocked"
    assert card.reasons[0].startswith("The service does not start, and it does on the base: ")
    assert "KeyError: 'limit'" in card.reasons[0]
    assert {f.endpoint for f in card.failures if f.blocking} == {"GET /items"}
    assert card.failures[0].cause is not None
    assert (card.failures[0].cause.path, card.failures[0].cause.line) == ("service.py", 6)
    assert card.levels[0].counted == 0
    assert "does not start" in render(card, "markdown")


def test_a_service_that_never_started_is_incomplete(project: Path) -> None:
    git(project, "switch", "-q", "main")
    (project / "service.py").write_text("raise SystemExit(3)\n" + SERVICE)
    git(project, "commit", "-qam", "broken")
    git(project, "switch", "-q", "-C", "change")
    assert judge(project).verdict.value == "incomplete"


REPORT = """\
#!/bin/sh
cat > report.xml <<END
<testsuite><testcase name="GET /items"><failure message="too slow"/></testcase></testsuite>
END
"""


def test_a_tool_missing_on_the_base_leaves_what_the_others_tell(project: Path) -> None:
    settings = CONFIG.replace("  runner: pytest\n  tests: checks\n", "") + (
        "  runners:\n"
        "    - {runner: pytest, tests: checks}\n"
        "    - {runner: command, command: ./measure, report: report.xml}\n"
    )
    (project / ".ci-gate.yml").write_text(settings)
    (project / "measure").write_text(REPORT)
    (project / "measure").chmod(0o755)
    git(project, "add", "measure")  # made by the change: the base has none
    card = judge(project)
    assert [(f.assertion.name, f.status) for f in card.failures] == [
        ("GET /items", "new"),
        ("checks/test_api.py::test_known_to_fail", "existing"),
    ]
    assert card.contract is not None
    (note,) = [note for note in card.contract.notes if "on the base" in note]
    assert note.startswith(
        "The command tests did not run to their end on the base, so those of their assertions that "
        "fail and were not seen there count as new: contract.command './measure' is neither on "
    )
    assert note.endswith("The base's shares take these as they are here.")
    assert card.base_levels is not None
    assert (card.base_levels[0].counted, card.base_levels[0].total) == (1, 3)


def test_tests_that_the_change_brings_leave_the_others_of_the_base(project: Path) -> None:
    settings = CONFIG.replace("  runner: pytest\n  tests: checks\n", "") + (
        "  runners:\n    - {runner: pytest, tests: checks}\n    - {runner: pytest, tests: more}\n"
    )
    (project / ".ci-gate.yml").write_text(settings)
    (project / "more").mkdir()
    (project / "more/test_more.py").write_text(TESTS.replace("def test_", "def test_more_"))
    git(project, "add", "more")
    card = judge(project)
    assert [(f.assertion.name, f.status) for f in card.failures] == [
        ("more/test_more.py::test_more_known_to_fail", "new"),
        ("checks/test_api.py::test_known_to_fail", "existing"),
    ]
