"""What is read of dependencies without a library is what the library reads."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508

from ci_gate.codemodel.dependencies import requirement, tables
from ci_gate.codemodel.dependencies.requirement import normal, parse

NAMES = st.sampled_from(
    ["flask", "Flask-Login", "zope.interface", "a", "x_", "-x", "a b", "ä", "1"]
)
EXTRAS = st.sampled_from(["", "[a]", "[a,b-c]", "[ a , B_c ]", "[]", " [a]", "[a,]", "[a]"])
CLAUSE = st.tuples(
    st.sampled_from(["==", ">=", "<=", "<", ">", "!=", "~=", "===", "=", "", "=>"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["1", "1.0", "2.31.0", "1.*", "1.0a1", "v1", "", "01.2", "1.", "٣.1"]),
).map("".join)
TEXTS = st.tuples(
    st.sampled_from(["", " "]), NAMES, EXTRAS, st.sampled_from(["", " "]),
    st.lists(CLAUSE, max_size=3).map(",".join),
    st.sampled_from(["", " ", ",", "; python_version < '3.9'", " @ https://x.test/a.whl"]),
).map("".join)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_a_requirement(text: str) -> None:
    found = parse(text, "requirements.txt", 1)
    try:
        wanted = Pep508(text)
    except InvalidRequirement:
        assert found is None or found.problem or found.direct
        return
    assert found is not None
    assert (found.name, found.specifier) == (normal(wanted.name), str(wanted.specifier))
    assert found.extras == frozenset(map(normal, wanted.extras))
    assert (found.marker, found.direct) == (str(wanted.marker or ""), wanted.url)


@pytest.mark.parametrize("file", ["python.toml", "npm.toml"])
def test_tables(file: str) -> None:
    text = (Path(requirement.__file__).with_name(file)).read_text("utf-8")
    said = {
        title: {name: tuple(words.split()) for name, words in table.items()}
        for title, table in ({"": tomllib.loads(text)} if "\n[" not in text
                             else {"": {}, **tomllib.loads(text)}).items()
    }  # fmt: skip
    assert tables.read(file) == said
