from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ci_gate.codemodel.syntax import Comment, Module
from ci_gate.findings import Finding, Position, Severity
from ci_gate.scorecard.suppress import parse, suppress

PATH = "app/orders.py"
KNOWN = {"query/n-plus-one", "layering/upward-import"}


def module(*comments: Comment) -> dict[str, Module]:
    return {PATH: Module((1, 1, 99, 1), PATH, "python", [], [], comments=list(comments))}


def comment(text: str, line: int = 5, *, alone: bool = False) -> Comment:
    return Comment((line, 1, line, 1 + len(text)), text, alone)


def found(line: int = 5, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("query/n-plus-one", "query", severity, PATH, Position(line), Position(line),
                   "m", "w", "f", "s")  # fmt: skip


def test_a_suppression_on_the_line_gives_its_reason() -> None:
    result = suppress([found()], module(comment("ci-gate: ignore[query/n-plus-one] five rows")))
    assert result.reasons == {0: "five rows"}
    assert not result.notes


def test_a_group_and_a_list_of_names_suppress_too() -> None:
    made = comment("ci-gate: ignore[layering, query] five rows")
    result = suppress([found()], module(made), KNOWN)
    assert result.reasons == {0: "five rows"}
    assert [n.rule for n in result.notes] == ["suppression/unused"]


def test_only_a_comment_alone_on_its_line_covers_the_next() -> None:
    text = "ci-gate: ignore[query/n-plus-one] five rows"
    assert suppress([found(6)], module(comment(text, 5, alone=True))).reasons == {0: "five rows"}
    assert not suppress([found(6)], module(comment(text, 5))).reasons
    assert not suppress([found(7)], module(comment(text, 5, alone=True))).reasons


def test_without_a_reason_an_error_stays_and_a_warning_goes() -> None:
    made = comment("ci-gate: ignore[query/n-plus-one]")
    error = suppress([found()], module(made))
    assert not error.reasons
    assert [n.rule for n in error.notes] == ["suppression/missing-reason"]
    assert "does not suppress the error" in error.notes[0].message
    assert suppress([found(severity=Severity.WARNING)], module(made)).reasons == {0: ""}


def test_unknown_names_and_missing_brackets_are_notes() -> None:
    for text in ("ci-gate: ignore[query/n-plus-won] typo", "ci-gate: ignore everything"):
        result = suppress([found()], module(comment(text)), KNOWN)
        assert not result.reasons
        assert [n.rule for n in result.notes] == ["suppression/unknown-rule"]
        assert result.notes[0].severity is Severity.NOTE


def test_a_suppression_of_a_rule_that_did_not_run_is_not_unused() -> None:
    made = module(comment("ci-gate: ignore[query/n-plus-one] five rows"))
    assert [n.rule for n in suppress([], made, KNOWN).notes] == ["suppression/unused"]
    assert not suppress([], made, KNOWN, lambda _name: False).notes


def test_a_block_comment_ends_its_reason_at_the_marker() -> None:
    parsed = parse(PATH, comment("* ci-gate: ignore[query] five rows */"))
    assert parsed is not None
    assert parsed.reason == "five rows"


@given(st.text() | st.text(alphabet="ci-gate: ignore[]/,* \n#").map("ci-gate: ignore".__add__))
def test_no_comment_breaks_the_gate(text: str) -> None:
    result = suppress([found()], module(comment(text, alone=True)), KNOWN)
    assert set(result.reasons) <= {0}
