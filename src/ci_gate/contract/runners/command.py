"""Contract tests run by any command that writes JUnit XML or CTRF JSON."""

from __future__ import annotations

from pathlib import Path

from ci_gate.contract.model import RunnerResult
from ci_gate.contract.output import last_line
from ci_gate.contract.runners.execution import Outcome, execute, settings
from ci_gate.contract.runners.files import matching
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.results import BadReport, Report, read_report
from ci_gate.contract.runners.text import plain


class CommandRunner:
    """Runs the command in the root of the tree, then reads the report that it wrote."""

    def run(self, job: Job) -> RunnerResult:
        config = job.config
        if not config.command or not config.report:
            key = "report" if config.command else "command"
            return RunnerResult(error=f"contract.{key} is not set; the runner command needs it")
        if not _inside(job.root, config.report):
            return RunnerResult(error=f"contract.report {config.report!r} leads out of the tree")
        for stale in matching(job.root, config.report):
            stale.unlink(missing_ok=True)
        command = [word.replace("{base_url}", job.base_url) for word in config.command]
        outcome = execute(command, job, {**settings(job), "CI_GATE_BASE_URL": job.base_url})
        if outcome.absent:
            name = plain(command[0], 200)
            return RunnerResult(
                missing=f"contract.command {name!r} is neither on PATH nor in the tree; install it "
                "where the contract tests run"
            )
        return _result(job, config.report, outcome)


def _result(job: Job, pattern: str, outcome: Outcome) -> RunnerResult:
    report, wrong = Report(), None
    try:
        found = matching(job.root, pattern)
        for path in found:
            part = read_report(path, path.relative_to(job.root).as_posix())
            report.assertions += part.assertions
            report.left_out += part.left_out
        if not found:
            wrong = f"the command did not write contract.report {pattern!r}"
            if outcome.code is not None:
                wrong = f"{wrong} (it ended with {outcome.code}: {last_line(outcome.output)})"
    except BadReport as error:
        wrong = str(error)
        report.assertions += error.seen.assertions
    result = RunnerResult(report.assertions, outcome.error or wrong)
    if result.error is None and not report.assertions:
        all_left = f"all {report.left_out} tests were skipped" if report.left_out else "no tests"
        result.error = f"contract.report {pattern!r} has no results: {all_left}"
    if result.error is None and outcome.code and all(item.passed for item in report.assertions):
        said = last_line(outcome.output)
        result.error = f"the command ended with {outcome.code}, but no test failed: {said}"
    return result


def _inside(root: Path, path: str) -> bool:
    return (root / path).resolve().is_relative_to(root.resolve())
