"""Each format on a realistic scorecard, a hostile one and a huge one."""

from __future__ import annotations

import gzip
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from ci_gate.contract.model import ContractResult
from ci_gate.findings import Position, Replacement
from ci_gate.reports import FORMATS, RuleDoc, Style, render, sarif
from ci_gate.reports.json import schema
from ci_gate.repository import Skipped
from ci_gate.scorecard.model import EngineRun, Verdict

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.scorecards import (
    HOSTILE,
    context,
    failing,
    finding,
    hostile,
    huge,
    judged,
    shop,
    unjudged,
)

HERE = Path(__file__).parent
#: as npm's @microsoft/jest-sarif ships it
SARIF_SCHEMA = (
    HERE.parents[1]
    / ".build/npm/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)
PROJECT = HERE.parents[1]


@pytest.mark.parametrize("card", [shop, failing])
def test_the_examples_read_as_in_the_snapshots(card) -> None:
    snapshot = HERE / "snapshots" / f"{card.__name__}.txt"
    assert render(card(), "terminal") == snapshot.read_text("utf-8")


@pytest.mark.parametrize("kind", FORMATS)
def test_no_format_lets_control_or_bidirectional_characters_through(kind: str) -> None:
    text = render(hostile(), kind)
    if kind == "json":
        assert json.loads(text)["findings"][0]["message"] == HOSTILE
    else:
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)


@pytest.mark.parametrize("card", [shop, hostile, failing, unjudged])
def test_json_fits_the_published_schema(card) -> None:
    data = json.loads(render(card(), "json"))
    jsonschema.Draft202012Validator(schema()).validate(data)


def test_the_published_schema_is_the_one_in_the_package() -> None:
    published = json.loads((PROJECT / "docs" / "report.schema.json").read_text("utf-8"))
    assert published == schema()


def test_json_ties_a_failed_assertion_to_its_place_and_reason() -> None:
    data = json.loads(render(failing(), "json"))
    failed = [item for item in data["contract"]["assertions"] if not item["passed"]]
    assert [item["status"] for item in failed] == ["new", "new"]
    assert failed[0]["cause"] == {
        "path": "shop/services/orders.py",
        "line": 8,
        "error": "sqlite3.OperationalError: no such column: x",
    }
    assert failed[0]["findings"] == [data["findings"][0]["fingerprint"]]


def test_json_says_null_where_there_was_no_contract() -> None:
    card = shop()
    card.contract = None
    data = json.loads(render(card, "json"))
    assert data["contract"] is None
    assert data["findings"][0]["start"] == {"line": 2, "column": 1}
    assert data["decay"] == {"head": -50.0, "base": 0.0, "delta": -50.0}


def mended():
    card = shop()
    change = Replacement(Position(2, 6), Position(2, 22), "shop.auth")
    card.findings.append(judged(finding(replacement=change), 77))
    return card


@pytest.mark.parametrize("card", [shop, hostile, mended])
def test_sarif_fits_the_oasis_schema(card) -> None:
    if not SARIF_SCHEMA.is_file():
        pytest.skip("the SARIF schema is not here; .ci/run installs it from npm")
    oasis = json.loads(SARIF_SCHEMA.read_text("utf-8"))
    log = json.loads(render(card(), "sarif", context=context()))
    jsonschema.validators.validator_for(oasis)(oasis).validate(log)


def test_sarif_tells_new_from_known_and_suppressed() -> None:
    run = json.loads(render(shop(), "sarif"))["runs"][0]
    states = [r.get("baselineState") for r in run["results"]]
    assert states == ["new", "new", "unchanged", None]
    assert run["results"][3]["suppressions"] == [
        {"kind": "inSource", "justification": "there are 249 countries"}
    ]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_help_comes_from_the_rule_page() -> None:
    page = RuleDoc("A lower layer imports a higher one.", "It ties them.", "Turn it.", "A book.")
    rules = {"layering/upward-import": page}
    run = json.loads(render(shop(), "sarif", rules=rules))["runs"][0]
    descriptors = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    descriptor = descriptors["layering/upward-import"]
    assert descriptor["shortDescription"]["text"] == page.summary
    assert "## Source\n\nA book." in descriptor["help"]["markdown"]


def test_sarif_of_a_failed_engine_is_not_a_successful_execution() -> None:
    card = shop()
    card.engines = [EngineRun("semgrep", "1.182.0", 1.0, 0, 15, ("timed out after 300 s",))]
    invocation = json.loads(render(card, "sarif"))["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert "timed out" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_keeps_the_worst_results_and_counts_the_rest() -> None:
    card = shop()
    card.findings = [judged(finding(), n) for n in range(25_007)]
    run = json.loads(render(card, "sarif"))["runs"][0]
    assert len(run["results"]) == 25_000
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert any("7 findings are left out" in note["message"]["text"] for note in notes)


def test_sarif_tells_services_and_workflows_apart_and_counts_paths_from_the_root() -> None:
    run = json.loads(render(shop(), "sarif", context=context()))["runs"][0]
    assert run["automationDetails"] == {"id": "constraint-gate/services-shop/0f3a9c21be44/"}
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "services/shop/shop/services/orders.py"
    assert json.loads(render(shop(), "sarif"))["runs"][0]["automationDetails"] == {
        "id": "constraint-gate/"
    }


def test_sarif_carries_the_mechanical_fix_as_whole_lines() -> None:
    card = shop()
    change = Replacement(Position(2, 6), Position(2, 22), "shop.auth")
    card.findings = [judged(finding(replacement=change))]
    [result] = json.loads(render(card, "sarif"))["runs"][0]["results"]
    [replacement] = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 42},
        "insertedContent": {"text": "from shop.auth import current_user"},
    }


def test_sarif_keeps_to_the_size_that_code_scanning_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "SIZE_LIMIT", 20_000)
    card = shop()
    card.findings = [judged(finding(message=f"{n:x} " * 40), n) for n in range(2_000)]
    text = render(card, "sarif")
    assert len(gzip.compress(text.encode())) <= 20_000
    run = json.loads(text)["runs"][0]
    assert 10 < len(run["results"]) < 2_000
    notes = run["invocations"][0]["toolExecutionNotifications"]
    left = 2_000 - len(run["results"])
    assert any(f"{left} findings are left out" in note["message"]["text"] for note in notes)


def test_junit_fails_what_blocks_and_skips_what_is_suppressed() -> None:
    root = ET.fromstring(render(hostile(), "junit"))
    assert {"tests", "failures", "errors", "skipped"} <= set(root.attrib)
    assert len(root.findall(".//skipped")) == 2
    # three blocking findings and the contract's failed assertion
    assert root.get("failures") == str(len(root.findall(".//failure"))) == "4"


def test_junit_has_an_error_where_the_judgement_is_incomplete() -> None:
    card = shop()
    card.findings, card.verdict = [], Verdict.INCOMPLETE
    card.contract = ContractResult("pytest", error="the service did not start")
    card.reasons = ["The contract's tests did not run to their end"]
    root = ET.fromstring(render(card, "junit"))
    assert root.get("errors") == "1"


def test_annotations_are_one_escaped_line_each_and_ten_of_a_kind() -> None:
    card = hostile()
    card.findings += [judged(finding(), 100 + n) for n in range(20)]
    lines = render(card, "github").splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[-1].startswith("::notice ")
    assert "14 more findings not shown" in lines[-1]
    assert "%250A%3A%3Aerror" in lines[0].partition("title=")[0]


def test_quiet_terminal_is_a_line_for_each_finding_and_the_verdict() -> None:
    lines = render(shop(), "terminal", Style(quiet=True)).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("shop/services/orders.py:2:1: error: ")
    assert lines[0].endswith("[layering/upward-import]")
    assert lines[-1].startswith("BLOCKED")


def test_verbose_terminal_names_skipped_files() -> None:
    card = shop()
    card.skipped = [Skipped(f"a{number}.py", "larger than 2 MiB") for number in range(60)]
    assert "60 files skipped (-v names them)" in render(card, "terminal")
    told = render(card, "terminal", Style(verbose=True))
    assert "a7.py: larger than 2 MiB" in told
    assert "… and 10 more" in told


def test_verbose_terminal_shows_suppressed_findings_with_their_reason() -> None:
    assert "there are 249 countries" not in render(shop(), "terminal")
    assert "there are 249 countries" in render(shop(), "terminal", Style(verbose=True))


def test_terminal_uses_colour_only_when_told() -> None:
    assert "\x1b[" not in render(shop(), "terminal")
    assert "\x1b[" in render(shop(), "terminal", Style(color=True))


def test_terminal_keeps_prose_within_the_width() -> None:
    text = render(shop(), "terminal", Style(width=60))
    prose = [line for line in text.splitlines() if line.startswith(("  why:", "  fix:"))]
    assert prose
    assert all(len(line) <= 60 for line in prose)


@pytest.mark.parametrize("quiet", [False, True])
def test_no_line_on_a_terminal_is_a_workflow_command(quiet: bool) -> None:
    """Also none that became one where a long text was wrapped."""
    made = finding(message="::stop-commands::x " * 40, path="::error::x.py")
    card = replace(shop(), findings=[judged(made)])
    for width in range(60, 80):
        lines = render(card, "terminal", Style(width=width, quiet=quiet)).splitlines()
        assert any("stop-commands" in line for line in lines)
        assert not any(line.strip().startswith("::") for line in lines)


def test_a_huge_run_is_told_in_bounded_space() -> None:
    text = render(huge(), "terminal")
    assert "29,800 more findings" in text
