"""Contract tests written as Hurl files."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ci_gate.contract.model import Assertion, RunnerResult
from ci_gate.contract.output import last_line
from ci_gate.contract.runners.execution import execute, settings
from ci_gate.contract.runners.files import matching
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.text import MESSAGE, NAME, plain
from ci_gate.plainfile import open_file
from ci_gate.regex import regex

_MISSING: Final = (
    "hurl is not on PATH; install it: npm install --global @orangeopensource/hurl, brew install "
    "hurl, cargo install hurl, or a package of its releases"
)
_USUAL_NAME: Final = "base_url"
_REPORT_BYTES: Final = 32 * 1024 * 1024
_REQUEST_SHARE: Final = 10
_PARSE_ERROR: Final = 2  # hurl's exit code
_FAILED: Final = (0, 3, 4)  # ran: all well, a request or a query failed, an assert failed
_ERROR: Final = regex(
    r"^error: (?P<title>.+)\n\s+--> .+?:(?P<line>\d+):\d+\n(?P<frame>(?: *\d* *\|.*\n?)*)", re.M
)
_DETAIL: Final = regex(r"^ *\| *\^+ ?(.+)|^ *\|  +(\S.*)", re.M)


class HurlRunner:
    """Runs ``hurl --test`` on one file after the other, so that a time-out keeps what was seen. An
    assertion is one line of a file that asserts something."""

    def run(self, job: Job) -> RunnerResult:
        config = job.config
        files = _files(job.root, config.tests)
        if not files:
            return RunnerResult(error=f"contract.tests {config.tests!r} holds no .hurl files")
        program = shutil.which("hurl")
        if program is None:
            return RunnerResult(missing=_MISSING)
        result = RunnerResult()
        end = time.monotonic() + config.timeout
        for number, file in enumerate(files):
            report = job.home / f"report{number}"
            command = [program, *_options(job), "--report-json", str(report), file]
            left = max(0.0, end - time.monotonic())
            outcome = execute(command, job, {}, seconds=left, where=f", in {file!r}")
            if outcome.error is not None:
                result.error = outcome.error
                return result
            if outcome.code not in _FAILED:
                why = _problems(outcome.output).get(0) or last_line(outcome.output)
                what = "cannot be read" if outcome.code == _PARSE_ERROR else "cannot be run"
                result.error = f"{file} {what}: {why}"
                return result
            result.assertions += _assertions(job, file, report / "report.json", outcome.output)
        if not result.assertions:
            result.error = f"contract.tests {config.tests!r} asserts nothing: no line 'HTTP 200'"
        return result


def _files(root: Path, tests: str) -> list[str]:
    pattern = f"{tests.rstrip('/')}/**/*.hurl" if (root / tests).is_dir() else tests
    return [path.relative_to(root).as_posix() for path in matching(root, pattern)]


def _options(job: Job) -> list[str]:
    variables = settings(job)
    if not any("{base_url}" in value for value in job.config.variables.values()):
        variables.setdefault(_USUAL_NAME, job.base_url)
    patience = max(1, int(job.config.timeout / _REQUEST_SHARE))
    options = ["--test", "--jobs", "1", "--no-color", "--continue-on-error"]
    options += ["--max-time", str(patience)]
    for name, value in variables.items():
        options += ["--variable", f"{name}={value}"]
    return options


def _assertions(job: Job, file: str, report: Path, output: str) -> Iterator[Assertion]:
    problems = _problems(output)
    lines = _lines(job.root / file)
    entries = _entries(report)
    for place, entry in enumerate(entries):
        start = _number(entry.get("line"))
        after = _number(entries[place + 1].get("line")) if place + 1 < len(entries) else 10**9
        endpoint = _endpoint(entry, job.base_url)
        request = f"{file} / {_text(lines, start)}"
        asserted = _by_line(entry)
        seconds = _number(entry.get("time")) / 1000 / max(1, len(asserted))
        for line, failed in asserted.items():
            message = ""
            if failed is not None:
                message = (problems.get(line) or _brief(failed)) + _answer(entry, report)
            name = plain(f"{request} / {_text(lines, line)}", NAME)
            yield Assertion(name, endpoint, failed is None, plain(message, MESSAGE), seconds)
        for line, message in problems.items():
            if start <= line < after and line not in asserted:
                name = request if line == start else f"{request} / {_text(lines, line)}"
                yield Assertion(plain(name, NAME), endpoint, False, plain(message, MESSAGE))


def _by_line(entry: dict[str, Any]) -> dict[int, str | None]:
    """Each line that asserts (``HTTP/1.1 200`` asserts twice) to what failed there, if any did."""
    found: dict[int, str | None] = {}
    for item in _list(entry.get("asserts")):
        if isinstance(item, dict):
            failed = None if item.get("success") is True else str(item.get("message", ""))
            line = _number(item.get("line"))
            found[line] = found.get(line) if failed is None else failed
    return found


def _entries(report: Path) -> Sequence[dict[str, Any]]:
    """What was run, in order; of a request that was tried again the last try."""
    try:
        with open_file(report) as stream:
            document = json.loads(stream.read(_REPORT_BYTES))
    except (OSError, ValueError, RecursionError):
        return []
    last: dict[int, dict[str, Any]] = {}
    for run in _list(document):
        for entry in _list(run.get("entries") if isinstance(run, dict) else None):
            if isinstance(entry, dict):
                last[_number(entry.get("index"))] = entry
    return [last[index] for index in sorted(last)]


def _endpoint(entry: dict[str, Any], base_url: str) -> str | None:
    """Of the first request that went out (others follow redirects), if it went to the service."""
    for call in _list(entry.get("calls"))[:1]:
        request = call.get("request") if isinstance(call, dict) else None
        if isinstance(request, dict):
            try:
                url = urlsplit(str(request.get("url", "")))
                if url.port == urlsplit(base_url).port:
                    return plain(f"{request.get('method', 'GET')} {url.path or '/'}", NAME)
            except ValueError:
                continue
    return None


def _answer(entry: dict[str, Any], report: Path) -> str:
    for call in _list(entry.get("calls"))[-1:]:
        response = call.get("response") if isinstance(call, dict) else None
        if isinstance(response, dict):
            body = _body(report.parent, response.get("body"))
            status = response.get("status")
            return f" (the service answered {status}{f': {body}' if body else ''})"
    return ""


def _body(folder: Path, name: object) -> str:
    if not isinstance(name, str):
        return ""
    try:
        with open_file(folder / name) as stream:
            return plain(" ".join(stream.read(1200).decode("utf-8", "replace").split()), 300)
    except (OSError, ValueError):
        return ""


def _problems(output: str) -> dict[int, str]:
    """Line of the file to what hurl says of it; 0 for the first of all."""
    found: dict[int, str] = {}
    for match in _ERROR.finditer(output):
        text = _brief(match.group(0))
        found.setdefault(0, f"line {match['line']}: {text}")
        found.setdefault(int(match["line"]), text)
    return found


def _brief(message: str) -> str:
    """hurl's message without its picture of the file."""
    match = _ERROR.search(message)
    if match is None:
        return plain(message)
    details = [a or b for a, b in _DETAIL.findall(match["frame"])]
    shown = [" ".join(text.split()) for text in details if not text.startswith("...")]
    return plain(f"{match['title']}: {'; '.join(shown)}" if shown else match["title"])


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _text(lines: Sequence[str], number: int) -> str:
    return lines[number - 1].strip() if 0 < number <= len(lines) else f"line {number}"


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
