"""Test reports in the formats that most tools write: JUnit XML and CTRF JSON.

The file was written by the project's own tests: it may be huge or hostile. It is read once, in
pieces (XML), to a limit; a document type, which is where entities are defined, is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from ci_gate.contract.model import Assertion
from ci_gate.contract.runners.text import MESSAGE, NAME, plain
from ci_gate.data import dataclass
from ci_gate.plainfile import open_file
from ci_gate.regex import regex

_BYTES: Final = 64 * 1024 * 1024
_TEXT: Final = 4 * MESSAGE
_DEPTH: Final = 100
_ENDPOINT: Final = regex(r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE)\s+(/[^\s?#'\"`]*)")
_OUTCOMES: Final = ("failure", "error")


@dataclass(slots=True)
class Report:
    """``left_out``: tests that were skipped."""

    assertions: list[Assertion] = field(default_factory=list)
    left_out: int = 0


class BadReport(Exception):
    """The file is no test report, or was cut short. The message says why; ``seen`` is what stood
    before that place."""

    def __init__(self, message: str, seen: Report | None = None) -> None:
        super().__init__(message)
        self.seen = seen or Report()


def read_report(path: Path, label: str) -> Report:
    """The assertions of a report, in its order.

    Raises:
        BadReport: it is neither JUnit XML nor CTRF JSON.
    """
    try:
        with open_file(path.resolve()) as stream:
            data = stream.read(_BYTES + 1)
    except OSError as error:
        raise BadReport(f"report {label!r} cannot be read: {error.strerror or error}") from None
    if len(data) > _BYTES:
        raise BadReport(f"report {label!r} is larger than {_BYTES // 1024**2} MB")
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        return _ctrf(data, label)
    if start == b"<":
        return _junit(data, label)
    raise BadReport(f"report {label!r} is neither JUnit XML nor CTRF JSON")


def _endpoint(*texts: str) -> str | None:
    """METHOD /path, where one of the texts says it."""
    for text in texts:
        match = _ENDPOINT.search(text)
        if match:
            return plain(f"{match[1]} {match[2].rstrip('.,:;)]') or '/'}", NAME)
    return None


def _seconds(text: object) -> float | None:
    try:
        value = float(str(text).replace(",", ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


@dataclass(slots=True)
class _Case:
    name: str
    group: str
    seconds: float | None
    skipped: bool = False
    failures: list[str] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)


class _JUnit:
    """Handlers of one parse."""

    def __init__(self) -> None:
        self.report = Report()
        self._path: list[str] = []
        self._suites: list[str] = []
        self._case: _Case | None = None
        self._text: list[str] = []
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > _DEPTH:
            raise BadReport("it is nested too deeply")
        if len(self._path) == 1 and name not in {"testsuites", "testsuite"}:
            raise BadReport(f"its root is <{plain(name, 60)}>, not <testsuites>")
        if name == "testsuite":
            self._suites.append(attributes.get("name", ""))
        elif name == "testcase":
            suite = self._suites[-1] if self._suites else ""
            group = attributes.get("classname") or suite
            time = _seconds(attributes.get("time", ""))
            self._case = _Case(attributes.get("name", ""), group, time)
        elif self._case is not None:
            if name == "skipped":
                self._case.skipped = True
            elif name == "property":
                value = attributes.get("value", "")
                self._case.properties.append(value if attributes.get("name") else "")
            elif name in _OUTCOMES:
                self._text, self._size = [attributes.get("message", "")[:_TEXT]], 0

    def text(self, data: str) -> None:
        if self._case is not None and self._path[-1] in _OUTCOMES and self._size < _TEXT:
            self._text.append(data)
            self._size += len(data)

    def end(self, name: str) -> None:
        self._path.pop()
        if name == "testsuite":
            self._suites.pop()
        elif self._case is not None and name in _OUTCOMES:
            message, body = self._text[0], "".join(self._text[1:])
            said = message if message.strip() else body
            self._case.failures.append(plain(said) or f"the test ended with {name}")
        elif self._case is not None and name == "testcase":
            self._finish(self._case)
            self._case = None

    def _finish(self, case: _Case) -> None:
        if case.skipped and not case.failures:
            self.report.left_out += 1
            return
        name = f"{case.group} / {case.name}" if case.group else case.name
        self.report.assertions.append(
            Assertion(
                plain(name, NAME),
                _endpoint(*case.properties, case.name, case.group),
                not case.failures,
                plain("; ".join(case.failures), MESSAGE),
                case.seconds,
            )
        )


def _junit(data: bytes, label: str) -> Report:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    handlers = _JUnit()
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        why = expat.ErrorString(error.code)
        raise BadReport(
            f"report {label!r} is not valid XML ({where}: {why})", handlers.report
        ) from None
    except (BadReport, LookupError, ValueError) as error:  # an encoding that is unknown
        raise BadReport(f"report {label!r} is not JUnit XML: {plain(error, 200)}") from None
    return handlers.report


def _refuse(*_: object) -> None:
    raise BadReport("it has a document type, and JUnit XML has none")


def _ctrf(data: bytes, label: str) -> Report:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise BadReport(f"report {label!r} is not valid JSON ({where})") from None
    except (UnicodeDecodeError, RecursionError):
        raise BadReport(f"report {label!r} is not valid JSON") from None
    results = document.get("results") if isinstance(document, dict) else None
    tests = results.get("tests") if isinstance(results, dict) else None
    if not isinstance(tests, list):
        raise BadReport(f"report {label!r} is not CTRF JSON: it has no results.tests")
    report = Report()
    for test in tests:
        if not isinstance(test, dict) or test.get("status") not in ("passed", "failed"):
            report.left_out += 1
            continue
        report.assertions.append(_ctrf_test(test))
    return report


def _ctrf_test(test: dict[str, Any]) -> Assertion:
    suite = test.get("suite")
    groups = [str(part) for part in (suite if isinstance(suite, list) else [suite or ""]) if part]
    name = str(test.get("name", ""))
    extra = test.get("extra")
    values = list(_strings(extra)) if isinstance(extra, dict) else []
    passed = test["status"] == "passed"
    duration = _seconds(test.get("duration"))
    message = test.get("message") or test.get("trace") or "the test failed"
    return Assertion(
        plain(" / ".join([*groups, name]), NAME),
        _endpoint(*values, name, *groups),
        passed,
        "" if passed else plain(message, MESSAGE),
        None if duration is None else duration / 1000,
    )


def _strings(values: dict[str, Any]) -> Iterator[str]:
    return (value for value in values.values() if isinstance(value, str))
