"""action.yml, its documentation and the code that reads the inputs are in step."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ci_gate.github.settings import Inputs

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
PAGE = (ROOT / "docs" / "action.md").read_text()
OUTPUTS = {
    "verdict", "judged", "agent", "share-l0", "share-l1", "share-l2", "share-l3", "decay",
    "decay-base", "findings", "new-findings", "report", "comment-url",
}  # fmt: skip


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading of the page, by the name in their first cell."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", section, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in found}


def test_every_input_is_read_and_every_setting_is_an_input() -> None:
    fields = {field.name.replace("_", "-") for field in dataclasses.fields(Inputs)}
    assert set(ACTION["inputs"]) == fields | {"token"}


@pytest.mark.parametrize("field", dataclasses.fields(Inputs), ids=lambda field: field.name)
def test_defaults_are_those_of_the_code(field: dataclasses.Field[Any]) -> None:
    written = ACTION["inputs"][field.name.replace("_", "-")]["default"]
    default = field.default
    expected = (
        "" if default is None else str(default).lower() if default in (True, False) else default
    )
    assert written == expected


def test_inputs_reach_the_container_by_environment_alone() -> None:
    runs = ACTION["runs"]
    assert "env" not in runs  # the runner sets INPUT_<NAME>
    assert "args" not in runs
    assert "pre-entrypoint" not in runs
    assert runs["using"] == "docker"


def test_every_input_and_output_is_documented() -> None:
    for kind in ("inputs", "outputs"):
        for name, entry in ACTION[kind].items():
            assert entry["description"].strip(), name
    assert list(rows("Inputs")) == list(ACTION["inputs"])
    assert list(rows("Outputs")) == list(ACTION["outputs"])


def test_documented_defaults_are_those_of_the_action() -> None:
    for name, (default, *_) in rows("Inputs").items():
        written = ACTION["inputs"][name]["default"]
        assert default.strip("`") == ("" if written == "${{ github.token }}" else written), name


def test_choices_are_named_in_the_description() -> None:
    hints = {name: str(hint) for name, hint in Inputs.__annotations__.items()}
    choices = {"mode": "Mode", "comment": "CommentWhen", "review": "ReviewAs"}
    from typing import get_args

    from ci_gate.github import settings

    for name, kind in choices.items():
        assert kind in hints[name]
        for value in get_args(getattr(settings, kind)):
            assert value in ACTION["inputs"][name]["description"], (name, value)


def test_outputs() -> None:
    assert set(ACTION["outputs"]) == OUTPUTS


def test_the_tree_builds_its_own_image() -> None:
    assert ACTION["runs"]["image"] == "Dockerfile"


def test_the_base_image_is_pinned() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^ARG BASE=[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE}"}
    assert "--mount" not in text  # builders without BuildKit
