"""The history of the default branch: what is kept, shown and survives."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict, replace

import pytest

from ci_gate.github import history
from ci_gate.github.history import Conflict, Entry

FIRST = Entry("a" * 40, "2026-11-01", "pass", (1.0, 0.9, 0.9, 0.8), -20.0, 0.0, 0, ("Devin",))

LINE = json.dumps(asdict(FIRST))


class MemoryBranch:
    """A branch in memory; ``others``: writers that come first, one per write."""

    def __init__(self, others: list[dict[str, str]] | None = None) -> None:
        self.files: dict[str, str] = {}
        self.others = others or []

    def read(self, path: str) -> bytes | None:
        text = self.files.get(path)
        return None if text is None else text.encode()

    def write(self, contents: dict[str, str], _message: str) -> None:
        if self.others:
            self.files |= self.others.pop()
            raise Conflict("the branch has moved")
        self.files |= contents


def lines(branch: MemoryBranch, name: str = "scorecard/history.jsonl") -> list[str]:
    return [json.loads(line)["commit"][:1] for line in branch.files[name].splitlines()]


def test_merges_are_appended_and_read_again() -> None:
    branch = MemoryBranch()
    history.append(branch, "", FIRST)
    history.append(branch, "", replace(FIRST, commit="b" * 40, agents=()))
    assert lines(branch) == ["a", "b"]
    assert history.load(branch, "")[0] == FIRST


def test_a_run_that_is_started_again_replaces_its_line() -> None:
    branch = MemoryBranch()
    history.append(branch, "", FIRST)
    history.append(branch, "", replace(FIRST, verdict="blocked"))
    assert [entry.verdict for entry in history.load(branch, "")] == ["blocked"]


def test_two_merges_at_once_keep_both() -> None:
    other = json.dumps({**json.loads(LINE), "commit": "z" * 40}) + "\n"
    branch = MemoryBranch([{"scorecard/history.jsonl": other}])
    history.append(branch, "", FIRST)
    assert lines(branch) == ["z", "a"]


def test_a_branch_that_never_rests_is_given_up() -> None:
    with pytest.raises(Conflict):
        history.append(MemoryBranch([{} for _ in range(50)]), "", FIRST)


def test_services_have_folders_of_their_own() -> None:
    branch = MemoryBranch()
    history.append(branch, "services/api", FIRST)
    history.append(branch, "../../x", FIRST)
    assert {name.split("/")[0] for name in branch.files} == {"services-api", "x"}


@pytest.mark.parametrize(
    "line",
    ["", "{", "7", "[]", "{}", '{"commit": 7}', "[" * 9_000, LINE.replace("-20.0", "NaN"),
     LINE.replace('"Devin"', "7"), LINE.replace("0.9", '"x"')],
)  # fmt: skip
def test_lines_of_others_are_skipped(line: str) -> None:
    branch = MemoryBranch()
    branch.files["scorecard/history.jsonl"] = f"{line}\n{LINE}\n"
    assert history.load(branch, "") == [FIRST]


def test_the_comment_gets_the_last_ten() -> None:
    entries = [replace(FIRST, commit=f"{number:040}") for number in range(12)]
    assert [int(point.commit) for point in history.trend(entries)] == list(range(2, 12))


def test_an_agents_record_counts_its_own_merges() -> None:
    entries = [
        FIRST,
        replace(FIRST, blocking=2, delta=-5.0),
        replace(FIRST, agents=(), delta=-90.0),
    ]
    assert history.record(entries, "Devin") == (
        "Devin: 2 earlier merges here, 1 without a blocking finding; "
        "decay changed by −2.5 points a merge."
    )
    assert history.record(entries, "Jules") == ""


def test_the_badge_shows_the_decay() -> None:
    branch = MemoryBranch()
    history.append(branch, "", FIRST)
    badge = json.loads(branch.files["scorecard/badge.json"])
    assert badge["schemaVersion"] == 1
    assert (badge["label"], badge["message"]) == ("constraint decay", "−20 points")
    drawn = ET.fromstring(branch.files["scorecard/badge.svg"])
    assert drawn.attrib["aria-label"] == "constraint decay: −20 points"


def test_without_endpoints_the_badge_shows_the_verdict() -> None:
    branch = MemoryBranch()
    history.append(branch, "", replace(FIRST, decay=None, verdict="incomplete"))
    assert json.loads(branch.files["scorecard/badge.json"])["message"] == "incomplete"


@pytest.mark.parametrize(
    ("verdict", "decay", "color"),
    [
        ("pass", 0.0, "green"), ("pass", -5.0, "green"), ("pass", -5.1, "amber"),
        ("pass", -20.0, "amber"), ("pass", -86.0, "red"), ("pass", None, "green"),
        ("incomplete", 0.0, "amber"), ("incomplete", -50.0, "red"), ("blocked", 0.0, "red"),
    ],
)  # fmt: skip
def test_the_badges_colour_is_the_decays(verdict: str, decay: float | None, color: str) -> None:
    """A report that blocks nothing is a pass whatever the decay."""
    branch = MemoryBranch()
    history.append(branch, "", replace(FIRST, verdict=verdict, decay=decay))
    named = {"green": "#2ea043", "amber": "#9a6700", "red": "#d1242f"}
    assert json.loads(branch.files["scorecard/badge.json"])["color"] == named[color]
