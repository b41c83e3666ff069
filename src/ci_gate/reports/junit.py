"""JUnit XML: every finding and every assertion of the contract is a test case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from ci_gate.regex import regex
from ci_gate.reports.text import clean

if TYPE_CHECKING:
    from ci_gate.reports.interface import RuleDoc, Style
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

#: what XML does not allow, and what turns the direction of text
_NOT_XML: Final = regex(
    "[^\t\n\x20-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class JunitReport:
    """A blocking finding is a failure; one that does not block is a passed case whose output tells
    it; a suppressed one is skipped; what the gate itself could not do is an error."""

    def render(self, scorecard: Scorecard, _style: Style, _rules: Mapping[str, RuleDoc]) -> str:
        suites = ET.Element("testsuites", name="constraint-gate")
        by_rule: dict[str, list[JudgedFinding]] = {}
        for found in scorecard.findings:
            by_rule.setdefault(found.finding.rule, []).append(found)
        for rule in sorted(by_rule):
            suite = ET.SubElement(suites, "testsuite", name=_text(rule))
            for found in by_rule[rule]:
                _finding(suite, found)
        _contract(suites, scorecard)
        _verdict(suites, scorecard)
        for suite in suites:
            _count(suite)
        _count(suites)
        ET.indent(suites)
        body = ET.tostring(suites, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _finding(suite: ET.Element, found: JudgedFinding) -> None:
    finding = found.finding
    path = clean(finding.path, 1_000)
    name = _text(f"{path}:{finding.start.line}")
    case = ET.SubElement(suite, "testcase", name=name, classname=_text(finding.rule),
                         file=_text(path), line=str(finding.start.line))  # fmt: skip
    body = _text(
        "\n".join(clean(p, 1_000) for p in (finding.message, finding.why, finding.fix) if p)
    )
    if found.blocking:
        message = _text(clean(finding.message, 500))
        ET.SubElement(case, "failure", message=message, type=finding.severity.value).text = body
    elif found.status == "suppressed":
        ET.SubElement(case, "skipped", message=_text(found.suppression_reason or "suppressed"))
    else:
        note = f"{finding.severity.value}, {found.status}, does not block\n{body}"
        ET.SubElement(case, "system-out").text = note


def _contract(suites: ET.Element, scorecard: Scorecard) -> None:
    contract = scorecard.contract
    if contract is None:
        return
    suite = ET.SubElement(suites, "testsuite", name=_text(f"contract ({contract.runner})"))
    for assertion in contract.assertions:
        case = ET.SubElement(suite, "testcase", name=_text(clean(assertion.name)),
                             classname=_text(clean(assertion.endpoint or "contract")))  # fmt: skip
        if assertion.seconds is not None:
            case.set("time", f"{assertion.seconds:.3f}")
        if not assertion.passed:
            message = _text(clean(assertion.message, 500))
            ET.SubElement(case, "failure", message=message).text = _text(assertion.message)


def _verdict(suites: ET.Element, scorecard: Scorecard) -> None:
    suite = ET.SubElement(suites, "testsuite", name="verdict")
    case = ET.SubElement(suite, "testcase", name="judgement complete", classname="constraint-gate")
    problems = [f"{engine.name}: {e}" for engine in scorecard.engines for e in engine.errors]
    if scorecard.contract is not None and scorecard.contract.error:
        problems.append(scorecard.contract.error)
    if scorecard.verdict.value == "incomplete":
        problems = list(scorecard.reasons)
    if problems:
        ET.SubElement(case, "error", message=_text(clean(problems[0], 500))).text = _text(
            "\n".join(problems)
        )


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(len(element.findall(f".//{tag}"))))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)[:20_000]
