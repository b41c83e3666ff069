"""A report of a run without rights is read as hostile, and says the same as the original."""

from __future__ import annotations

import copy
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.contract.model import Assertion
from ci_gate.findings import Position, Related, Replacement, Severity
from ci_gate.reports import render, report_reader
from ci_gate.reports.check import check_output
from ci_gate.reports.report_reader import ReportError, read
from ci_gate.reports.review import inline_comments
from ci_gate.repository import Skipped
from ci_gate.scorecard.model import Cause, FailedAssertion, Scorecard, Verdict

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.scorecards import (
    HOSTILE,
    context,
    failing,
    finding,
    good,
    hostile,
    judged,
    levels,
    shop,
    unjudged,
)


def again(card: Scorecard) -> Scorecard:
    return read(render(card, "json").encode())


def same(card: Scorecard) -> None:
    other = again(card)
    known = context()
    for kind in ("markdown", "sarif", "github", "json"):
        assert render(other, kind, context=known) == render(card, kind, context=known), kind
    assert check_output(other, {}, known) == check_output(card, {}, known)
    assert inline_comments(other, {}, known) == inline_comments(card, {}, known)


@pytest.mark.parametrize("card", [shop, failing, hostile, good, unjudged])
def test_what_is_read_says_the_same_in_every_report(card) -> None:
    same(card())


def test_a_suggestion_survives() -> None:
    card = shop()
    change = Replacement(Position(8, 9), Position(8, 23), "pass\n        order.customer")
    card.findings = [judged(finding(replacement=change, start=Position(8, 9)))]
    [made] = inline_comments(again(card), {}, context())
    assert "```suggestion\n        pass\n        order.customer = session" in made.body
    same(card)


TEXT = st.text(max_size=30) | st.sampled_from([HOSTILE, "x" * 5_000, "\ud800", "a `b` c. D"])
PATHS = TEXT.filter(
    lambda text: len(text) < 4_000 and not text.startswith("/") and ".." not in text.split("/")
)
LINES = st.integers(0, 12)


@st.composite
def cards(draw: st.DrawFn) -> Scorecard:
    card = shop()
    findings = []
    for number in range(draw(st.integers(0, 4))):
        line = draw(st.integers(1, 9))
        column = draw(st.integers(1, 30))
        change = Replacement(
            Position(line, column), Position(line + draw(st.integers(0, 2)), column), draw(TEXT)
        )
        status = draw(st.sampled_from(["new", "existing", "suppressed"]))
        made = finding(
            draw(st.sampled_from(["orm/a", "query/b", "startup/c"])),
            path=draw(PATHS | st.just("shop/services/orders.py")),
            severity=draw(st.sampled_from(Severity)),
            start=Position(line, column), end=Position(draw(LINES), draw(LINES)),
            message=draw(TEXT), why=draw(TEXT), fix=draw(TEXT),
            repository_wide=draw(st.booleans()),
            related=tuple(Related(draw(PATHS), draw(LINES), draw(TEXT))
                          for _ in range(draw(st.integers(0, 2)))),
            replacement=draw(st.none() | st.just(change)),
        )  # fmt: skip
        findings.append(judged(
            made, number + 1, status=status,
            blocking=status != "suppressed" and draw(st.booleans()),
            endpoints=tuple(draw(st.lists(TEXT, max_size=3))), changed=draw(st.booleans()),
            suppression_reason=draw(st.none() | TEXT) if status == "suppressed" else None,
            silenced=status == "suppressed" and draw(st.booleans()),
        ))  # fmt: skip
    card.findings = findings
    assert card.contract is not None
    card.failures = []
    for _ in range(draw(st.integers(0, 3))):
        item = Assertion(draw(TEXT), draw(st.none() | TEXT), passed=False, message=draw(TEXT))
        card.contract.assertions.append(item)
        cause = Cause(draw(PATHS), draw(st.integers(1, 9)), draw(TEXT))
        card.failures.append(FailedAssertion(
            item, draw(st.none() | TEXT), draw(st.sampled_from(["new", "existing"])),
            draw(st.booleans()), draw(st.none() | st.just(cause)),
            tuple(draw(st.lists(st.sampled_from(findings), max_size=2))) if findings else (),
        ))  # fmt: skip
    draw(st.randoms(use_true_random=False)).shuffle(card.failures)
    card.contract.error = draw(st.none() | TEXT)
    card.contract.log = draw(TEXT)
    card.contract.down = draw(st.booleans())
    card.reasons = draw(st.lists(TEXT, max_size=3))
    card.base = draw(st.none() | TEXT)
    card.base_levels = draw(st.none() | st.just(levels(12, 12, 12, 11)))
    card.skipped = [Skipped(draw(TEXT), draw(TEXT), draw(st.booleans()))]
    card.engines = [replace(card.engines[0], seconds=draw(st.floats(0, 1e6)), version=draw(TEXT))]
    blocks = any(f.blocking for f in findings) or any(f.blocking for f in card.failures)
    card.verdict = Verdict.BLOCKED if blocks else draw(st.sampled_from(Verdict))
    return card


@settings(max_examples=80, deadline=None)
@given(cards())
def test_any_report_says_the_same_when_it_was_read(card: Scorecard) -> None:
    same(card)


def base() -> dict:
    return json.loads(render(failing(), "json"))


def changed(path: str, value: object) -> bytes:
    """The report with one value put elsewhere."""
    data = base()
    place = data
    *parents, last = path.split(".")
    for part in parents:
        place = place[int(part)] if part.isdigit() else place[part]
    place[int(last) if last.isdigit() else last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "is not of type 'object'"),
        (b"{}", "is a required property"),
        (b"1e999", "not a number"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b"9" * 5_000, "not JSON"),
        (b"[" * 100_000, "nested more than"),
        (b'{"a":' * 100_000, "nested more than"),
        (b" " * 10_000_001, "10,000,001 bytes"),
        (b"[" + b"1," * 60_000 + b"1]", "60,001 entries"),
        (changed("schema_version", 2), "schema_version"),
        (changed("verdict", "fine"), "verdict"),
        (changed("verdict", "pass"), "its verdict is pass"),
        (changed("verdict", "incomplete"), "its verdict is incomplete"),
        (changed("extra", 1), "Additional properties"),
        (changed("findings.0.path", "/etc/passwd"), "not a path below the root"),
        (changed("findings.0.path", "a/../../b"), "not a path below the root"),
        (changed("findings.0.path", "x" * 5_000), "not a path below the root"),
        (changed("findings.0.related", [{"path": "../x", "line": 1, "message": ""}]), "not a path"),
        (changed("findings.0.start.line", 10**12), "not a number that a report can have"),
        (changed("findings.0.start.line", 0), "less than the minimum"),
        (changed("findings.0.start.line", 1.5), "not of type 'integer'"),
        (changed("findings.0.group", "nonsense"), "no group nonsense"),
        (changed("findings.0.fingerprint", "0" * 24 + "\n"), "fingerprint is wrong"),
        (changed("findings.0.fingerprint", "--> <b>"), "does not match"),
        (changed("findings.0.lines", ["a"] * 21), "is too long"),
        (changed("levels.0.counted", 99), "more counts at a level than there is"),
        (changed("levels", base()["levels"] * 2), "not of the form"),
        (changed("base_levels", []), "not the same levels"),
        (changed("contract.assertions.12.cause.path", "/x"), "not a path below the root"),
        (changed("routes.0.file", "../x"), "not a path below the root"),
        (changed("engines.0.name", "<b>"), "is not one of"),
    ],
)
def test_what_is_not_a_report_is_refused_with_a_sentence(raw: bytes, said: str) -> None:
    with pytest.raises(ReportError) as raised:
        read(raw)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 700


def test_names_that_the_gate_knows_are_not_taken_from_the_report() -> None:
    data = base()
    for level in data["levels"]:
        level["name"] = "<b>|"
    assert read(json.dumps(data).encode()).levels[3].name == "L3 +ORM"


def test_lines_that_would_fill_the_memory_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_reader, "LINES_LIMIT", 1_000)
    data = base()
    first = data["findings"][0]
    data["findings"] = []
    for number in range(50):
        item = copy.deepcopy(first)
        place = {"line": 400, "column": 1}
        item |= {"path": f"{number}.py", "fingerprint": f"{number:024x}", "lines": ["a"],
                 "replacement": {"start": place, "end": place, "text": "b"}}  # fmt: skip
        data["findings"].append(item)
    card = read(json.dumps(data).encode())
    assert sum(map(len, card.sources.values())) <= 1_000
    assert len(card.findings) == 50


def test_a_report_of_an_older_gate_is_read() -> None:
    data = base()
    for name in ("files", "architecture", "routes", "reasons", "base", "strict_share"):
        del data[name]
    for item in data["findings"]:
        for name in ("repository_wide", "changed", "suppression", "replacement", "lines"):
            del item[name]
    card = read(json.dumps(data).encode())
    assert card.verdict is Verdict.BLOCKED
    assert "#### 1." in render(card, "markdown")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_report_with_anything_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    report = base()
    junk = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=4,
    )
    place: object = report
    for _ in range(data.draw(st.integers(1, 5))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))  # type: ignore[arg-type]
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        inner = place[key]  # type: ignore[index]
        if not isinstance(inner, dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(junk)  # type: ignore[index]
            break
        place = inner
    try:
        card = read(json.dumps(report).encode())
    except ReportError:
        return
    for kind in ("markdown", "sarif", "json"):
        assert render(card, kind)
    inline_comments(card, {}, context())
