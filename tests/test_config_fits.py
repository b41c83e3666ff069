"""What fits is what ``jsonschema`` has no error for."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ci_gate.config import schema
from ci_gate.config_fits import fits

WHOLE: dict[str, Any] = {
    "version": 1,
    "include": ["src/"],
    "severity": {"layering": "warning"},
    "fail_on": "all",
    "database": "postgresql",
    "architecture": {
        "strict": True,
        "layers": [{"name": "api", "paths": ["api/"], "may_import": ["core"]}],
    },
    "semgrep": {"enabled": False, "timeout": 3.5},
    "contract": {
        "runners": [
            {"runner": "command", "command": "npm test", "report": "out.xml"},
            {"runner": "hurl", "tests": "tests"},
        ],
        "service": {
            "command": "python -m app", "port": 80, "health": "/", "env": {"A": 1, "B": True},
        },
    },
    "agents": {"claude": False, "house": {"authors": ["bot"]}},
}  # fmt: skip
SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 70_000) | st.floats() | st.text(max_size=3)
    | st.sampled_from(["pytest", "hurl", "command", "auto", "docker", "sqlite", "error", "/x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(
        ["runner", "runners", "tests", "command", "service", "name", "paths", "image", "memory"]
    ), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


def agree(value: Any) -> None:
    assert fits(value, SCHEMA) == VALIDATOR.is_valid(value)


def test_a_whole_configuration_fits() -> None:
    agree({})
    agree(WHOLE)
    assert fits({}, SCHEMA)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_agrees_on_changed_configurations(data: st.DataObject) -> None:
    value = copy.deepcopy(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        at: Any = value
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            known = list(SCHEMA["properties"]) if at is value else ["runner", "image", "unknown"]
            key = data.draw(st.sampled_from(keys + known if isinstance(at, dict) else keys or [0]))
            inner = at.get(key) if isinstance(at, dict) else (at[key] if at else None)
            if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
                at = inner
                continue
            break
        if isinstance(at, dict) and key in at and data.draw(st.booleans()):
            del at[key]
        elif isinstance(at, list) and not at:
            at.append(data.draw(ANYTHING))
        else:
            at[key] = data.draw(ANYTHING)
        agree(value)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SCHEMA["properties"])), ANYTHING, max_size=3))
def test_agrees_on_anything(value: dict[str, Any]) -> None:
    agree(value)


@pytest.mark.parametrize("inside", [{"x": 1}, {"not": {"x": 1}}, {"if": {"x": 1}}])
def test_nothing_fits_a_keyword_that_is_not_known(inside: dict[str, Any]) -> None:
    assert not fits("text", inside)
