"""Which SQLAlchemy a service surely runs with."""

from __future__ import annotations

import pytest

from ci_gate import rulesets
from ci_gate.codemodel.build import build
from ci_gate.stack.detect import detect
from support.trees import MemoryTree

APP = """\
from flask import Flask
from sqlalchemy import select

app = Flask(__name__)


@app.get("/")
def index():
    return str(select(1))
"""
POETRY = '[tool.poetry.dependencies]\npython = "^3.12"\nsqlalchemy = "{}"\n'
PROJECT = '[project]\nname = "shop"\ndependencies = ["flask", "sqlalchemy{}"]\n'
LOCK = '[[package]]\nname = "sqlalchemy"\nversion = "1.4.0"\n'


def versions(manifests: dict[str, str]) -> tuple[dict[str, int], bool]:
    """The versions found, and whether rules for SQLAlchemy 2 run."""
    tree = MemoryTree({"app.py": APP, **manifests})
    stack = detect(tree, build(tree))
    needing = [info for info in rulesets.for_stack(stack) if info.needs is not None]
    return stack.services[0].versions, bool(needing)


@pytest.mark.parametrize(
    ("requirement", "major"),
    [
        ("sqlalchemy", 2),
        ("SQLAlchemy==2.0.8", 2),
        ("sqlalchemy[asyncio]~=2.0.1", 2),
        ("sqlalchemy>=1.4", 2),
        ("sqlalchemy==1.4.*", 1),
        ("sqlalchemy<2", 1),
        ("sqlalchemy>=1.3,<2.0", 1),
        ("sqlalchemy>=1.4,<2.1", 2),
        ("sqlalchemy<=1.4.54", 1),
    ],
)
def test_requirement_says_what_gets_installed(requirement: str, major: int) -> None:
    found, judged = versions({"requirements.txt": f"flask\n{requirement}\n"})
    assert found == {"sqlalchemy": major}
    assert judged is (major == 2)


@pytest.mark.parametrize(
    "manifests",
    [
        {},
        {"requirements.txt": "flask\n"},
        {"requirements.txt": "sqlalchemy @ https://example.test/sqlalchemy.zip\n"},
        {"requirements.txt": 'sqlalchemy==2.0; python_version < "3.9"\n'},
        {"pyproject.toml": PROJECT.format(">=1.4"), "uv.lock": LOCK},
        {"pyproject.toml": POETRY.format("1.4 || 2.0")},
    ],
)
def test_what_is_left_open_is_not_known(manifests: dict[str, str]) -> None:
    assert versions(manifests) == ({}, False)


def test_other_notations_and_further_manifests() -> None:
    assert versions({"pyproject.toml": POETRY.format("^2.0")}) == ({"sqlalchemy": 2}, True)
    assert versions({"pyproject.toml": POETRY.format("^1.4")}) == ({"sqlalchemy": 1}, False)
    assert versions({"pyproject.toml": PROJECT.format(">=2"), "uv.lock": LOCK})[1]
    pinned = {"requirements.txt": "-c constraints.txt\nsqlalchemy\n"}
    assert versions({**pinned, "constraints.txt": "sqlalchemy<2\n"}) == ({"sqlalchemy": 1}, False)
