"""A service that comes to its end while its tests run."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_gate.config_contract import ContractConfig, RunnerConfig, ServiceConfig
from ci_gate.contract.run import run_contract
from ci_gate.contract.service.plan import Plan
from ci_gate.contract.service.process import ProcessService
from support.change import CONFIG, SERVICE, git, judge, write
from support.trees import MemoryTree

DIES = SERVICE.replace('"id": item_id, "done": False', '"id": item_id, "done": end()').replace(
    "def load", "def end():\n    os._exit(3)\n\n\ndef load"
)


def test_a_request_that_ends_the_service_is_named(flask_project: Path) -> None:
    card = judge(flask_project, {"service.py": DIES})
    assert card.exit_code == 1
    assert card.reasons[0] == (
        "The service ended with 3 while answering GET /items/{item_id}. "
        "1 of the contract's 2 assertions fails."
    )


REPORTS = """\
import json, os, urllib.request
for path in ("/items", "/items/7"):
    urllib.request.urlopen(os.environ["CI_GATE_BASE_URL"] + path)
tests = [{"name": "GET " + path, "status": "passed"} for path in ("/items", "/items/7")]
open("report.json", "w").write(json.dumps({"results": {"tests": tests}}))
"""
COMMAND = CONFIG.replace(
    "  runner: pytest\n  tests: checks\n",
    "  runner: command\n  command: python checks/run.py\n  report: report.json\n",
)


@pytest.fixture
def with_command(flask_project: Path) -> Path:
    git(flask_project, "switch", "-q", "main")
    write(flask_project, {".ci-gate.yml": COMMAND, "checks/run.py": REPORTS})
    git(flask_project, "add", "-A")
    git(flask_project, "commit", "-qm", "tests")
    git(flask_project, "switch", "-q", "-C", "change")
    return flask_project


def test_tests_that_wrote_no_report_fail_with_the_service(with_command: Path) -> None:
    crash = (
        "import threading, traceback, sys\n\n\ndef end():\n    try:\n"
        "        {}['audit']\n    except KeyError:\n        traceback.print_exc()\n"
        "        sys.stderr.flush()\n        os._exit(1)\n\n\ndef load"
    )
    card = judge(with_command, {"service.py": DIES.replace("def load", crash, 1)})
    assert card.exit_code == 1
    assert card.reasons[0].startswith(
        "The service ended with 1 while answering GET /items/{item_id}: KeyError: 'audit' ("
    )
    assert card.reasons[0].endswith("). 2 of the contract's 2 assertions fail.")
    assert not any("contract.report" in reason for reason in card.reasons)
    assert card.levels[0].counted == 0


def test_without_a_base_that_tells_more_the_end_of_the_service_is_said(with_command: Path) -> None:
    git(with_command, "switch", "-q", "main")
    write(with_command, {"service.py": DIES})
    git(with_command, "commit", "-qam", "dies")
    git(with_command, "switch", "-q", "-C", "change")
    card = judge(with_command)
    assert card.exit_code == 3
    assert "the service ended with 3 while its tests ran" in card.reasons[0]
    assert "contract.report" not in card.reasons[0]


def test_a_service_that_dies_once_is_flaky(
    flask_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class DyingFirst(ProcessService):
        def __init__(self, root: Path, home: Path, plan: Plan) -> None:
            if not started:
                (root / "dies").touch()
            started.append(root)
            super().__init__(root, home, plan)

    monkeypatch.setattr("ci_gate.contract.run.ProcessService", DyingFirst)
    tree = MemoryTree(
        {
            "service.py": DIES.replace("os._exit(3)", "os.path.exists('dies') and os._exit(3)"),
            "checks/test_api.py": (flask_project / "checks/test_api.py").read_text(),
        }
    )
    chosen = ContractConfig(
        (RunnerConfig("pytest", "checks"),), ServiceConfig(command=("python3", "service.py"))
    )
    result = run_contract(tree, chosen)
    assert (result.died, result.passed, result.failed) == (None, 2, 0)
    assert any("when they ran once more it did not" in note for note in result.notes)
