"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ci_gate.regex import regex

SOURCE = Path(__file__).parents[1] / "src"
MODULES = sorted(
    path for path in (SOURCE / "ci_gate").rglob("*.py")
    if " regex\n" in path.read_text("utf-8") and path.stem != "regex"
)  # fmt: skip


def test_is_compiled_when_it_is_first_used() -> None:
    form = regex("(?P<word>a+)", re.IGNORECASE)
    compiled = re.compile("(?P<word>a+)", re.IGNORECASE)
    assert set(vars(form)) == {"_said"}
    found = form.match("AAb")
    assert found is not None
    assert found["word"] == "AA"
    assert form.sub(lambda match: match[0].lower(), "xAx") == "xax"
    assert (form.pattern, form.flags, form.groupindex) == (
        compiled.pattern, compiled.flags, compiled.groupindex
    )  # fmt: skip
    assert repr(form) == repr(compiled)
    with pytest.raises(AttributeError):
        form.nothing  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_each_of_the_gate_is_one(path: Path) -> None:
    """A mistake in one shows here and not in the first run that needs it."""
    name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    __import__(name)
    for value in vars(sys.modules[name]).values():
        for item in value if isinstance(value, tuple | list) else (value,):
            for part in item if isinstance(item, tuple) else (item,):
                if isinstance(part, regex):
                    re.compile(*vars(part)["_said"])
