"""The comment on the pull request: what it says first, what it leaves out, what it looks like."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ci_gate.contract.model import Assertion
from ci_gate.findings import Position, Replacement
from ci_gate.reports import Context, RuleDoc, render
from ci_gate.reports.bounds import size
from ci_gate.reports.review import inline_comments
from ci_gate.reports.text import brief
from ci_gate.scorecard.model import FailedAssertion, Verdict

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.scorecards import (
    HOSTILE,
    context,
    failing,
    finding,
    good,
    hostile,
    huge,
    judged,
    levels,
    shop,
    unjudged,
)

HERE = Path(__file__).parent
RULES = {
    "layering/upward-import": RuleDoc("A lower layer imports a higher one.", url="https://x/u")
}


def comment(card, known: Context | None = None) -> str:
    return render(card, "markdown", rules=RULES, context=known)


@pytest.mark.parametrize(
    ("name", "card", "known"),
    [
        ("shop", shop, None),
        ("failing", failing, None),
        ("pull-request", shop, context()),
        ("good", good, None),
        ("good-pull-request", good, context()),
        ("incomplete", unjudged, context()),
        ("hostile", hostile, None),
    ],
)
def test_the_comment_reads_as_in_the_snapshot(name, card, known) -> None:
    snapshot = HERE / "snapshots" / f"{name}.md"
    assert comment(card(), known) == snapshot.read_text("utf-8")


def test_the_first_line_is_the_marker_of_service_workflow_and_run() -> None:
    assert comment(shop(), context(commit="5d2c1e9")).splitlines()[0] == (
        "<!-- ci-gate:comment key=0f3a9c21be44 run=8123.1 sha=5d2c1e9 -->"
    )
    assert comment(shop()).splitlines()[0] == "<!-- ci-gate:comment -->"


def test_a_marker_is_of_harmless_words_whatever_it_is_given() -> None:
    first = comment(shop(), context(key="a --> b", run="1\n2", commit="x<y")).splitlines()[0]
    assert first == "<!-- ci-gate:comment key=ab run=12 sha=xy -->"


def test_no_hidden_mark_but_the_own_one_stands_in_the_comment() -> None:
    card = shop()
    forged = "<!-- ci-gate:comment key=0f3a9c21be44 run=9999.1 sha=0 -->"
    card.findings = [judged(finding(message=forged, why=forged, fix=forged, path=forged))]
    card.verdict, card.reasons = Verdict.INCOMPLETE, [forged]
    card.contract.error, card.contract.log = forged, f"{forged}\n{forged}"
    assert comment(card, context()).count("<!--") == 1
    for made in inline_comments(card, {}, context()):
        assert made.body.count("<!--") == 0


def test_verdict_defects_and_fixes_come_before_everything_else() -> None:
    text = comment(shop(), context())
    order = ["### ⛔ constraint-gate (`services/shop`): blocked",
             "**2 new errors block this change.**", "2 of 3 endpoints hit", "#### 1.",
             "**In production:**", "**Fix:**", "#### 2.",
             "**Note:**", "Copy for your agent", "| Assertions that count |", "Decay from L0",
             "Findings that do not block", "Layers", "How it was judged",
             "Who wrote it"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_five_defects_are_told_in_full_and_the_rest_in_a_line_each() -> None:
    card = shop()
    card.findings = [judged(finding(), number) for number in range(9)]
    text = comment(card)
    assert len(re.findall(r"(?m)^#### ", text)) == 5
    assert "4 more defects that block</summary>" in text
    assert "- 9. " in text


def test_a_failing_assertion_stands_with_the_finding_that_causes_it_and_once() -> None:
    text = comment(failing())
    assert len(re.findall(r"(?m)^#### ", text)) == 1
    entry = text.partition("#### 1.")[2].partition("<details>")[0]
    assert "**Fails now:** 2 contract assertions" in entry
    assert "`orders` has no column `x`" in entry


def test_a_failing_assertion_without_a_finding_is_a_defect_of_its_own() -> None:
    card = good()
    failed = Assertion("lists orders", "GET /orders", passed=False, message="500 is not 200")
    card.verdict, card.reasons = Verdict.BLOCKED, ["1 of the contract's 13 assertions fails."]
    card.contract.assertions.append(failed)
    card.failures = [FailedAssertion(failed, "GET /orders", "new", True)]
    text = comment(card)
    assert "#### 1. `GET /orders`" in text
    assert "`lists orders`: 500 is not 200" in text
    assert "[contract]" in text


def test_what_failed_before_is_told_and_is_no_defect() -> None:
    card = good()
    failed = Assertion("lists orders", "GET /orders", passed=False, message="500 is not 200")
    card.failures = [FailedAssertion(failed, "GET /orders", "existing", False)]
    text = comment(card)
    assert "#### " not in text
    assert "fail on the base too" in text


def test_a_good_pull_request_gets_one_green_line() -> None:
    lines = comment(good()).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("✅ **constraint-gate: pass.** Nothing found")
    assert "23 files, 21 rules and 3 endpoints judged" in lines[1]


def test_a_good_pull_request_still_says_what_the_reader_must_know() -> None:
    card = good()
    silenced = judged(finding(), status="suppressed", blocking=False, silenced=True,
                      suppression_reason="on purpose")  # fmt: skip
    card.findings = [silenced]
    text = comment(card, Context(notes=("The base has no .ci-gate.yml.",)))
    assert "**Note:** The base has no .ci-gate.yml." in text
    assert "**Note:** This change suppresses 1 finding" in text
    assert "reason: on purpose" in text


def test_a_change_that_lowers_a_level_and_passes_shows_the_table() -> None:
    card = good()
    card.levels = levels(12, 12, 12, 6)
    assert "| L3 +ORM | 12 of 12 (100 %) | 6 of 12 (50 %) | **−50.0** |" in comment(card)
    assert "| L3 +ORM |" not in comment(good())


def test_what_could_not_be_judged_comes_first_with_the_remedy() -> None:
    lines = comment(unjudged(), context()).splitlines()
    assert lines[1] == "### ⚠️ constraint-gate (`services/shop`): incomplete"
    assert "install it in contract.service.setup" in lines[3]
    assert "exclude generated files" in lines[5]
    assert any("ModuleNotFoundError" in line for line in lines[:20])


def test_nothing_found_is_never_silent_about_nothing_judged() -> None:
    card = good()
    card.files, card.routes, card.stack.services = 0, [], []
    card.engines, card.contract = [], None
    assert "0 files, 0 rules and 0 endpoints judged" in comment(card)
    card.verdict = Verdict.INCOMPLETE
    text = comment(card)
    for words in ("No supported backend was found", "The contract's tests were not run"):
        assert words in text


def test_the_trend_is_the_last_ten_merges_the_latest_first() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| 2026", comment(shop(), context()))
    assert len(rows) == 10
    assert rows[0].startswith("ca2b3c")


@pytest.mark.parametrize(
    ("end", "text", "said"),
    [(42, "", "   Line 2 goes.\n"), (5, "import", "   Line 2 becomes: import shop")],
)
def test_an_agent_is_told_what_becomes_of_a_line(end: int, text: str, said: str) -> None:
    card = shop()
    card.sources = card.sources | {"shop/services/orders.py": ["", "from shop".ljust(41)]}
    change = Replacement(Position(2, 1), Position(2, end), text)
    card.findings = [judged(finding(replacement=change))]
    assert said in comment(card, context())


def test_the_tasks_for_an_agent_need_nothing_besides_them() -> None:
    text = comment(shop(), context())
    [tasks] = re.findall(r"(?s)Copy for your agent</summary>\n\n```text\n(.+?)\n```\n", text)
    assert "1. shop/services/orders.py:2 [layering/upward-import]" in tasks
    assert "   Fix: Pass the current user in as an argument" in tasks
    assert "services/shop/" in tasks
    assert "with constraint-gate 0.1.0 installed" in tasks
    assert tasks.endswith(
        "ci-gate scan services/shop --base 4f2a9c1d0e8b7a6f5c4d3e2b1a0f9e8d7c6b5a4f"
    )


def test_rules_and_places_are_linked() -> None:
    text = comment(shop(), context())
    assert "[`layering/upward-import`](https://x/u)" in text
    assert (
        "[`services/shop/shop/services/orders.py:2`](https://github.com/acme/shop/blob/5d2c1e9f0a7b/"
        "services/shop/shop/services/orders.py#L2)"
    ) in text


def test_an_address_that_is_none_is_not_linked() -> None:
    assert "javascript" not in comment(shop(), context(run_url="javascript:alert(1)"))
    assert "evil" not in comment(shop(), context(run_url="https://x/) [evil](https://y"))


def much() -> object:
    card = hostile()
    wide = HOSTILE + "\U0001f4a5" * 3_000
    card.findings = [
        judged(finding(path=wide, message=wide, why=wide, fix=wide), n) for n in range(500)
    ]
    card.findings += [
        judged(finding(message=wide), n, status="existing", blocking=False) for n in range(500)
    ]
    card.findings += [
        judged(finding(message=wide), n, status="suppressed", blocking=False, silenced=True)
        for n in range(500)
    ]
    card.reasons = [wide * 20] * 400
    return card


@pytest.mark.parametrize("card", [huge, much])
def test_the_comment_keeps_to_the_limit_and_says_what_it_leaves_out(card) -> None:
    known = context(notes=(HOSTILE * 40,) * 400, author=(HOSTILE * 40,) * 400)
    text = comment(card(), known)
    assert size(text) <= 65_536
    assert text.count("<details") == text.count("</details>")
    assert "more defects in the full report" in text
    assert "#### 1. " in text
    assert text.count("\n```") % 2 == 0


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("One. Two.", "One."),
        ("One of a.b.c. `x` is two.", "One of a.b.c."),
        ("User.image is read after the session", "User.image is read after the session."),
        ("`a. B` is one thing. Two", "`a. B` is one thing."),
        ("what? `x`", "what?"),
        ("an open ` tick. More", "an open ` tick. More."),
        ("`" * 5_000, "`" * 2_000 + "…"),
        ("", ""),
    ],
)
def test_the_first_sentence_is_cut_where_it_ends(message: str, first: str) -> None:
    assert brief(message) == first


def test_what_stays_as_it_was_is_counted_in_words() -> None:
    card = good()
    card.findings = [judged(finding(), status="existing", blocking=False)]
    assert "1 finding of the base left as it was." in comment(card)
    card.findings *= 2
    assert "2 findings of the base left as they were." in comment(card)


def test_a_pass_names_commit_and_run_where_there_are_any() -> None:
    text = comment(good(), context())
    assert text.rstrip().endswith("[run](https://github.com/acme/shop/actions/runs/8123) · "
                                  "constraint-gate 0.1.0</sub>")  # fmt: skip
    assert "<sub>" not in comment(good())


def test_the_tool_is_linked_where_its_address_is_known() -> None:
    known = context(tool_url="https://github.com/octo/gate")
    for card in (good(), shop()):
        assert "[constraint-gate](https://github.com/octo/gate) 0.1.0" in comment(card, known)
    assert "installed (from https://github.com/octo/gate)" in comment(shop(), known)
    assert "evil" not in comment(shop(), context(tool_url="https://x/) [evil](https://y"))


def test_sentences_end_with_a_full_stop() -> None:
    card = shop()
    card.findings = [judged(finding(message="a is part of the SQL text", why="b", fix="c"))]
    [inline] = inline_comments(card, {}, context())
    for text in ("a is part of the SQL text.\n", "**In production:** b.\n", "**Fix:** c.\n"):
        assert text in inline.body
    for text in ("a is part of the SQL text.\n", "Why: b.\n", "Fix: c.\n"):
        assert text in comment(card)
