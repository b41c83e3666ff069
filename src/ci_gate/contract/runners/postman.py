"""Contract tests written as a Postman collection, run by newman."""

from __future__ import annotations

import json
from dataclasses import field
from importlib import resources
from pathlib import Path
from typing import Any, Final

from ci_gate.contract.model import Assertion, RunnerResult
from ci_gate.contract.output import last_line
from ci_gate.contract.runners.execution import execute, settings
from ci_gate.contract.runners.files import objects
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.newman import find_newman
from ci_gate.contract.runners.text import MESSAGE, NAME, duration, plain
from ci_gate.data import dataclass
from ci_gate.plainfile import open_file

_REPORTER: Final = "newman-reporter-ci-gate"
_TESTS_BYTES: Final = 32 * 1024 * 1024
_REPORT_BYTES: Final = 33 * 1024 * 1024  # the reporter stops a little earlier
#: A request that hangs for so long fails, so that it is named instead of the run's time-out.
_REQUEST_SHARE: Final = 10
#: What the address is called where the configuration gives it no name.
_USUAL_NAMES: Final = ("baseUrl", "base_url")


class PostmanRunner:
    """Runs ``newman run COLLECTION``: the same assertions with the same results as newman's own."""

    def run(self, job: Job) -> RunnerResult:
        config = job.config
        try:
            collection = _read(job.root / config.tests, f"contract.tests {config.tests!r}")
            if not any(isinstance(_inside(collection).get(key), list) for key in _PARTS):
                raise _Unreadable(f"contract.tests {config.tests!r} is no Postman collection")
            chosen = None
            if config.environment:
                label = f"contract.environment {config.environment!r}"
                chosen = _read(job.root / config.environment, label)
        except _Unreadable as wrong:
            return RunnerResult(error=str(wrong))
        newman = find_newman(job.home)
        if newman.command is None:
            return RunnerResult(missing=newman.missing)

        variables = _variables(job)
        command = [newman.command, "run", _placed(job, "collection", collection, variables)]
        if chosen is not None:
            command += ["--environment", _placed(job, "environment", chosen, variables)]
        globals_file = job.home / "globals.json"
        values = [{"key": k, "value": v, "enabled": True} for k, v in variables.items()]
        globals_file.write_text(json.dumps({"name": "ci-gate", "values": values}), "utf-8")
        slowest = max(1, int(config.timeout * 1000 / _REQUEST_SHARE))
        command += ["--globals", str(globals_file), "--timeout-request", str(slowest)]
        command += ["--reporters", "ci-gate", "--color", "off", "--disable-unicode"]

        command += ["--working-dir", str(job.root)]  # what requests send is found from there

        modules = job.home / "node_modules"
        reporter = modules / _REPORTER
        reporter.mkdir(parents=True)
        source = resources.files("ci_gate.contract.runners").joinpath("postman_reporter.js")
        (reporter / "index.js").write_bytes(source.read_bytes())
        report = job.home / "results.jsonl"
        env = {
            "CI_GATE_BASE_URL": job.base_url,
            "CI_GATE_REPORT": str(report),
            "NODE_PATH": str(modules),
        }
        # newman reads `.newmanrc` where it runs; that of the tree is to have no say.
        outcome = execute(command, job, env, cwd=job.home)
        seen = _report(report)
        error = outcome.error
        if error is not None and seen.turn is not None:
            error = f"{error}, in {seen.turn!r}"
        elif error is None:
            error = _incomplete(seen, outcome.output)
        return RunnerResult(seen.assertions, error)


class _Unreadable(Exception):
    """A file that is not what the configuration says it is."""


_PARTS: Final = ("item", "requests")  # of format 2, of format 1


def _read(path: Path, label: str) -> dict[str, Any]:
    try:
        with open_file(path.resolve()) as stream:
            data = stream.read(_TESTS_BYTES + 1)
    except OSError as error:
        raise _Unreadable(f"{label} cannot be read: {error.strerror or error}") from None
    if len(data) > _TESTS_BYTES:
        raise _Unreadable(f"{label} is larger than {_TESTS_BYTES // 1024**2} MB")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _Unreadable(f"{label} is not valid JSON ({where}: {error.msg})") from None
    except UnicodeDecodeError:
        raise _Unreadable(f"{label} is not text in UTF-8") from None
    except RecursionError:
        raise _Unreadable(f"{label} is nested too deeply") from None
    if not isinstance(found, dict):
        raise _Unreadable(f"{label} is not a JSON object")
    return found


def _inside(collection: dict[str, Any]) -> dict[str, Any]:
    """Postman's interface wraps a collection in one more object."""
    wrapped = collection.get("collection")
    return wrapped if isinstance(wrapped, dict) else collection


def _variables(job: Job) -> dict[str, str]:
    given = settings(job)
    if not any("{base_url}" in value for value in job.config.variables.values()):
        given = {**dict.fromkeys(_USUAL_NAMES, job.base_url), **given}
    return given


def _placed(job: Job, kind: str, document: dict[str, Any], variables: dict[str, str]) -> str:
    """The file for newman. A variable that it gives a value of its own (it would win over a global
    one) has the configured value in a copy."""
    key = "variable" if kind == "collection" else "values"
    inner = _inside(document) if kind == "collection" else document
    own = inner.get(key)
    entries = [item for item in own if isinstance(item, dict)] if isinstance(own, list) else []
    overridden = [e for e in entries if _name(e) in variables]
    if not overridden:
        path = job.config.tests if kind == "collection" else job.config.environment
        return str(job.root / str(path))
    for entry in overridden:
        entry["value"] = variables[_name(entry)]
    copy = job.home / f"{kind}.json"
    copy.write_text(json.dumps(document), "utf-8")
    return str(copy)


def _name(variable: dict[str, Any]) -> str:
    return str(variable.get("key", variable.get("id")))


@dataclass(slots=True)
class _Seen:
    """What the reporter told. ``turn`` is the request that was running last; ``ended`` is set when
    the run came to its end, ``error`` to what stopped it."""

    assertions: list[Assertion] = field(default_factory=list)
    turn: str | None = None
    ended: bool = False
    error: str | None = None


def _report(path: Path) -> _Seen:
    seen = _Seen()
    for item in objects(path, _REPORT_BYTES):
        if "done" in item:
            seen.ended = True
            seen.error = None if item["done"] is None else plain(item["done"])
        elif "item" in item:
            seen.turn = plain(item["item"], NAME)
        elif "passed" in item:
            endpoint, seconds = item.get("endpoint"), item.get("seconds")
            seen.assertions.append(
                Assertion(
                    name=plain(item.get("name"), NAME),
                    endpoint=plain(endpoint, NAME) if isinstance(endpoint, str) else None,
                    passed=item["passed"] is True,
                    message=plain(item.get("message", ""), MESSAGE),
                    seconds=duration(seconds),
                )
            )
    return seen


def _incomplete(seen: _Seen, output: str) -> str | None:
    """Why the assertions are not the whole story, if they are not."""
    if not seen.ended:
        where = f" in {seen.turn!r}" if seen.turn is not None else ""
        return f"newman did not run the collection to its end{where}: {last_line(output)}"
    if seen.error is not None:
        return f"newman ended the collection early: {seen.error}"
    if seen.turn is None:
        return "the collection has no requests"
    if not seen.assertions:
        return "the collection has no tests: no pm.test(...) ran"
    if not any(item.endpoint for item in seen.assertions):
        return (
            "no request of the collection went to the service; name the variable that holds its "
            "address, such as contract.variables: {baseUrl: '{base_url}'}"
        )
    return None
