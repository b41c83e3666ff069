"""Where a review comment can stand, compared with what git shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ci_gate.git import Git, Hunk
from ci_gate.github.diff import PullDiff


def _lines(*numbers: int) -> str:
    return "".join(f"line {n}\n" for n in numbers)


class _Repository:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *args: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *who, *args], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            (self.root / f"{name}.py").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> _Repository:
    return _Repository(tmp_path)


def test_lines_of_the_head(repository: _Repository) -> None:
    base = repository.commit(a=_lines(*range(1, 41)))
    text = _lines(*range(1, 20)) + "new\nnewer\n" + _lines(*range(20, 41))
    head = repository.commit(a=text, b="one\ntwo\n")
    diff = PullDiff.between(Git(repository.root), base, head, head)
    assert diff.place("a.py", 20, 20) == (20, 20)
    assert diff.place("a.py", 18, 23) == (18, 23)  # context on both sides
    assert diff.place("a.py", 10, 30) == (20, 20)  # too long for the hunk: its first changed line
    assert diff.place("a.py", 18, 19) is None  # shown, but not changed
    assert diff.place("b.py", 1, 2) == (1, 2)
    assert diff.place("c.py", 1, 1) is None


def test_lines_of_a_merge_commit(repository: _Repository) -> None:
    base = repository.commit(a=_lines(*range(1, 61)))
    repository.git("checkout", "-qb", "topic")
    text = _lines(*range(1, 50)) + "new\n" + _lines(*range(50, 61))
    head = repository.commit(a=text)
    repository.git("checkout", "-q", "main")
    repository.commit(a="top\ntop\n" + _lines(*range(1, 21), *range(24, 61)))
    repository.git("merge", "-q", "--no-ff", "topic")
    merge = repository.git("rev-parse", "HEAD")
    scanned = (repository.root / "a.py").read_text().splitlines()
    diff = PullDiff.between(Git(repository.root), base, head, merge)
    line = scanned.index("new") + 1
    assert line == 49
    assert diff.place("a.py", line, line) == (50, 50)
    assert diff.place("a.py", line - 2, line + 2) == (48, 52)
    assert diff.place("a.py", 1, 1) is None  # the base's


def test_a_deletion_within_the_range_is_a_change() -> None:
    diff = PullDiff({"a.py": [Hunk(11, 2, 10, 0)]}, {})
    assert diff.place("a.py", 8, 12) == (8, 12)
    assert diff.place("a.py", 8, 10) is None
    assert diff.place("a.py", 2, 12) is None  # nothing of it is a changed line


def test_two_hunks_that_touch_are_one() -> None:
    near = PullDiff({"a.py": [Hunk(10, 1, 10, 1), Hunk(17, 1, 17, 1)]}, {})
    assert near.place("a.py", 10, 17) == (10, 17)
    far = PullDiff({"a.py": [Hunk(10, 1, 10, 1), Hunk(18, 1, 18, 1)]}, {})
    assert far.place("a.py", 10, 18) == (10, 10)


@pytest.mark.parametrize("seed", range(8))
def test_as_git_shows_it(repository: _Repository, seed: int) -> None:
    """Every range that is accepted lies in one of git's own hunks with three lines of context."""
    import random
    import re

    chance = random.Random(seed)
    old = [f"line {n}" for n in range(60)]
    new = []
    for line in old:
        kind = chance.random()
        if kind < 0.06:
            continue
        new.append(line + " changed" if kind < 0.12 else line)
        if kind > 0.94:
            new.append(f"more {chance.random()}")
    base = repository.commit(a="\n".join(old) + "\n")
    head = repository.commit(a="\n".join(new) + "\n")
    shown = []
    for match in re.finditer(
        r"^@@ \S+ \+(\d+)(?:,(\d+))? @@", repository.git("diff", "-U3", base, head), re.M
    ):
        first = int(match[1])
        shown.append((first, first + int(match[2] or 1) - 1))
    diff = PullDiff.between(Git(repository.root), base, head, head)
    for start in range(1, len(new) + 1):
        for end in range(start, min(start + 12, len(new)) + 1):
            place = diff.place("a.py", start, end)
            if place is not None:
                assert any(first <= place[0] <= place[1] <= last for first, last in shown)
            inside = any(first <= start <= end <= last for first, last in shown)
            if place == (start, end):
                assert inside
