"""Tests generated from the contract's OpenAPI description, by schemathesis."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

from ci_gate.contract.model import RunnerResult
from ci_gate.contract.output import last_line
from ci_gate.contract.runners.description import Unreadable, base_path, documents, labels, read
from ci_gate.contract.runners.execution import execute, settings
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.schemathesis_report import CHECKS, Run, read_report

_MISSING: Final = (
    "schemathesis, which tests a service against its OpenAPI description, is not installed; "
    "install it: pip install 'constraint-gate[openapi]', in a checkout of the gate pip install "
    "'.[openapi]'"
)
#: An answer that takes longer is none.
_REQUEST_SECONDS: Final = 10.0
_NOT_FOUND: Final = 404
_KNOWS_NONE: Final = (
    "the service knows none of the operations: it answered 404 to every request; if they lie below "
    "a path, name it: contract.variables: {base_url: '{base_url}/api'}"
)
_ADDRESS: Final = "base_url"
#: schemathesis's exit codes after which the assertions are the whole story.
_ALL_RAN: Final = (0, 1)


class OpenApiRunner:
    """Runs schemathesis as a program of its own, in an empty directory: neither its settings nor
    its hooks come from the tree. One worker, one seed and no memory of earlier runs make the same
    requests each time.

    The variables are headers of each request, but for ``base_url``: where the description's paths
    begin, if it names no server."""

    def run(self, job: Job) -> RunnerResult:
        config = job.config
        label = f"contract.tests {config.tests!r}"
        try:
            document = read(job.root / config.tests, label)
        except Unreadable as wrong:
            return RunnerResult(error=str(wrong))
        listed = labels(document)
        if "paths" in document and not listed:
            return RunnerResult(error=f"{label} describes no operation")
        program = _schemathesis()
        if program is None:
            return RunnerResult(missing=_MISSING)
        prefix = _prefix(job, document)
        report = job.home / "report.ndjson"
        outcome = execute([*program, *_options(job, prefix, str(report))], job, {}, cwd=job.home)
        seen = read_report(report, prefix, job.base_url)
        error = outcome.error or _incomplete(seen, label, outcome.code, outcome.output)
        result = RunnerResult(seen.assertions(listed), error)
        if error is None and seen.statuses == {_NOT_FOUND}:
            if not documents(document, _NOT_FOUND):
                result.error = _KNOWS_NONE
            else:
                result.notes.append("the openapi tests were answered with 404, which is documented")
        return result


def _prefix(job: Job, document: Mapping[str, Any]) -> str:
    """The path below which the description's own paths lie."""
    given = settings(job).get(_ADDRESS)
    if given is None:
        return base_path(document)
    return given.removeprefix(job.base_url).rstrip("/")


def _schemathesis() -> Sequence[str] | None:
    """The one that was installed with the gate, else the one on PATH."""
    if find_spec("schemathesis") is not None:
        return (sys.executable, "-P", "-m", "schemathesis.cli")
    found = shutil.which("schemathesis")
    return None if found is None else (found,)


def _options(job: Job, prefix: str, report: str) -> list[str]:
    config = job.config
    settings_file = job.home / "settings.toml"
    settings_file.write_text("", "utf-8")
    patience = min(_REQUEST_SECONDS, config.timeout / 10)
    options: Mapping[str, object] = {
        "--url": job.base_url + prefix,
        "--checks": ",".join(CHECKS),
        "--phases": "examples,fuzzing",
        "--max-examples": config.examples,
        "--seed": config.seed,
        "--workers": 1,
        "--generation-database": "none",
        "--request-timeout": f"{patience:g}",
        "--suppress-health-check": "all",  # they go by the clock
        "--warnings": "off",
        "--report": "ndjson",
        "--report-ndjson-path": report,
    }
    words: list[str] = ["--config-file", str(settings_file), "run", str(job.root / config.tests)]
    for name, value in options.items():
        words += [name, str(value)]
    for name, text in settings(job).items():
        if name != _ADDRESS:
            words += ["--header", f"{name}: {text}"]
    return [*words, "--continue-on-failure", "--no-color"]


def _incomplete(seen: Run, label: str, code: int | None, output: str) -> str | None:
    """Why the assertions are not the whole story, if they are not."""
    if seen.fatal is not None:
        return f"{label} cannot be tested: {seen.fatal}"
    if seen.errors:
        return f"{label} cannot be tested throughout: {seen.errors[0]}"
    if not seen.ended or code not in _ALL_RAN:
        return f"schemathesis ended with {code}: {last_line(output)}"
    if not seen.operations:
        return f"{label} describes no operation that could be tested"
    return None
