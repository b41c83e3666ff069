"""Version ranges of pip, Poetry and npm: what they accept, and whether anything satisfies them."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from ci_gate.codemodel.dependencies import asks, releases, semver, versions
from ci_gate.rules.framework import _removed


def satisfiable(*texts: str) -> bool:
    return versions.satisfiable([[SpecifierSet(text)] for text in texts])


@pytest.mark.parametrize(
    "texts",
    [
        (">=2,<3",), ("==2.0.*", "<2.1"), (">1.0,<1.0.1",), ("~=2.2", "==2.9"), ("~=2.2,!=2.2",),
        ("==2.0", "==2.0.0"), ("==1.0+local", ">=1.0"), ("===2.0", "===3.0"), ("",),
        (">=3.0a1,<3.1",),
    ],
)  # fmt: skip
def test_some_version_is_all_of_it(texts: tuple[str, ...]) -> None:
    assert satisfiable(*texts)


@pytest.mark.parametrize(
    "texts",
    [
        (">=3,<2",), ("==2.0", "==2.1"), ("==2.0.*", ">=2.1"), (">2,<=2",), ("~=2.2", "==3.0"),
        ("==2.0,!=2.0",), (">=2.0,<2.0",), (">=4.2,<4.2.0",),
    ],
)  # fmt: skip
def test_no_version_is_all_of_it(texts: tuple[str, ...]) -> None:
    assert not satisfiable(*texts)


@pytest.mark.parametrize(
    ("text", "accepted", "refused"),
    [
        ("^1.2", "1.9", "2.0"), ("~1.2", "1.2.9", "1.3"), ("~2", "2.9", "3.0"),
        ("1.*", "1.5", "2.0"),
        ("^0.0.3", "0.0.3", "0.0.4"), ("1.2 || 1.3", "1.3", "1.4"), (">=1.0 <2.0", "1.5", "2.0"),
    ],
)  # fmt: skip
def test_notation_of_poetry(text: str, accepted: str, refused: str) -> None:
    choices = versions.of_poetry(text)
    assert choices is not None
    assert versions.accepts(choices, accepted)
    assert not versions.accepts(choices, refused)


@pytest.mark.parametrize("text", ["3.x.1", "latest", "2.0.O", "^x", "==2.0.O", "a" * 5000])
def test_poetry_refuses(text: str) -> None:
    assert versions.of_poetry(text) is None


@pytest.mark.parametrize(
    ("text", "accepted", "refused"),
    [
        ("^1.2.3", "1.9.0", "2.0.0"), ("~1.2", "1.2.9", "1.3.0"), ("^0.2.3", "0.2.9", "0.3.0"),
        ("1 - 2", "2.9.0", "3.0.0"), ("1.2 - 2.3.4", "2.3.4", "2.3.5"),
        (">= 1.2", "5.0.0", "1.1.0"),
        ("20.x || >=22", "22.1.0", "21.0.0"), ("<1.2.x", "1.1.9", "1.2.0"),
        ("=1.2.3", "1.2.3", "1.2.4"),
    ],
)  # fmt: skip
def test_ranges_of_npm(text: str, accepted: str, refused: str) -> None:
    choices = semver.parse(text)
    assert choices is not None
    assert semver.accepts(choices, accepted)
    assert not semver.accepts(choices, refused)


@pytest.mark.parametrize(
    "text", ["latest", "5.0.0.1", "^5.0.0.1", "3.0.O", "1..2", "^^1", "x" * 999]
)
def test_no_range_of_npm(text: str) -> None:
    assert semver.parse(text) is None


def test_impossible_ranges_of_npm() -> None:
    for text in (">=3 <2", "^1 ^2", ">=14.17 <15 >16", "<0.0.0"):
        assert not semver.satisfiable(semver.parse(text) or ())
    assert semver.satisfiable(semver.parse("^7.0.0-alpha.1 <7.0.0") or ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flask", "==2.9.0"), ("django", "==4.7"), ("sqlalchemy", "==1.3.30"),
        ("werkzeug", "==2.4"), ("pydantic", "==1.11.0"), ("flask-sqlalchemy", "==2.6"),
    ],
)  # fmt: skip
def test_never_released(name: str, text: str) -> None:
    assert releases.never(name, SpecifierSet(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flask", "==2.2.5"), ("flask", "==9.0"), ("flask", "==3.1.99"), ("flask", ">=2.9"),
        ("flask", "==2.3.0rc1"), ("flask", "==2.3.*"), ("sqlalchemy", "==1.4.99"),
        ("sqlalchemy", "==2.0.5"), ("pydantic", "==1.10.99"), ("unknown", "==0.0.0"),
        ("django", "==4.2"), ("flask", "==2.3.3+inhouse"),
    ],
)  # fmt: skip
def test_may_have_been_released(name: str, text: str) -> None:
    assert not releases.never(name, SpecifierSet(text))


@pytest.mark.parametrize(
    ("name", "text", "near"),
    [
        ("express", "4.99.0", "4.22.3"), ("sequelize", "^5.40.0", "5.22.5"),
        ("express", "4.18.9", "4.18.3"), ("express", "^4.99.0", None), ("express", "99.0.0", None),
        ("express", "^4.18.0", None), ("express", "5.0.0-beta.1", None), ("unknown", "0.0.0", None),
    ],
)  # fmt: skip
def test_never_on_npm(name: str, text: str, near: str | None) -> None:
    assert releases.never_on_npm(name, semver.parse(text) or ()) == near


def test_what_releases_ask_for() -> None:
    pinned = {ask.name: str(ask.wanted) for ask in asks.of("flask", [SpecifierSet("==3.0.3")])}
    assert pinned["werkzeug"] == ">=3.0.0"
    assert list(asks.of("flask", [SpecifierSet(">=2.0")])) == []
    assert [ask.error for ask in asks.of("flask", [SpecifierSet("==2.0.1")]) if ask.error]


def test_data_of_what_was_removed_can_be_read() -> None:
    table = _removed.table()
    assert table.by_path["flask.Markup"][0].since == (3, 0)
    assert all(item.distribution == item.distribution.lower() for items in table.by_path.values()
               for item in items)  # fmt: skip
