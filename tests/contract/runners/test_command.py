"""Any command that writes a report."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.model import RunnerResult
from ci_gate.contract.runners.command import CommandRunner
from support.contract import job

JUNIT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="items">
  <testcase classname="items" name="GET /items?page=1 lists" time="0.25"/>
  <testcase classname="items" name="reads one" time="1,000.5">
    <properties><property name="endpoint" value="GET /items/{id}"/></properties>
    <failure message="expected 200, got 500">at line 3</failure>
  </testcase>
  <testcase classname="items" name="creates"><error>boom &amp; bust</error></testcase>
  <testcase name="one day"><skipped/></testcase>
  <testsuite name="POST /orders"><testcase name="inner"/></testsuite>
</testsuite></testsuites>
"""
CTRF = {
    "results": {
        "tool": {"name": "jest"},
        "tests": [
            {"name": "GET /items lists", "status": "passed", "duration": 250, "suite": "items"},
            {
                "name": "reads",
                "status": "failed",
                "duration": 5,
                "suite": ["api", "items"],
                "message": "expected 200, got 500",
                "extra": {"endpoint": "GET /items/1"},
            },
            {"name": "one day", "status": "skipped", "duration": 0},
        ],
    }
}
WRITE = "import os, shutil; shutil.copy('made', 'report')"


def run(
    tmp_path: Path, content: str | bytes | Any = "", *, code: str = WRITE, **settings: Any
) -> RunnerResult:
    files = {"made": content, **settings.pop("files", {})}
    command = settings.pop("command", (sys.executable, "-c", code))
    config = RunnerConfig("command", **{"command": command, "report": "report", **settings})
    return CommandRunner().run(job(tmp_path, "http://127.0.0.1:8000", config, files))


def test_junit(tmp_path: Path) -> None:
    result = run(tmp_path, JUNIT)
    assert result.error is None
    assert [(a.name, a.endpoint, a.passed, a.message, a.seconds) for a in result.assertions] == [
        ("items / GET /items?page=1 lists", "GET /items", True, "", 0.25),
        ("items / reads one", "GET /items/{id}", False, "expected 200, got 500", 1000.5),
        ("items / creates", None, False, "boom & bust", None),
        ("POST /orders / inner", "POST /orders", True, "", None),
    ]


def test_ctrf(tmp_path: Path) -> None:
    result = run(tmp_path, CTRF)
    assert result.error is None
    assert [(a.name, a.endpoint, a.passed, a.message, a.seconds) for a in result.assertions] == [
        ("items / GET /items lists", "GET /items", True, "", 0.25),
        ("api / items / reads", "GET /items/1", False, "expected 200, got 500", 0.005),
    ]


def test_several_reports(tmp_path: Path) -> None:
    code = "import os, shutil; os.mkdir('out'); [shutil.copy('made', f'out/{n}.xml') for n in 'ba']"
    xml = '<testsuite name="s"><testcase name="t"/></testsuite>'
    result = run(tmp_path, xml, code=code, report="out/*.xml")
    assert result.error is None
    assert [a.name for a in result.assertions] == ["s / t", "s / t"]


def test_address_and_variables_are_handed_on_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "hush-hush")
    code = (
        "import json, os, sys\n"
        "names = [sys.argv[1], os.environ['CI_GATE_BASE_URL'], os.environ['API'], *os.environ]\n"
        "tests = [{'name': name, 'status': 'passed'} for name in names]\n"
        "json.dump({'results': {'tests': tests}}, open('report', 'w'))\n"
    )
    command = (sys.executable, "-c", code, "--url={base_url}/v1")
    result = run(tmp_path, command=command, variables={"API": "{base_url}/api"})
    names = [a.name for a in result.assertions]
    assert names[0] == "--url=http://127.0.0.1:8000/v1"
    assert names[1:3] == ["http://127.0.0.1:8000", "http://127.0.0.1:8000/api"]
    assert "GITHUB_TOKEN" not in names


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><testsuite name="&c;"/>'
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite name="&x;"/>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "report 'report' is not JUnit XML: it has a document type, and JUnit XML has none"),
        (OUTSIDE, "it has a document type"),
        ("<testsuite>", "report 'report' is not valid XML (line 1, column 12: no element found)"),
        ("<html/>", "report 'report' is not JUnit XML: its root is <html>, not <testsuites>"),
        (f"<testsuite>{'<a>' * 200}", "it is nested too deeply"),
        ('<?xml version="1.0" encoding="nope"?><testsuite/>', "JUnit XML: unknown encoding: nope"),
        ('{"results": {', "report 'report' is not valid JSON (line 1"),
        ('{"a":' * 100_000, "report 'report' is not valid JSON"),
        ('{"tests": []}', "report 'report' is not CTRF JSON: it has no results.tests"),
        ("TAP version 13", "report 'report' is neither JUnit XML nor CTRF JSON"),
        ("", "report 'report' is neither JUnit XML nor CTRF JSON"),
        (b"<" + b" " * (65 * 1024 * 1024), "report 'report' is larger than 64 MB"),
        ("<testsuites/>", "contract.report 'report' has no results: no tests"),
        (
            "<testsuite><testcase><skipped/></testcase></testsuite>",
            "contract.report 'report' has no results: all 1 tests were skipped",
        ),
    ],
)
def test_hostile_and_broken_reports(tmp_path: Path, content: str | bytes, words: str) -> None:
    result = run(tmp_path, content)
    assert result.assertions == []
    assert result.error is not None
    assert words in result.error
    assert "\n" not in result.error


ONE = '<testsuite name="s"><testcase name="t"/></testsuite>'


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"code": "print('no disk'); exit(3)"}, "'report' (it ended with 3: no disk)"),
        ({"files": {"report": ONE}, "code": ""}, "did not write contract.report 'report'"),
        ({"code": WRITE + "; print('late crash'); exit(2)"}, "2, but no test failed: late crash"),
        ({"report": "../report"}, "contract.report '../report' leads out of the tree"),
        ({"report": None}, "contract.report is not set"),
        ({"command": None}, "contract.command is not set"),
        ({"code": "import os; os.symlink('/etc/passwd', 'report')"}, "did not write"),
        ({"code": "import os; os.mkfifo('report')"}, "did not write"),
        ({"report": "**.xml"}, "did not write contract.report '**.xml'"),
    ],
)
def test_what_goes_wrong_is_one_clear_line(
    tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    result = run(tmp_path, ONE, **settings)
    assert result.missing is None
    assert result.error is not None
    assert words in result.error


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    result = run(tmp_path, command=("no-such-tool", "--all"))
    assert result.error is None
    assert result.missing is not None
    assert result.missing.startswith("contract.command 'no-such-tool' is neither on PATH nor")


@pytest.mark.parametrize("report", [ONE, ONE.removesuffix("</testsuite>")])
def test_a_time_out_keeps_what_the_report_has(tmp_path: Path, report: str) -> None:
    code = f"{WRITE}; import threading; threading.Event().wait()"
    result = run(tmp_path, report, code=code, timeout=3.0)
    assert [a.name for a in result.assertions] == ["s / t"]
    assert result.error == "the contract tests took more than 3 s and were ended"


def test_a_flood_of_output_does_no_harm(tmp_path: Path) -> None:
    code = WRITE + "\nfor _ in range(200_000): print('x' * 100)\nexit(1)"
    result = run(tmp_path, ONE, code=code)
    assert result.error is not None
    assert len(result.error) < 500


def test_names_and_messages_cannot_disturb_a_report(tmp_path: Path) -> None:
    name = "\x1b[31mred\n::set-output name=a::b\u202e \ud800"
    test = {"name": name, "status": "failed", "message": name, "suite": 3}
    [assertion] = run(tmp_path, json.dumps({"results": {"tests": [test, 1]}})).assertions
    assert assertion.name == "3 / red ::set-output name=a::b  ?"
    assert assertion.message.isprintable()


def test_thousands_of_assertions(tmp_path: Path) -> None:
    cases = "".join(f'<testcase name="t{n}"/>' for n in range(20_000))
    result = run(tmp_path, f'<testsuite name="s">{cases}</testsuite>')
    assert [a.name for a in result.assertions] == [f"s / t{n}" for n in range(20_000)]
