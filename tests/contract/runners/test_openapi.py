"""Descriptions tested by the real schemathesis."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.model import RunnerResult
from ci_gate.contract.runners import openapi
from ci_gate.contract.runners.description import base_path, labels
from ci_gate.contract.runners.openapi import OpenApiRunner
from ci_gate.contract.runners.schemathesis_report import read_report
from support.contract import ITEMS, Answers, job, running

needs_schemathesis = pytest.mark.skipif(
    find_spec("schemathesis") is None and shutil.which("schemathesis") is None,
    reason="needs schemathesis: pip install 'constraint-gate[openapi]'",
)
ID = {"in": "path", "name": "id", "required": True, "schema": {"type": "integer", "minimum": 1}}


def answer(schema: Any, kind: str = "application/json") -> dict[str, Any]:
    return {"200": {"description": "ok", "content": {kind: {"schema": schema}}}}


ITEM = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
PATHS: dict[str, Any] = {
    "/items": {
        "get": {"responses": answer({"type": "array", "items": ITEM})},
        "post": {
            "requestBody": {"content": {"application/json": {"schema": ITEM}}},
            "responses": answer(ITEM),
        },
    },
    "/items/{id}": {"get": {"parameters": [ID], "responses": answer(ITEM)}},
    "/boom": {"get": {"responses": answer(ITEM)}},
    "/html": {"get": {"responses": answer({}, "text/plain")}},
    "/wrong": {"get": {"responses": answer(ITEM)}},
}
ANSWERS = Answers(
    {
        **ITEMS.known,
        "GET /api/html": (200, "text/html", b"<p>"),
        "GET /api/wrong": (200, "application/json", b'{"id": "one", "name": "pen"}'),
    }
)


def description(version: str = "3.0.3", paths: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "openapi": version,
        "info": {"title": "Items", "version": "1"},
        "servers": [{"url": "https://example.org/api/"}],
        "paths": PATHS if paths is None else paths,
        **more,
    }


def run(tmp_path: Path, document: Any, answers: Answers = ANSWERS, **settings: Any) -> RunnerResult:
    name = settings.pop("tests", "openapi.json")
    config = RunnerConfig("openapi", name, **{"examples": 3, **settings})
    with running(answers) as base_url:
        return OpenApiRunner().run(job(tmp_path, base_url, config, {name: document}))


def outcomes(result: RunnerResult) -> list[tuple[str, str | None, bool]]:
    return [(a.name, a.endpoint, a.passed) for a in result.assertions]


@needs_schemathesis
@pytest.mark.parametrize(("version", "form"), [("3.0.3", "json"), ("3.1.0", "yml")])
def test_one_assertion_per_operation_and_check(tmp_path: Path, version: str, form: str) -> None:
    document = description(version)
    text = json.dumps(document) if form == "json" else yaml.safe_dump(document, sort_keys=False)
    result = run(tmp_path, text, tests=f"openapi.{form}")
    assert result.error is None
    checks = ["not_a_server_error", "status_code_conformance"]
    checks += ["content_type_conformance", "response_schema_conformance"]
    listed = [
        "GET /items", "POST /items", "GET /items/{id}", "GET /boom", "GET /html", "GET /wrong",
    ]  # fmt: skip
    found = outcomes(result)
    assert [name for name, _, _ in found] == [
        f"{operation} / {check}"
        for operation in listed
        for check in checks
        if (operation, check) != ("GET /boom", "status_code_conformance")
    ]
    assert {endpoint for _, endpoint, _ in found} == {
        operation.replace(" /", " /api/") for operation in listed
    }
    failed = {a.name: a.message for a in result.assertions if not a.passed}
    assert set(failed) == {
        "POST /items / status_code_conformance",
        "GET /items/{id} / status_code_conformance",
        "GET /boom / not_a_server_error",
        "GET /html / content_type_conformance",
        "GET /wrong / response_schema_conformance",
    }
    assert failed["GET /boom / not_a_server_error"] == (
        "Server error (the service answered 500: <h1>no such column: username</h1>); "
        "curl -X GET $BASE_URL/api/boom"
    )
    assert failed["GET /wrong / response_schema_conformance"].startswith(
        '"one" is not of type "integer" (by the schema at '
    )
    assert failed["GET /items/{id} / status_code_conformance"].startswith(
        "Received: 404; Documented: 200 (the service answered 404:"
    )


@needs_schemathesis
def test_the_same_seed_makes_the_same_requests(tmp_path: Path) -> None:
    runs = []
    for number in (1, 2):
        answers = Answers(ANSWERS.known)
        result = run(tmp_path / str(number), description(), answers, seed=7, examples=10)
        runs.append((outcomes(result), [request for request, _ in answers.requests]))
    assert runs[0] == runs[1]


@needs_schemathesis
def test_variables_are_headers_and_hidden_in_messages(tmp_path: Path) -> None:
    none = {"204": {"description": "none"}}
    paths = {"/items": {"get": {"security": [{"key": []}], "responses": none}}}
    scheme = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
    answers = Answers(ANSWERS.known)
    variables = {"Authorization": "Token hush-hush", "base_url": "{base_url}/api"}
    document = description(paths=paths, components=scheme)
    del document["servers"]
    result = run(tmp_path, document, answers, variables=variables)
    asked = [headers for request, headers in answers.requests if request == "GET /api/items"]
    assert asked
    assert {headers.get("Authorization") for headers in asked} == {"Token hush-hush"}
    [failed] = [a for a in result.assertions if not a.passed]
    assert failed.endpoint == "GET /api/items"
    assert "hush-hush" not in failed.message
    assert "'Authorization: [Filtered]'" in failed.message


@needs_schemathesis
def test_no_answer_is_a_server_error(tmp_path: Path) -> None:
    paths = {"/never": {"get": {"responses": answer(ITEM)}}, "/items/1": PATHS["/items/{id}"]}
    paths["/items/1"] = {"get": {"responses": answer(ITEM)}}
    answers = Answers(ANSWERS.known, hold="/api/never")
    result = run(tmp_path, description(paths=paths), answers, timeout=60.0, examples=1)
    assert result.error is None
    assert [(a.name, a.passed, a.message) for a in result.assertions][:2] == [
        ("GET /never / not_a_server_error", False, "the service gave no answer: it timed out"),
        ("GET /items/1 / not_a_server_error", True, ""),
    ]


@needs_schemathesis
def test_settings_and_hooks_in_the_tree_have_no_say(tmp_path: Path) -> None:
    hooks = {"schemathesis.toml": 'hooks = "hooks"\n', "hooks.py": "open('ran', 'w')\n"}
    config = RunnerConfig("openapi", "openapi.json", examples=1)
    document = description(paths={"/wrong": PATHS["/wrong"]})
    with running(ANSWERS) as base_url:
        made = job(tmp_path, base_url, config, {"openapi.json": document, **hooks})
        assert OpenApiRunner().run(made).error is None
    assert not list(tmp_path.rglob("ran"))


@needs_schemathesis
@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"openapi": "3.0.3", "info": {}}, "'openapi.json' cannot be tested: \"paths\" is a requi"),
        (description(paths={}), "contract.tests 'openapi.json' describes no operation"),
        (
            description(paths={"/a": {"get": {"responses": answer(ITEM)}}}),
            "the service knows none of the operations: it answered 404 to every request",
        ),
    ],
)
def test_descriptions_that_cannot_be_tested(tmp_path: Path, document: Any, words: str) -> None:
    result = run(tmp_path, document)
    assert result.error is not None
    assert words in result.error
    assert "\n" not in result.error


@pytest.mark.parametrize(
    ("name", "document", "words"),
    [
        ("a.json", "{\n oops", "contract.tests 'a.json' is not valid JSON (line 2, column 2:"),
        ("a.yml", "a: [\n", "contract.tests 'a.yml' is not valid YAML (line 2, column 1:"),
        ("a.yml", "a: 2026-99-99\n", "contract.tests 'a.yml' is not valid YAML ("),
        ("a.yml", "[" * 100_000, "contract.tests 'a.yml' is nested too deeply"),
        ("a.json", "[" * 100_000, "contract.tests 'a.json' is nested too deeply"),
        ("a.json", '{"swag": 1}', "contract.tests 'a.json' is no OpenAPI description"),
        ("a.yml", "- 1", "contract.tests 'a.yml' is no OpenAPI description"),
        ("a.yml", b"\xff\xfe", "contract.tests 'a.yml' is not text in UTF-8"),
        ("a.yml", b" " * 9_000_000, "contract.tests 'a.yml' is larger than 8 MB"),
    ],
)
def test_what_is_no_description_is_told(
    tmp_path: Path, name: str, document: str | bytes, words: str
) -> None:
    result = run(tmp_path, document, tests=name)
    assert result.error is not None
    assert words in result.error


def test_without_schemathesis_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(openapi, "find_spec", lambda _: None)
    result = run(tmp_path / "gate", description())
    assert result.error is None
    assert result.missing is not None
    assert "pip install 'constraint-gate[openapi]'" in result.missing


def test_a_report_that_was_cut_short_keeps_what_was_seen(tmp_path: Path) -> None:
    checks = {"c1": [{"name": "not_a_server_error", "status": "success"}]}
    recorder = {"label": "GET /items", "cases": {}, "checks": checks, "interactions": {}}
    line = json.dumps({"ScenarioFinished": {"elapsed_time": 0.5, "recorder": recorder}})
    report = tmp_path / "report.ndjson"
    report.write_text(f'{line}\n[1]\n{{"ScenarioFinished": 3}}\n{line[:-9]}')
    seen = read_report(report, "/api", "http://127.0.0.1:8000")
    [assertion] = seen.assertions([])
    assert not seen.ended
    assert assertion.name == "GET /items / not_a_server_error"
    assert assertion.endpoint == "GET /api/items"
    assert assertion.passed


def test_the_path_below_which_all_others_lie() -> None:
    assert base_path({"openapi": "3.1.0"}) == ""
    assert base_path({"openapi": "3.1.0", "servers": [{"url": "/"}]}) == ""
    assert base_path({"openapi": "3.1.0", "servers": [{"url": "/v1/"}, {"url": "/v2"}]}) == "/v1"
    variables = {"stage": {"default": "live"}}
    servers = [{"url": "https://{stage}.example.org/{stage}/v1", "variables": variables}]
    assert base_path({"openapi": "3.1.0", "servers": servers}) == "/live/v1"
    assert base_path({"swagger": "2.0", "basePath": "/v1"}) == "/v1"
    assert base_path({"openapi": "3.1.0", "servers": ["odd", 1]}) == ""
    assert labels({"paths": {"/a": {"parameters": [], "get": {}, 3: {}}, "/b": None}}) == ["GET /a"]
