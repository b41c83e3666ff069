"""What is read without ``pathspec`` means what it means there."""

from __future__ import annotations

from pathlib import Path

import pathspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.gitignore import is_pattern, matcher
from ci_gate.repository import WorkTree

PATTERNS = [
    "tests/", "tests", "/tests", "/tests/", "src/api/", "src/api", "/src/api/", "*.py", "*.db",
    "__pycache__/", "src/*/models.py", "src/*", "a?c", "*", "/*", "*/", "app.py", "src/app.py",
    "**/x", "src/**", "!tests/", "[ab].py", "\\#x", "#x", "", " ", "/", "//", "a//b", "a b/", "x ",
    "*.py/", ".env", "a.b", "a+b", "/a/*/c/",
]  # fmt: skip
PATHS = [
    "tests/test_a.py", "tests", "src/tests/x.py", "src/api/a.py", "src/api", "lib/src/api/a.py",
    "app.py", "src/app.py", "src/models.py", "src/a/models.py", "src/a/b/models.py", "a/x", "x",
    "abc", "a/abc/d", "a.py/b", "b.py", "data.db", "a/__pycache__/m.pyc", ".env", "a/.env/b", "axb",
    "a.b", "a+b", "#x", " ", "a b/c", "x /y", "a//b", "a/b/c/d", "a\nb/c.py", "tests\n",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_pattern(pattern: str) -> None:
    wanted = pathspec.PathSpec.from_lines("gitignore", [pattern])
    found = matcher([pattern])
    assert [p for p in PATHS if found(p)] == [p for p in PATHS if wanted.match_file(p)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PATTERNS) | st.text("ab/*.?", max_size=6), max_size=4),
    st.sampled_from(PATHS) | st.text("ab/.", min_size=1, max_size=8).filter(
        lambda path: not path.startswith((".", "/")) and "//" not in path and "/." not in path
        and not path.endswith("/")
    ),
)  # fmt: skip
def test_several(patterns: list[str], path: str) -> None:
    try:
        wanted = pathspec.PathSpec.from_lines("gitignore", patterns)
    except ValueError:
        assert not all(map(is_pattern, patterns))
        with pytest.raises(ValueError):
            matcher(patterns)
        return
    assert all(map(is_pattern, patterns))
    assert matcher(patterns)(path) == wanted.match_file(path)


@pytest.mark.parametrize("line", ["!", "\\", "a\\", "[z-a]"])
def test_a_line_that_is_no_pattern_is_passed_over_as_git_does(tmp_path: Path, line: str) -> None:
    (tmp_path / ".gitignore").write_text(f"{line}\nout/\n")
    for name in ("app.py", "out/made.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert not is_pattern(line)
    assert list(WorkTree(tmp_path).files) == [".gitignore", "app.py"]
