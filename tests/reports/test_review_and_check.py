"""What goes to the lines of a pull request and to the check run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ci_gate.contract.model import Assertion
from ci_gate.findings import Position, Replacement, Severity
from ci_gate.reports.bounds import size
from ci_gate.reports.check import check_output
from ci_gate.reports.interface import Context, RuleDoc
from ci_gate.reports.review import inline_comments
from ci_gate.scorecard.model import Cause, FailedAssertion

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
    shop,
    unjudged,
)

CARDS = [shop, failing, good, unjudged, hostile, huge]


def test_an_inline_comment_says_what_why_and_how_to_fix() -> None:
    rules = {"layering/upward-import": RuleDoc("", url="https://x/rules/upward")}
    made, _ = inline_comments(shop(), rules, context())
    assert (made.path, made.first, made.last) == ("services/shop/shop/services/orders.py", 2, 2)
    lines = made.body.splitlines()
    assert lines[0] == f"<!-- ci-gate:finding {made.fingerprint} -->"
    assert made.fingerprint == f"{1:024x}"
    assert "`shop/services/orders.py` (service) imports" in made.body
    assert "**In production:** The service can no longer" in made.body
    assert "**Fix:** Pass the current user in" in made.body
    assert "[`layering/upward-import`](https://x/rules/upward)" in made.body
    assert "Hits `GET /orders`, `GET /orders/{id}`" in made.body
    assert "```" not in made.body


def test_only_what_blocks_gets_an_inline_comment() -> None:
    assert [made.first for made in inline_comments(shop(), {}, Context())] == [2, 8]
    assert not inline_comments(good(), {}, Context())


def test_a_suggestion_stands_on_the_lines_it_replaces() -> None:
    card = shop()
    change = Replacement(Position(7, 5), Position(8, 66), "pass")
    card.findings = [judged(finding(replacement=change, start=Position(2, 1)))]
    [made] = inline_comments(card, {}, Context())
    assert (made.path, made.first, made.last) == ("shop/services/orders.py", 7, 8)
    assert "\n\n```suggestion\n    pass\n```\n\n" in made.body


def test_a_suggestion_that_deletes_is_empty() -> None:
    card = shop()
    change = Replacement(Position(2, 1), Position(2, 42), "")
    card.findings = [judged(finding(replacement=change))]
    [made] = inline_comments(card, {}, Context())
    assert "\n\n```suggestion\n```\n\n" in made.body


def test_a_failing_assertion_is_told_with_its_finding_else_where_it_broke() -> None:
    [made] = inline_comments(failing(), {}, Context())
    assert "**Fails now:** 2 contract assertions" in made.body
    card = good()
    item = Assertion("lists orders", "GET /orders", passed=False, message="500")
    cause = Cause("shop/services/orders.py", 8, "KeyError: 'x'")
    card.contract.assertions.append(item)
    card.failures = [FailedAssertion(item, "GET /orders", "new", True, cause)]
    [made] = inline_comments(card, {}, Context())
    assert (made.path, made.first) == ("shop/services/orders.py", 8)
    assert "`KeyError: 'x'`" in made.body
    moved = Cause("shop/services/orders.py", 9, "KeyError: 'x'")
    card.failures = [FailedAssertion(item, "GET /orders", "new", True, moved)]
    [other] = inline_comments(card, {}, Context())
    assert other.fingerprint == made.fingerprint


@pytest.mark.parametrize("card", CARDS)
def test_the_check_keeps_to_the_limits(card) -> None:
    known = context(notes=(HOSTILE * 100,) * 200, author=(HOSTILE * 100,) * 200)
    output = check_output(card(), {}, known)
    assert 0 < len(output.title) <= 255
    for text in (output.summary, output.text):
        assert text
        assert size(text) <= 65_535
        assert text.count("\n```") % 2 == 0
    for made in output.annotations:
        assert 1 <= made.start_line <= made.end_line
        assert len(made.title) <= 255
        assert len(made.message.encode()) <= 64 * 1024


def test_the_check_annotates_what_is_new_and_no_more() -> None:
    card = shop()
    card.findings.append(judged(finding("orm/x", severity=Severity.WARNING), 7))
    card.findings.append(judged(finding("orm/y", severity=Severity.NOTE), 8))
    annotations = check_output(card, {}, Context()).annotations
    assert [(made.level, made.title) for made in annotations] == [
        ("failure", "layering/upward-import (blocks)"),
        ("failure", "query/n-plus-one (blocks)"),
        ("warning", "orm/x (new)"),
        ("notice", "orm/y (new)"),
    ]
    assert annotations[0].message.splitlines()[-1].startswith("Fix: Pass the current user")


def test_an_annotation_of_a_long_finding_is_on_its_first_line() -> None:
    card = shop()
    card.findings = [judged(finding(start=Position(3, 1), end=Position(400, 1)))]
    [made] = check_output(card, {}, context()).annotations
    assert (made.path, made.start_line, made.end_line) == (
        "services/shop/shop/services/orders.py", 3, 3,
    )  # fmt: skip


def test_the_title_says_the_verdict() -> None:
    assert check_output(shop(), {}, Context()).title == "blocked: 2 new errors block this change."
    assert check_output(good(), {}, Context()).title.startswith("pass: Nothing found")
    assert check_output(unjudged(), {}, Context()).title.startswith("incomplete: The contract's")
