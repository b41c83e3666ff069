"""Collections run by the real newman."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.model import RunnerResult
from ci_gate.contract.runners.newman import find_newman
from ci_gate.contract.runners.postman import PostmanRunner
from support.contract import ITEMS, Answers, job, running

needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node.js and npm")


def script(*lines: str, listen: str = "test") -> dict[str, Any]:
    return {"listen": listen, "script": {"exec": list(lines)}}


def request(name: str, method: str, url: str, *events: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "request": {"method": method, "url": url}, "event": list(events)}


def status(code: int) -> dict[str, Any]:
    return script(f"pm.test('status is {code}', () => pm.response.to.have.status({code}));")


def collection(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "Items", "schema": schema}, "item": list(items), **more}


COLLECTION = collection(
    {
        "name": "Items",
        "item": [
            request(
                "List",
                "GET",
                "{{APIURL}}/items?page=2",
                status(200),
                script(
                    "var body = JSON.parse(responseBody);",
                    "tests['is a list'] = Array.isArray(body);",
                    "tests['has two'] = body.length === 2;",
                    "pm.test.skip('one day', () => {});",
                    "pm.globals.set('id', body[0].id);",
                ),
            ),
            request("Read", "GET", "{{APIURL}}/items/{{id}}", status(200)),
            {
                "name": "Inner",
                "item": [request("Missing", "DELETE", "{{APIURL}}/items/9", status(204))],
            },
        ],
        "event": [script("pm.test('answers in time', () => true);")],
    },
    request("Broken", "GET", "{{APIURL}}/boom", status(200), script("nothing.there();")),
    request("Refused", "GET", "http://127.0.0.1:1/away", status(200)),
    request(
        "Prepared",
        "POST",
        "{{APIURL}}/items",
        script("pm.test('before', () => { throw new Error('no'); });", listen="prerequest"),
        script("pm.sendRequest('http://127.0.0.1:1/', () => {});", listen="prerequest"),
        status(201),
    ),
)
VARIABLES = {"APIURL": "{base_url}/api"}


def run(tmp_path: Path, document: Any, answers: Answers = ITEMS, **settings: Any) -> RunnerResult:
    files = {"c.json": document, **settings.pop("files", {})}
    config = RunnerConfig("postman", "c.json", **{"variables": VARIABLES, **settings})
    with running(answers) as base_url:
        return PostmanRunner().run(job(tmp_path, base_url, config, files))


@needs_node
def test_each_test_is_an_assertion_on_the_endpoint_of_its_request(tmp_path: Path) -> None:
    result = run(tmp_path, COLLECTION)
    assert result.error is None
    assert result.missing is None
    assert [(a.name, a.endpoint, a.passed) for a in result.assertions] == [
        ("Items / List / answers in time", "GET /api/items", True),
        ("Items / List / status is 200", "GET /api/items", True),
        ("Items / List / is a list", "GET /api/items", True),
        ("Items / List / has two", "GET /api/items", False),
        ("Items / Read / answers in time", "GET /api/items/1", True),
        ("Items / Read / status is 200", "GET /api/items/1", True),
        ("Items / Inner / Missing / answers in time", "DELETE /api/items/9", True),
        ("Items / Inner / Missing / status is 204", "DELETE /api/items/9", False),
        ("Broken / status is 200", "GET /api/boom", False),
        ("Broken / test script", "GET /api/boom", False),
        ("Refused / request", None, False),
        ("Refused / status is 200", None, False),
        ("Prepared / before", "POST /api/items", False),
        ("Prepared / request sent by a script", "POST /api/items", False),
        ("Prepared / status is 201", "POST /api/items", True),
    ]
    messages = {a.name: a.message for a in result.assertions}
    assert messages["Broken / status is 200"] == (
        "expected response to have status code 200 but got 500 (the service answered 500 "
        "Internal Server Error: <h1>no such column: username</h1>)"
    )
    assert messages["Broken / test script"].startswith("ReferenceError: nothing is not defined")
    assert "ECONNREFUSED" in messages["Refused / request"]


def newman_itself(tmp_path: Path, base_url: str) -> tuple[list[tuple[str, bool]], int]:
    """What newman's own JSON report has: its assertions, and the number of other failures."""
    newman = find_newman(tmp_path).command
    assert newman is not None
    (tmp_path / "own.json").write_text(json.dumps(COLLECTION))
    address = f"APIURL={base_url}/api"
    command = [newman, "run", "own.json", "--global-var", address, "--reporters", "json"]
    command += ["--reporter-json-export", "report.json"]
    subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    report = json.loads((tmp_path / "report.json").read_text())["run"]
    turns = {execution["cursor"]["ref"]: execution for execution in report["executions"]}
    seen = [
        (f"{execution['item']['name']} / {item['assertion']}", "error" not in item)
        for execution in turns.values()
        for item in execution.get("assertions", [])
        if not item.get("skipped")
    ]
    others = [f for f in report["failures"] if not f["at"].startswith("assertion")]
    return seen, len(others)


@needs_node
def test_assertions_and_results_are_those_of_newman_itself(tmp_path: Path) -> None:
    ours = run(tmp_path / "gate", COLLECTION).assertions
    with running(ITEMS) as base_url:
        theirs, others = newman_itself(tmp_path, base_url)
    ends = (" script", " / request", "by a script")
    tests = [a for a in ours if not a.name.endswith(ends)]
    names = [" / ".join(a.name.split(" / ")[-2:]) for a in tests]
    assert list(zip(names, (a.passed for a in tests), strict=True)) == theirs
    assert len(ours) - len(tests) == others


@needs_node
def test_environment_and_own_variables_of_the_collection_take_the_configured_address(
    tmp_path: Path,
) -> None:
    document = collection(
        request("List", "GET", "{{APIURL}}/{{what}}", status(200)),
        request("Read", "GET", "{{baseUrl}}/:kind/1", status(200)),
        variable=[
            {"key": "APIURL", "value": "https://production.example/api"},
            {"key": "baseUrl", "value": "https://production.example"},
        ],
    )
    document["item"][1]["request"]["url"] = {
        "raw": "{{baseUrl}}/:kind/1",
        "host": ["{{baseUrl}}"],
        "path": [":kind", "1"],
        "variable": [{"key": "kind", "value": "items"}],
    }
    values = [
        {"key": "what", "value": "items"},
        {"key": "APIURL", "value": "https://stage.example"},
    ]
    settings: dict[str, Any] = {
        "environment": "stage.json",
        "files": {"stage.json": {"name": "stage", "values": values}},
        "variables": {"APIURL": "{base_url}/api", "baseUrl": "{base_url}/api"},
    }
    result = run(tmp_path, document, **settings)
    assert [(a.endpoint, a.passed) for a in result.assertions] == [
        ("GET /api/items", True),
        ("GET /api/items/1", True),
    ]


@needs_node
def test_without_a_named_variable_the_usual_ones_have_the_address(tmp_path: Path) -> None:
    document = collection(request("List", "GET", "{{baseUrl}}/api/items", status(200)))
    result = run(tmp_path, document, variables={"user": "u1"})
    assert [(a.endpoint, a.passed) for a in result.assertions] == [("GET /api/items", True)]


@needs_node
@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{\n  oops", "'c.json' is not valid JSON (line 2, column 3: Expecting property name"),
        ("[1]", "contract.tests 'c.json' is not a JSON object"),
        ('{"openapi": "3.1.0"}', "contract.tests 'c.json' is no Postman collection"),
        ("[" * 200_000, "contract.tests 'c.json' is nested too deeply"),
        (b"\xff\xfe{}", "contract.tests 'c.json' is not text in UTF-8"),
        (collection(), "the collection has no requests"),
        (collection(request("A", "GET", "{{APIURL}}/items")), "the collection has no tests"),
        (
            collection(request("A", "GET", "http://127.0.0.1:1/", status(200))),
            "no request of the collection went to the service",
        ),
    ],
)
def test_what_goes_wrong_is_one_clear_line(tmp_path: Path, document: Any, words: str) -> None:
    result = run(tmp_path, document)
    assert result.error is not None
    assert words in result.error
    assert "\n" not in result.error


def test_a_huge_collection_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, b" " * (33 * 1024 * 1024))
    assert result.error == "contract.tests 'c.json' is larger than 32 MB"


@needs_node
def test_a_request_that_hangs_is_a_failed_assertion(tmp_path: Path) -> None:
    document = collection(
        request("List", "GET", "{{APIURL}}/items", status(200)),
        request("Hangs", "GET", "{{APIURL}}/never", status(200)),
        request("Read", "GET", "{{APIURL}}/items/1", status(200)),
    )
    answers = Answers(ITEMS.known, hold="/api/never")
    result = run(tmp_path, document, answers, timeout=30.0)
    assert result.error is None
    assert [(a.name, a.endpoint, a.passed) for a in result.assertions] == [
        ("List / status is 200", "GET /api/items", True),
        ("Hangs / request", "GET /api/never", False),
        ("Hangs / status is 200", "GET /api/never", False),
        ("Read / status is 200", "GET /api/items/1", True),
    ]


@needs_node
def test_a_time_out_keeps_what_was_seen_and_names_where(tmp_path: Path) -> None:
    document = collection(
        request("List", "GET", "{{APIURL}}/items", status(200)),
        request("Loops", "GET", "{{APIURL}}/items", script("while (true) {}")),
    )
    result = run(tmp_path, document, timeout=15.0)
    assert [(a.name, a.passed) for a in result.assertions] == [("List / status is 200", True)]
    assert result.error == "the contract tests took more than 15 s and were ended, in 'Loops'"


@needs_node
def test_names_and_messages_cannot_disturb_a_report(tmp_path: Path) -> None:
    name = "\\u001b[31mred\\n::set-output name=a::b\\u202e \\ud800"
    test = script(f"pm.test('{name}', () => {{ throw new Error('{name}'); }});")
    result = run(tmp_path, collection(request("A\tB", "GET", "{{APIURL}}/items", test)))
    [assertion] = result.assertions
    assert assertion.name.isprintable()
    assert assertion.message.isprintable()
    assert assertion.name.startswith("A B / red ::set-output name=a::b")
    (assertion.name + assertion.message).encode()


@needs_node
def test_thousands_of_assertions(tmp_path: Path) -> None:
    many = "for (let i = 0; i < 5000; i++) pm.test('number ' + i, () => true);"
    result = run(tmp_path, collection(request("A", "GET", "{{APIURL}}/items", script(many))))
    assert [a.name for a in result.assertions] == [f"A / number {i}" for i in range(5000)]


@needs_node
def test_the_collection_sees_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "hush-hush")
    spy = "pm.test(JSON.stringify(typeof process === 'object' ? process.env : {}), () => true);"
    result = run(tmp_path, collection(request("A", "GET", "{{APIURL}}/items", script(spy))))
    assert result.assertions
    assert "hush-hush" not in result.assertions[0].name


def test_without_newman_and_npm_it_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(tmp_path / "gate", COLLECTION)
    assert result.error is None
    assert result.assertions == []
    assert result.missing is not None
    assert "install Node.js 16 or newer, or newman itself: npm install" in result.missing


def test_npm_that_cannot_fetch_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error network is away' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    result = run(tmp_path / "gate", COLLECTION)
    assert result.missing is not None
    assert "npm could not fetch it (npm error network is away)" in result.missing
    assert list((tmp_path / "cache" / "constraint-gate").iterdir()) == []


@needs_node
def test_settings_of_the_tree_have_no_say_and_its_files_are_found(tmp_path: Path) -> None:
    """``.newmanrc`` may change what is run; a file that a request sends is found from the root."""
    upload = request("Upload", "POST", "{{APIURL}}/items", status(201))
    upload["request"]["body"] = {"mode": "file", "file": {"src": "data/note.txt"}}
    asked = Answers(ITEMS.known)
    files = {
        ".newmanrc": {"run": {"iterationCount": 3}},
        "data/note.txt": "hello",
    }
    config = RunnerConfig("postman", "c.json", variables=VARIABLES)
    with running(asked) as base_url:
        result = PostmanRunner().run(
            job(tmp_path, base_url, config, {"c.json": collection(upload), **files})
        )
    assert result.error is None
    assert [(a.name, a.passed) for a in result.assertions] == [("Upload / status is 201", True)]
    assert asked.requests[-1][1]["Content-Length"] == "5"
