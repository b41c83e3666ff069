"""A file is kept from Semgrep only where the rule's own text says that it cannot match."""

from __future__ import annotations

from typing import Any

import pytest

from ci_gate import rulesets, semgrep
from ci_gate.config import Config, SemgrepConfig
from ci_gate.repository import WorkTree
from ci_gate.semgrep_prefilter import NOTHING, Text, need
from ci_gate.stack.model import Service, Stack
from support.trees import MemoryTree


def may_match(rule: dict[str, Any], text: str) -> bool:
    return Text(text.encode()).has(need(rule))


LEGACY = {
    "patterns": [
        {"pattern-inside": "$MODEL.findAll({..., where: $WHERE, ...})"},
        {"pattern": "{..., $KEY: $VALUE, ...}"},
        {"metavariable-regex": {"metavariable": "$KEY", "regex": r"^['\"]?\$(like|or)['\"]?$"}},
        {"pattern-not": "absent(...)"},
    ]
}


def test_words_of_patterns_and_conditions_are_needed() -> None:
    assert may_match(LEGACY, "Pen.findAll({where: {name: {'$like': 'a'}}})")
    assert not may_match(LEGACY, "Pen.findAll({where: {name: {[Op.like]: 'a'}}})")
    assert not may_match(LEGACY, "Pen.findOne({where: {'$like': 'a'}})")


def test_a_name_is_found_under_its_import() -> None:
    rule = {"pattern": "django.db.models.Q(..., $A=$B, ...) and $REST"}
    assert may_match(rule, "from django.db.models import Q as Where\nWhere(a=1) and b")
    assert not may_match(rule, "from django.db import models\nmodels.F('a')")


def test_one_of_several_is_enough_and_an_open_one_lets_all_pass() -> None:
    closed = {"pattern-either": [{"pattern": "close($X)"}, {"pattern": "$X.shut()"}]}
    assert may_match(closed, "door.shut()")
    assert not may_match(closed, "door.open()")
    assert need({"pattern-either": [{"pattern": "close($X)"}, {"pattern": "$X + $Y"}]}) == NOTHING


@pytest.mark.parametrize(
    "regex",
    [r"^(?!get$)\w+$", r"^\bget\b$", r"^a|b$c", r"^(a|ab)*+c$", r"^(?<verb>get)$", r"^(a)\1$",
     r"^$", r".*", r"^été$", "("],
)  # fmt: skip
def test_a_condition_that_looks_around_asks_for_nothing(regex: str) -> None:
    rule = {"metavariable-regex": {"metavariable": "$X", "regex": regex}}
    assert need(rule) == NOTHING


@pytest.mark.parametrize(
    "rule",
    [
        {"pattern": "'$X'", "metavariable-regex": {"metavariable": "$X", "regex": "^/"}},
        {"metavariable-regex": {"metavariable": "$X", "regex": "a", "constant-propagation": True}},
        {"metavariable-pattern": {"metavariable": "$X", "language": "generic", "pattern": "a"}},
        {"mode": "taint", "pattern-sources": [{"pattern": "a"}]},
        {"pattern": "async def $F(...): return 'get'  # words"},
    ],
)
def test_what_is_not_the_text_of_the_code_is_not_needed(rule: dict[str, Any]) -> None:
    assert need(rule) == NOTHING


@pytest.mark.parametrize(
    ("regex", "text", "words"),
    [
        (r"(?m)^([ \t]*)async def [^\n]*\n(?:(?:\1[ \t]+[^\n]*|[ \t]*)\n)*+",
         "async def ", ["async def "]),
        ("ab(cd)?ef+ghi", "abefghi", ["ghi"]),
        (r"\bSELECT\b.*(?:a|b)FROM", "SELECT aFROM", ["SELECT", "FROM"]),
        ("foo{0,2}barn?", "fobar", ["bar"]),
        (r"a\(b(c[)]d)e fgh", "a(bc)de fgh", ["e fgh"]),
        ("abc|def", "xdef", ["def"]),
        ("(?i)abc", "ABC", ["ABC"]),
        ("(?x) a b c", "", []),
        (r"\x41bcd", "", []),
        (r"^#?(?<!x)abc", "abc", ["abc"]),
        (r"[^\w]abc", " abc", ["abc"]),
        ("[(]|abc", "(", ["("]),
        (r"(?m)^@(?<CHECK>\w+)\n@\w+[.](?<ROUTE>get|post)\((?=[\"'])",
         "import a\n@check\n@app.get('/x')", ["check", "@app", "get"]),
    ],
)  # fmt: skip
def test_what_a_regular_expression_finds_is_needed(regex: str, text: str, words: list[str]) -> None:
    rule = {"patterns": [{"pattern-regex": regex}]}
    for word in words:
        assert not may_match(rule, text.replace(word, "-"))
    assert may_match(rule, text)


def test_a_condition_on_a_keyword_is_held_against_what_follows_it() -> None:
    rule = {
        "languages": ["python"],
        "patterns": [
            {"pattern-either": [{"pattern": "f(default=$V, ...)"}, {"pattern": "g(default=$V)"}]},
            {"metavariable-regex": {"metavariable": "$V", "regex": r"(?s)^(\[.*\]|\{.*\})$"}},
        ]
    }  # fmt: skip
    for text in (
        "f(default=[1])",
        "g(a, default = (\n  # one\n  [1]))",
        "f(default=\\\n{})",
        "f(default  # one\n = [])",
    ):
        assert may_match(rule, text)
    for text in ("f(a, [1])", "f(default=list, x=[1])", "g(default=a[1])"):
        assert not may_match(rule, text)


def test_a_pattern_is_not_held_against_one_endless_word() -> None:
    rule = {"metavariable-regex": {"metavariable": "$X", "regex": r"^(\w+\.)?(\w+_)?db$"}}
    assert may_match(rule, "a" * 1_000_000)


@pytest.mark.parametrize("rule", rulesets.semgrep_rules(), ids=lambda rule: rule.definition["id"])
def test_every_rule_of_the_gate_spares_files(rule: rulesets.SemgrepRuleInfo) -> None:
    assert need(rule.definition) != NOTHING


def test_spared_files_count_as_judged_and_own_rules_get_all(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack([Service(".", frameworks=["express"])])
    tree = MemoryTree({"a.js": "const a = 1;\n", "b.js": "", "c.py": "a = 1\n"})
    with monkeypatch.context() as patch:
        patch.setattr(semgrep._Scan, "_call", lambda *_: pytest.fail("started"))
        result = semgrep.run(tree, tree.files, stack, Config(), WorkTree(tmp_path), 1)
        assert (result.errors, result.files, result.findings) == ([], 1, [])
        patch.setattr(semgrep, "find_program", lambda: None)
        result = semgrep.run(tree, tree.files, stack, Config(), WorkTree(tmp_path), 1)
        assert "not installed" in result.errors[0]
    (tmp_path / "own.yml").write_text(
        "rules: [{id: one, languages: [js], severity: ERROR, message: one, pattern: $X = 1}]"
    )
    config = Config(semgrep=SemgrepConfig(rulesets=("own.yml",)))
    result = semgrep.run(tree, tree.files, stack, config, WorkTree(tmp_path), 1)
    assert [finding.path for finding in result.findings] == ["a.js"]
