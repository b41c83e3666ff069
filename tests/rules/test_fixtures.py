"""Every rule on its own small trees: what is marked is found, and nothing else.

``tests/rules/<group>/<rule>/{bad,good}_<case>/`` is a tree. ``expect: RULE`` in a comment at the
end of a line is an expected finding; ``expect: RULE note`` also names its severity. In JSON,
which has no comments, the comment is the last text of the line.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ci_gate.config import load
from ci_gate.findings import Finding
from ci_gate.repository import Filter, WorkTree
from ci_gate.rules import all_rules
from ci_gate.rules.base import Facts, Rule
from ci_gate.scan import Options, judge

HERE = Path(__file__).parent
RULES = {rule.id: rule for rule in all_rules()}
_EXPECT = re.compile(
    r"(?:#|//|--)\s*expect:\s*([\w/-]+)(?:\s+(error|warning|note))?\s*(?:\",?)?\s*$"
)


def folder(rule: type[Rule]) -> Path:
    return HERE / rule.group / rule.id.partition("/")[2]


def trees() -> list[object]:
    return [
        pytest.param(rule, tree, id=f"{rule.id}/{tree.name}")
        for rule in all_rules()
        for tree in sorted(folder(rule).glob("*_*"))
    ]


def found_in(tree: Path, rule: type[Rule]) -> list[Finding]:
    config = load(tree)
    options = Options(tree, config)
    work = WorkTree(tree, Filter(config.include, config.exclude))
    judgement = judge(work, options, None, with_semgrep=False, chosen=[rule])
    assert judgement.engines[0].errors == ()
    return judgement.findings


def expected_in(tree: Path, rule: str) -> dict[tuple[str, int], str | None]:
    marks: dict[tuple[str, int], str | None] = {}
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = _EXPECT.search(line)
                if match and match[1] == rule:
                    marks[path.relative_to(tree).as_posix(), number] = match[2]
    return marks


def _unasked(_: Facts) -> None:
    raise AssertionError("asks for Facts.flows without `follows = True`")


@pytest.mark.parametrize(("rule", "tree"), trees())
def test_tree(rule: type[Rule], tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not rule.follows:
        monkeypatch.setattr(Facts, "flows", property(_unasked))
    expected = expected_in(tree, rule.id)
    assert bool(expected) == tree.name.startswith("bad_")
    findings = found_in(tree, rule)
    found = {(f.path, f.start.line): f for f in findings}
    assert set(found) == set(expected), [f.message for f in findings]
    assert len(findings) == len(found), "one defect, one finding"
    for place, severity in expected.items():
        assert severity is None or found[place].severity == severity
        assert found[place].message
        assert found[place].why
        assert found[place].fix


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_trees_of_both_kinds(rule: type[Rule]) -> None:
    names = [tree.name for tree in folder(rule).glob("*_*")]
    assert sum(name.startswith("bad_") for name in names) >= 1
    assert sum(name.startswith("good_") for name in names) >= 2
