"""Hurl files. hurl itself is run where it is there; else a program that answers with what hurl
writes for these files: reports in the form of hurl 8, errors as its own tests show them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.model import RunnerResult
from ci_gate.contract.runners.hurl import HurlRunner
from support.contract import ITEMS, Answers, job, running

ITEMS_FILE = """# items
GET {{base_url}}/api/items?page=2
HTTP 200
[Asserts]
jsonpath "$[0].name" == "pen"
jsonpath "$" count == 2

GET {{base_url}}/api/boom
HTTP 200
"""
AWAY_FILE = """GET http://127.0.0.1:1/away
HTTP 200
"""
#: Stands in for hurl: copies a recorded report and says what hurl said.
STAND_IN = """#!{python}
import json, os, pathlib, sys
file, report = sys.argv[-1], pathlib.Path(sys.argv[sys.argv.index("--report-json") + 1])
said = json.loads(pathlib.Path({recorded!r}).read_text())[file]
base = dict(w.split("=", 1) for w in sys.argv if "=" in w).get("base_url", "")
if said.get("hang"):
    import threading
    threading.Event().wait()
if "report" in said:
    (report / "store").mkdir(parents=True)
    text = json.dumps(said["report"]).replace("BASE", base)
    (report / "report.json").write_text(text)
    for name, body in said.get("bodies", {{}}).items():
        (report / name).write_text(body)
sys.stderr.write(said.get("stderr", ""))
sys.exit(said["code"])
"""


def call(url: str, status: int, body: str) -> dict[str, Any]:
    return {"request": {"method": "GET", "url": url}, "response": {"status": status, "body": body}}


COUNT_ERROR = """error: Assert failure
  --> items.hurl:6:0
   |
   | GET BASE/api/items?page=2
   | ...
 6 | jsonpath "$" count == 2
   |   actual:   integer <1>
   |   expected: integer <2>
   |
"""
STATUS_ERROR = """error: Assert status code
  --> items.hurl:9:6
   |
   | GET BASE/api/boom
 9 | HTTP 200
   |      ^^^ actual value is <500>
   |
"""
REFUSED = """error: HTTP connection
  --> away.hurl:1:5
   |
 1 | GET http://127.0.0.1:1/away
   |     ^^^^^^^^^^^^^^^^^^^^^^^ (7) Failed to connect to 127.0.0.1 port 1: Connection refused
   |
"""
RECORDED: dict[str, Any] = {
    "items.hurl": {
        "code": 4,
        "stderr": f"{COUNT_ERROR}\n{STATUS_ERROR}\nitems.hurl: Failure (2 request(s) in 5 ms)\n",
        "bodies": {"store/b": "<h1>no such column: username</h1>", "store/a": '[{"id": 1}]'},
        "report": [
            {
                "filename": "items.hurl",
                "success": False,
                "time": 5,
                "entries": [
                    {
                        "index": 1,
                        "line": 2,
                        "time": 3,
                        "calls": [call("BASE/api/items?page=2", 200, "store/a")],
                        "asserts": [
                            {"line": 3, "success": True},  # the version
                            {"line": 3, "success": True},  # the status
                            {"line": 5, "success": True},
                            {"line": 6, "success": False, "message": COUNT_ERROR},
                        ],
                    },
                    {
                        "index": 2,
                        "line": 8,
                        "time": 2,
                        "calls": [call("BASE/api/boom", 500, "store/b")],
                        "asserts": [{"line": 9, "success": False, "message": STATUS_ERROR}],
                    },
                ],
            }
        ],
    },
    "away.hurl": {
        "code": 3,
        "stderr": REFUSED,
        "report": [
            {
                "filename": "away.hurl",
                "success": False,
                "time": 1,
                "entries": [{"index": 1, "line": 1, "time": 0, "calls": [], "asserts": []}],
            }
        ],
    },
    "broken.hurl": {
        "code": 2,
        "stderr": "error: Parsing method\n  --> broken.hurl:1:1\n   |\n 1 | got /\n"
        "   | ^ the HTTP method <got> is not valid\n   |\n",
    },
    "z.hurl": {"code": 0, "hang": True},
}


@pytest.fixture(params=["real", "recorded"])
def hurl(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "real":
        if shutil.which("hurl") is None:
            pytest.skip("needs hurl, which no registry here has as a program")
    else:
        place = tmp_path / "bin" / "hurl"
        place.parent.mkdir()
        recorded = tmp_path / "recorded.json"
        recorded.write_text(json.dumps(RECORDED))
        place.write_text(STAND_IN.format(python=sys.executable, recorded=str(recorded)))
        place.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place.parent}:/usr/bin:/bin")
    return str(request.param)


def run(tmp_path: Path, files: dict[str, str], tests: str, **settings: Any) -> RunnerResult:
    answers = settings.pop("answers", ITEMS)
    config = RunnerConfig("hurl", tests, **settings)
    with running(answers) as base_url:
        return HurlRunner().run(job(tmp_path / "gate", base_url, config, files))


def test_each_line_that_asserts_is_an_assertion(tmp_path: Path, hurl: str) -> None:
    result = run(tmp_path, {"items.hurl": ITEMS_FILE, "away.hurl": AWAY_FILE}, "*.hurl")
    assert result.error is None
    away = "away.hurl / GET http://127.0.0.1:1/away"
    first = "items.hurl / GET {{base_url}}/api/items?page=2"
    last = "items.hurl / GET {{base_url}}/api/boom"
    assert [(a.name, a.endpoint, a.passed) for a in result.assertions] == [
        (away, None, False),
        (f"{first} / HTTP 200", "GET /api/items", True),
        (f'{first} / jsonpath "$[0].name" == "pen"', "GET /api/items", True),
        (f'{first} / jsonpath "$" count == 2', "GET /api/items", False),
        (f"{last} / HTTP 200", "GET /api/boom", False),
    ]
    messages = [a.message for a in result.assertions if not a.passed]
    assert messages[0].startswith("HTTP connection: (7) ")
    assert messages[1].startswith(
        "Assert failure: actual: integer <1>; expected: integer <2> (the service answered 200: ["
    )
    assert messages[2] == (
        "Assert status code: actual value is <500> "
        "(the service answered 500: <h1>no such column: username</h1>)"
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, hurl: str) -> None:
    result = run(tmp_path, {"broken.hurl": "got /\n"}, "broken.hurl")
    assert result.error is not None
    assert result.error.startswith("broken.hurl cannot be read: line 1: Parsing ")


def test_a_time_out_keeps_the_files_that_were_run(tmp_path: Path, hurl: str) -> None:
    answers = Answers(ITEMS.known, hold="/never")
    files = {"items.hurl": ITEMS_FILE, "z.hurl": "GET {{base_url}}/never\n[Options]\nretry: -1\n"}
    result = run(tmp_path, files, ".", timeout=8.0, answers=answers)
    assert len(result.assertions) == 4
    assert result.error is not None
    assert result.error.endswith("more than 8 s and were ended, in 'z.hurl'")


@pytest.mark.parametrize("tests", ["none/*.hurl", "**.hurl", "/etc"])
def test_no_files(tmp_path: Path, tests: str) -> None:
    result = run(tmp_path, {"a.txt": ""}, tests)
    assert result.error == f"contract.tests {tests!r} holds no .hurl files"


def test_without_hurl_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(tmp_path, {"items.hurl": ITEMS_FILE}, "items.hurl")
    assert result.error is None
    assert result.missing is not None
    assert "npm install --global @orangeopensource/hurl" in result.missing
