"""What schemathesis reports while it runs (NDJSON), as assertions: one per operation and check."""

from __future__ import annotations

import base64
import binascii
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from ci_gate.contract.model import Assertion
from ci_gate.contract.runners.text import MESSAGE, NAME, plain
from ci_gate.data import dataclass
from ci_gate.plainfile import open_file
from ci_gate.regex import regex

_SERVER_ERROR: Final = "not_a_server_error"
_STATUS: Final = "status_code_conformance"
CHECKS: Final = (
    _SERVER_ERROR,
    _STATUS,
    "content_type_conformance",
    "response_schema_conformance",
)
#: Errors of the connection: the service gave no answer.
_NO_ANSWER: Final = regex(r"Connection|Timeout|ChunkedEncoding|ContentDecoding|Unresponsive")
_SCHEMA_AT: Final = regex(r"^\s*Schema at (\S+):", re.M)
_REPORT_BYTES: Final = 512 * 1024 * 1024
_LINE_BYTES: Final = 64 * 1024 * 1024
_EXCERPT: Final = 300


@dataclass(frozen=True, slots=True, order=True)
class _Failure:
    """A request that failed a check. The least one is the easiest to understand."""

    size: int
    curl: str
    reason: str
    answer: str


@dataclass(slots=True)
class _Operation:
    label: str
    seconds: float = 0.0
    judged: set[str] = field(default_factory=set)
    failures: dict[str, _Failure] = field(default_factory=dict)

    def fail(self, check: str, failure: _Failure) -> None:
        self.judged.add(check)
        self.failures[check] = min(failure, self.failures.get(check, failure))


@dataclass(slots=True)
class Run:
    """``fatal``: the description could not be used. ``errors``: operations that could not be
    tested. ``statuses``: what the service answered. ``ended``: it came to its end."""

    prefix: str
    base_url: str
    operations: dict[str, _Operation] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    fatal: str | None = None
    ended: bool = False

    def assertions(self, order: Sequence[str]) -> list[Assertion]:
        """In that order of operations."""
        places = {label: number for number, label in enumerate(order)}
        operations = sorted(
            self.operations.values(), key=lambda op: (places.get(op.label, len(places)), op.label)
        )
        return [item for operation in operations for item in self._of(operation)]

    def _of(self, operation: _Operation) -> Iterator[Assertion]:
        method, _, path = operation.label.partition(" ")
        checks = [check for check in CHECKS if check in operation.judged]
        for check in checks:
            failure = operation.failures.get(check)
            message = ""
            if failure is not None:
                message = f"{failure.reason}{failure.answer}; {failure.curl}".removesuffix("; ")
            yield Assertion(
                name=plain(f"{operation.label} / {check}", NAME),
                endpoint=plain(f"{method} {self.prefix}{path}", NAME),
                passed=failure is None,
                message=plain(message, MESSAGE),
                seconds=operation.seconds / len(checks),
            )


def read_report(path: Path, prefix: str, base_url: str) -> Run:
    """What the report tells so far; a last line that was cut short is left out."""
    run = Run(prefix, base_url)
    for kind, event in _events(path):
        if kind == "ScenarioFinished":
            _scenario(run, event)
        elif kind == "NonFatalError":
            _error(run, event)
        elif kind == "FatalError":
            run.fatal = _reason(_inner(event, "exception").get("message"))
        elif kind == "EngineFinished":
            run.ended = True
    return run


def _events(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    left = _REPORT_BYTES
    try:
        with open_file(path) as stream:
            while left > 0 and (line := stream.readline(_LINE_BYTES)):
                left -= len(line)
                try:
                    document = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(document, dict):
                    for kind, event in document.items():
                        if isinstance(event, dict):
                            yield kind, event
    except OSError:
        return


def _inner(value: object, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _scenario(run: Run, event: Mapping[str, Any]) -> None:
    recorder = _inner(event, "recorder")
    cases, interactions = _inner(recorder, "cases"), _inner(recorder, "interactions")
    label = str(recorder.get("label", ""))
    checks = _inner(recorder, "checks")
    if not checks:
        return
    operation = run.operations.setdefault(label, _Operation(label))
    operation.seconds += float(event.get("elapsed_time") or 0)
    for case, results in checks.items():
        interaction = _inner(interactions, case)
        generation = _inner(_inner(_inner(_inner(cases, case), "value"), "meta"), "generation")
        invalid = generation.get("mode") == "negative"
        status = int(_inner(interaction, "response").get("status_code") or 0)
        if status:
            run.statuses.add(status)
        for result in results if isinstance(results, list) else ():
            if not isinstance(result, dict) or result.get("name") not in CHECKS:
                continue
            check = result["name"]
            if check == _STATUS and (invalid or status >= 500):
                # Which status refuses an invalid request is seldom described; and a server error
                # is one defect, not two.
                continue
            operation.judged.add(check)
            if result.get("status") != "success":
                failure = _inner(_inner(result, "failure_info"), "failure")
                reason = _reason(failure.get("message")) or _reason(failure.get("title"))
                curl = _curl(_inner(interaction, "request"), run.base_url)
                answer = _answer(_inner(interaction, "response"))
                found = _Failure(len(curl), curl, reason or str(failure.get("type", "")), answer)
                operation.fail(check, found)


def _error(run: Run, event: Mapping[str, Any]) -> None:
    value = _inner(event, "value")
    label, reason = str(event.get("label", "")), _reason(value.get("message"))
    if event.get("related_to_operation") and _NO_ANSWER.search(str(value.get("type", ""))):
        operation = run.operations.setdefault(label, _Operation(label))
        why = "timed out" if "timed out" in reason.lower() else "closed the connection"
        operation.fail(_SERVER_ERROR, _Failure(-1, "", f"the service gave no answer: it {why}", ""))
    else:
        run.errors.append(plain(f"{label}: {reason}" if label else reason, 500))


def _reason(message: object) -> str:
    """schemathesis' own words on one line; of a long text the part that names the defect."""
    text = "" if message is None else str(message)
    first = (text.partition("Error details:")[2] or text).strip().partition("\n\n")[0]
    reason = "; ".join(filter(None, map(str.strip, first.splitlines())))
    place = _SCHEMA_AT.search(text)
    return plain(f"{reason} (by the schema at {place[1]})" if place else reason, 500)


def _answer(response: Mapping[str, Any]) -> str:
    status = response.get("status_code")
    if status is None:
        return ""
    body = " ".join(_text(response.get("content")).split())
    excerpt = f"{body[:_EXCERPT]}…" if len(body) > _EXCERPT else body
    return f" (the service answered {status}{f': {excerpt}' if excerpt else ''})"


def _curl(request: Mapping[str, Any], base_url: str) -> str:
    """The request as a command. The port differs from run to run, and is left to the reader."""
    if not request:
        return ""
    words = ["curl", "-X", shlex.quote(str(request.get("method", "GET")))]
    for name, value in _inner(request, "headers").items():
        for one in value if isinstance(value, list) else [value]:
            words += ["-H", shlex.quote(f"{name}: {one}")]
    body = _text(request.get("body"))
    if body:
        words += ["-d", shlex.quote(body)]
    address = str(request.get("uri", ""))
    if address.startswith(base_url):
        return " ".join([*words, "$BASE_URL" + shlex.quote(address[len(base_url) :] or "/")])
    return " ".join([*words, shlex.quote(address)])


def _text(content: object) -> str:
    encoded = content.get("$base64") if isinstance(content, dict) else None
    if not isinstance(encoded, str):
        return ""
    try:
        return base64.b64decode(encoded[: 4 * MESSAGE]).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
