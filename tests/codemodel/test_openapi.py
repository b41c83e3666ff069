"""Reading OpenAPI descriptions: lines, references between files, and files that mean harm."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.openapi import Description, read
from ci_gate.codemodel.openapi.documents import Object
from support.trees import MemoryTree

HEAD = "openapi: 3.0.3\npaths:\n"


def description(files: dict[str, str], path: str = "openapi.yml") -> Description:
    return read(MemoryTree(files), path)


def test_operations_know_their_lines_across_files() -> None:
    found = description({
        "openapi.yml": HEAD + "  /pots:\n    $ref: parts/pots.yml\n",
        "parts/pots.yml": "parameters:\n  - {in: query, name: glaze}\nget:\n  responses:\n"
        "    200: {$ref: '../common.json#/ok'}\n",
        "common.json": '{\n\t"ok": {"content": {"application/json": {"schema": {}}}}\n}',
    })  # fmt: skip
    assert found.problems == ()
    [item] = found.operations
    assert (item.endpoint, item.file, item.line) == ("GET /pots", "parts/pots.yml", 3)
    assert item.query == ("glaze",)
    [response] = item.responses
    assert response.status == "200"
    assert isinstance(response.schema, Object)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + "  /a: {get: [}\n", 3, "not valid YAML"),
        ("paths: {}\n", 1, "neither openapi nor swagger"),
        ("openapi: 3.0.3\n", 1, "has no paths"),
        ("- a\n- b\n", 1, "must be a mapping"),
        (HEAD + "  /a: {$ref: '../outside.yml'}\n", 3, "out of the repository"),
        (HEAD + "  /a: {$ref: '/etc/passwd'}\n", 3, "out of the repository"),
        (HEAD + "  /a: {$ref: 'none.yml#/a'}\n", 3, "not there"),
        (HEAD + "  /a: {$ref: '#/components/none'}\n", 3, "leads nowhere"),
        (HEAD + "  /a: {$ref: '#/paths/~1a'}\n", 3, "back to itself"),
        (HEAD + "  /a: {get: {responses: {'200': {$ref: '#/x'}}}}\n", 3, "leads nowhere"),
    ],
)
def test_a_problem_names_line_and_remedy(text: str, line: int, words: str) -> None:
    problem = description({"openapi.yml": text}).problems[0]
    assert (problem.path, problem.line) == ("openapi.yml", line)
    assert words in problem.text
    assert ";" in problem.text


def test_nothing_is_fetched_and_nothing_is_said_of_it() -> None:
    text = HEAD + "  /a: {get: {responses: {'200': {$ref: 'https://example.org/x.yml#/a'}}}}\n"
    found = description({"openapi.yml": text})
    assert [item.endpoint for item in found.operations] == ["GET /a"]
    assert found.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 100_000,
        "? " * 50_000,
        "openapi: 3.0.3\npaths: &a\n  /x: *a\n",
        "openapi: 3.0.3\npaths: {/x: &l [*l]}\n",
        "openapi: 3.0.3\npaths: *none\n",
        "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nopenapi: 3\npaths: {}",
        "\x00\x01\ufffd",
        "",
        "openapi: 3.0.3\npaths: {/x: {get: {parameters: 3, responses: [1], security: x}}}\n",
        "openapi: 3.0.3\npaths: {/x: {get: {$ref: '#/paths/~1x/get/$ref'}}}\n",
    ],
)
def test_hostile_files_end_in_an_answer(text: str) -> None:
    assert description({"openapi.yml": text}).path == "openapi.yml"
