"""Contract tests written for pytest, run by the project's own Python."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from ci_gate.contract.model import Assertion, RunnerResult
from ci_gate.contract.output import last_error, last_line
from ci_gate.contract.runners.execution import execute, settings
from ci_gate.contract.runners.files import objects
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.text import MESSAGE, NAME, duration, plain
from ci_gate.contract.service.failed_step import missing_library

_PLUGIN: Final = "ci_gate_pytest_plugin"
_REPORT_BYTES: Final = 32 * 1024 * 1024
#: pytest's exit codes after which the assertions are the whole story.
_ALL_RAN: Final = (0, 1)
_WHY: Final = {
    2: "pytest was interrupted, or the tests could not be collected",
    3: "pytest failed internally",
    4: "pytest was used wrongly",
    5: "pytest found no tests",
}


class PytestRunner:
    """Runs ``python -m pytest TESTS`` with the first Python that has pytest: of the checkout's
    virtual environments, of PATH, and the gate's own (in the Action's image there is no other)."""

    def run(self, job: Job) -> RunnerResult:
        home, config = job.home, job.config
        on_path = shutil.which("python") or shutil.which("python3")
        pythons = (*job.pythons, *((on_path,) if on_path else ()), sys.executable)
        python = next((item for item in pythons if _asked(item, job) == 0), None)
        if python is None:
            without = " nor for ".join(dict.fromkeys(pythons))
            return RunnerResult(
                missing=f"pytest is not installed for {without}; install it in a virtual "
                "environment .venv of the checkout, or put the Python that has it first on PATH"
            )
        plugin = resources.files("ci_gate.contract.runners").joinpath("pytest_plugin.py")
        (home / f"{_PLUGIN}.py").write_text(plugin.read_text("utf-8"), "utf-8")
        report = home / "assertions.jsonl"
        env = {
            **settings(job),
            "CI_GATE_BASE_URL": job.base_url,
            "CI_GATE_REPORT": str(report),
            "PYTHONPATH": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        options = ["-q", "-p", _PLUGIN, "-p", "no:cacheprovider"]
        outcome = execute([python, "-m", "pytest", *options, config.tests], job, env)
        seen = list(objects(report, _REPORT_BYTES))
        uncollected = [item for item in seen if item.get("collected") is False]
        lacking = [item for item in uncollected if _lacks_library(item, job.root)]
        made = [item for item in seen if item not in lacking]
        result = RunnerResult(list(_assertions(made)), outcome.error)
        if python in job.pythons:
            environment = Path(python).parent.parent.name
            result.notes.append(f"the pytest tests run with the virtual environment {environment}")
        if outcome.error is not None:
            return result
        if outcome.code not in _ALL_RAN:
            why = _WHY.get(outcome.code or 0, f"pytest ended with {outcome.code}")
            if uncollected:
                result.error = _not_collected((lacking or uncollected)[0], bool(lacking))
                return result
            result.error = f"{why}: {last_line(outcome.output)}"
        elif not result.assertions:
            result.error = f"no contract test ran (all skipped?): {last_line(outcome.output)}"
        elif not any("ended" in item for item in seen):
            result.error = (
                "pytest was ended by what it ran, before all tests had run "
                f"({len(result.assertions)} had): {last_line(outcome.output)}"
            )
        elif outcome.code and all(item.passed for item in result.assertions):
            result.error = f"pytest ended with {outcome.code}, but no test failed"
        return result


def _asked(python: str, job: Job) -> int | None:
    """Whether it has pytest, asked where no file of the tree has a say."""
    script = "import sys, importlib.util as u; sys.exit(not u.find_spec('pytest'))"
    return execute([python, "-I", "-c", script], job, {}, cwd=job.home).code


def _lacks_library(item: Mapping[str, Any], root: Path) -> bool:
    return missing_library(str(item.get("message")), root)


def _not_collected(item: Mapping[str, Any], lacking: bool) -> str:
    """The sentence on a test file that pytest could not read."""
    advice = (
        "; install what the contract tests need in the Python that runs them" if lacking else ""
    )
    name, said = plain(item.get("name"), NAME), plain(last_error(str(item.get("message"))), 300)
    return f"{name} could not be collected: {said}{advice}"


def _assertions(lines: Iterable[dict[str, Any]]) -> Iterator[Assertion]:
    for item in lines:
        try:
            endpoint = item["endpoint"]
            yield Assertion(
                name=plain(item["name"], NAME),
                endpoint=plain(endpoint, NAME) if isinstance(endpoint, str) else None,
                passed=item["passed"] is True,
                message=plain(item["message"], MESSAGE),
                seconds=duration(item["seconds"]),
            )
        except KeyError:
            continue
