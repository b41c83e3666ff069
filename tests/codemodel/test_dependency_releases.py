"""What a distribution brings along, by the releases that its requirements accept."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.dependencies.requirement import Release, Requirement, parse


@pytest.mark.parametrize(
    ("specifier", "oldest"),
    [
        ("==2.1.9", (2, 1, 9)), ("==2.1.*", (2, 1)), (">=2.0,<3", (2, 0)), ("~=2.1", (2, 1)),
        (">=1.4,>=2.1", (2, 1)), ("<3", None), ("!=2.0", None), ("", None),
        (">=2.1.0b1", (2, 1, 0)),
    ],
)  # fmt: skip
def test_oldest_release(specifier: str, oldest: Release | None) -> None:
    requirement = parse(f"sqlalchemy{specifier}", "requirements.txt", 1)
    assert requirement is not None
    assert requirement.oldest == oldest


@pytest.mark.parametrize(
    ("specifier", "oldest"),
    [
        ("^2.1", (2, 1)),
        ("~2.0.3", (2, 0, 3)),
        ("2.1.3", (2, 1, 3)),
        ("^1.4 || ^2.1", None),
        ("*", None),
    ],
)
def test_oldest_release_in_a_tools_notation(specifier: str, oldest: Release | None) -> None:
    requirement = Requirement(
        "sqlalchemy", "pyproject.toml", 1, specifier=specifier, notation="tool"
    )
    assert requirement.oldest == oldest


def test_older_releases_bring_more_along() -> None:
    wanted = [("sqlalchemy", frozenset[str]())]
    assert "greenlet" in known.installed(wanted).names
    assert "greenlet" in known.installed(wanted, {"sqlalchemy": (2, 0)}).names
    assert "greenlet" not in known.installed(wanted, {"sqlalchemy": (2, 1)}).names
    assert (
        "greenlet"
        in known.installed([("sqlalchemy", frozenset({"asyncio"}))], {"sqlalchemy": (2, 1)}).names
    )
