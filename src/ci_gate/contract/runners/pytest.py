"""Contract tests written for pytest, run by the project's own Python."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final

from ci_gate.contract.model import Assertion, RunnerResult
from ci_gate.contract.processes import Program, environment
from ci_gate.contract.runners.interface import Job

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
    """Runs ``python -m pytest TESTS`` with the ``python`` on PATH."""

    def run(self, job: Job) -> RunnerResult:
        root, home, config = job.root, job.home, job.config
        plugin = resources.files("ci_gate.contract.runners").joinpath("pytest_plugin.py")
        (home / f"{_PLUGIN}.py").write_text(plugin.read_text("utf-8"), "utf-8")
        report = home / "assertions.jsonl"
        env = environment(
            home,
            {
                **{k: v.replace("{base_url}", job.base_url) for k, v in config.variables.items()},
                "CI_GATE_BASE_URL": job.base_url,
                "CI_GATE_REPORT": str(report),
                "PYTHONPATH": str(home),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
        python = shutil.which("python") or shutil.which("python3") or sys.executable
        command = [
            python,
            "-m",
            "pytest",
            "-q",
            "-p",
            _PLUGIN,
            "-p",
            "no:cacheprovider",
            config.tests,
        ]
        result = RunnerResult()
        try:
            program = Program(command, root, env)
        except OSError as error:
            result.error = f"cannot run {python}: {error.strerror or error}"
            return result
        try:
            code = program.wait(config.timeout)
        finally:
            program.stop()
        result.assertions = list(_assertions(report))
        if code is None:
            result.error = f"the contract tests took more than {config.timeout:g} s and were ended"
        elif "No module named pytest" in program.output:
            result.missing = f"{python} has no pytest; install it where the contract tests run"
        elif code not in _ALL_RAN:
            result.error = f"{_WHY.get(code, f'pytest ended with {code}')}: {_end(program.output)}"
        elif not result.assertions:
            result.error = f"no contract test ran (all skipped?): {_end(program.output)}"
        return result


def _assertions(report: Path) -> Iterator[Assertion]:
    """What the plugin wrote. The tests are untrusted: a line that is not ours is left out."""
    try:
        with report.open("rb") as stream:
            lines = stream.read(_REPORT_BYTES).splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            item = json.loads(line)
            endpoint = item["endpoint"]
            yield Assertion(
                name=str(item["name"]),
                endpoint=endpoint if isinstance(endpoint, str) else None,
                passed=item["passed"] is True,
                message=str(item["message"]),
                seconds=float(item["seconds"]),
            )
        except (ValueError, KeyError, TypeError):
            continue


def _end(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it printed nothing"
