"""Rules in processes of their own: the same findings, in the same order, and no lost failure."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from ci_gate import parallel
from ci_gate.config import Config
from ci_gate.findings import Finding, Position, Severity
from ci_gate.parallel import Beside, WorkerDied, shared
from ci_gate.repository import WorkTree
from ci_gate.rules import run as running
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.run import run_rules
from ci_gate.scan import Options, scan
from ci_gate.signals import Signals


def _rule(name: str, body: object) -> type[Rule]:
    group = name.partition("/")[0]
    return type(name, (Rule,), {"id": name, "group": group, "check": body, "__doc__": "A rule."})


def _finding(rule: str, path: str) -> Finding:
    place = Position(1)
    return Finding(rule, rule.partition("/")[0], Severity.ERROR, path, place, place,
                   "message", "why", "fix", "subject")  # fmt: skip


def _says(name: str) -> type[Rule]:
    def check(_self: Rule, facts: Facts) -> Iterator[Finding]:
        for path in facts.model.modules:
            yield _finding(name, path)

    return _rule(name, check)


def _dies(_self: Rule, _facts: Facts) -> Iterator[Finding]:
    os.kill(os.getpid(), 9)
    return iter(())


def _fails(_self: Rule, _facts: Facts) -> Iterator[Finding]:
    raise KeyError("a defect of the rule")


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    from ci_gate.architecture.infer import infer
    from ci_gate.codemodel.build import build
    from ci_gate.codemodel.dataaccess import DataAccess
    from ci_gate.stack.detect import detect

    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("x = 1\n")
    model = build(WorkTree(tmp_path))
    stack, access = detect(model.tree, model), DataAccess(model)
    return Facts(model, stack, infer(model, stack, Config(), access), access, Config())


def _quiet(_stage: str, _done: int, _total: int | None) -> None:
    pass


NAMES = ("orm/b", "query/a", "layering/z", "contract/y", "startup/x", "framework/w")


@pytest.mark.parametrize("jobs", [1, 2, 4, 20])
def test_findings_come_in_the_order_of_the_rules(
    facts: Facts, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [_says(name) for name in NAMES]
    alone = run_rules(facts, rules, 1, _quiet)
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    assert run_rules(facts, rules, jobs, _quiet) == alone
    assert [finding.rule for finding in alone[0]] == [name for name in NAMES for _ in range(2)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_dies_is_an_error_for_each_rule_without_a_result(
    facts: Facts, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    rules = [_says("orm/a"), _rule("framework/dies", _dies), _says("framework/z")]
    found, errors = run_rules(facts, rules, jobs, _quiet)
    assert [finding.rule for finding in found] == ["orm/a"] * 2
    assert errors == [
        "2 rules (framework/dies, framework/z) did not run: signal 9 ended the process; it may "
        "have run out of memory"
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_longest_rule_takes_no_other_with_it(
    facts: Facts, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    monkeypatch.setattr(Facts, "flows", SimpleNamespace(runs=["a run"]))
    before, heavy, after = _says("orm/a"), _says("orm/heavy"), _says("orm/z")
    for rule in (before, heavy, after):
        rule.follows = True
    heavy.heavy = True
    found, errors = run_rules(facts, [before, heavy, after], jobs, _quiet)
    assert [finding.rule for finding in found] == [
        rule for rule in ("orm/a", "orm/heavy", "orm/z") for _ in range(2)
    ]
    assert not errors
    heavy.check = _dies  # type: ignore[method-assign]
    found, [error] = run_rules(facts, [before, heavy, after], jobs, _quiet)
    assert [finding.rule for finding in found] == ["orm/a"] * 2 + ["orm/z"] * 2
    assert error.startswith("rule orm/heavy did not run: signal 9 ended the process")


def test_a_rule_that_fails_does_not_hide_what_others_found(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [_says("orm/a"), _rule("orm/fails", _fails), _says("orm/z")]
    alone = run_rules(facts, rules, 1, _quiet)
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    found, errors = run_rules(facts, rules, 2, _quiet)
    assert [finding.rule for finding in found] == ["orm/a"] * 2 + ["orm/z"] * 2
    assert errors == ["rule orm/fails failed: KeyError: 'a defect of the rule'"]
    assert (found, errors) == alone


def test_where_there_is_no_fork_the_rules_run_here(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    monkeypatch.setattr(running, "can_fork", lambda: False)
    monkeypatch.delattr(os, "fork")
    assert len(run_rules(facts, [_says("orm/a")], 4, _quiet)[0]) == 2


def test_a_dead_process_makes_the_verdict_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ci_gate.rules.startup.syntax_error import SyntaxError_ as rule

    monkeypatch.setattr(running, "_MIN_FILES", 1)
    monkeypatch.setattr(rule, "check", _dies)
    (tmp_path / "requirements.txt").write_text("flask\n")
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    scorecard = scan(Options(tmp_path, Config(select=("startup",))))
    assert scorecard.verdict == "incomplete"


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", _no_process)
    with Beside(lambda: 1) as process, pytest.raises(WorkerDied, match="temporarily unavailable"):
        process.result()


def test_rules_whose_process_cannot_be_started_are_told(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_MIN_FILES", 1)
    monkeypatch.setattr(os, "fork", _no_process)
    rules = [_says(name) for name in (*NAMES, "startup/y")]
    assert run_rules(facts, rules, 2, _quiet) == ([], [
        "7 rules (orm/b, query/a, layering/z and 4 more) did not run: no process could be started: "
        "Resource temporarily unavailable"
    ])  # fmt: skip


def test_work_that_raises_is_told() -> None:
    with Beside(lambda: 1 // 0) as process, pytest.raises(WorkerDied):
        process.result()


def test_a_result_larger_than_a_pipe_comes_whole() -> None:
    with Beside(lambda: b"x" * 3_000_000) as process:
        assert len(process.result()) == 3_000_000


# --- work that is shared out ---


def _all(
    there: Callable[[int], int], count: int = 40, here: Callable[[int], int] = lambda item: item
) -> list[int]:
    return sorted(shared(here, there, lambda _, sent: sent, count, 3))


def test_each_item_is_done_once_by_one_process_or_another(tmp_path: Path) -> None:
    def there(item: int) -> int:
        (tmp_path / "helped").touch()
        return item

    def here(item: int) -> int:
        while not (tmp_path / "helped").exists():
            time.sleep(0.01)
        return item

    assert _all(there, here=here) == list(range(40))


def test_what_others_send_comes_whole() -> None:
    sizes = shared(lambda _: 3_000_000, lambda _: b"x" * 3_000_000, lambda _, x: len(x), 6, 3)
    assert list(sizes) == [3_000_000] * 6


def test_items_of_a_process_that_dies_are_done_here() -> None:
    def killed(item: int) -> int:
        if item % 3 == 0:
            os.kill(os.getpid(), 9)
        return item

    assert _all(killed) == list(range(40))
    assert _all(lambda item: item // 0) == list(range(40))


def test_where_there_can_be_no_other_process_all_items_are_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "fork", _no_process)
    assert _all(lambda item: -item) == list(range(40))


def test_nothing_is_left_running_when_the_caller_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    original = os.fork

    def fork() -> int:
        started.append(original())
        return started[-1]

    monkeypatch.setattr(os, "fork", fork)
    results = shared(lambda _: 0, lambda _: _busy(), lambda _, sent: sent, 40, 3)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert len(started) == 2
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def _busy() -> NoReturn:
    while True:  # not one long call: an interrupt just before it would not be seen
        time.sleep(0.01)


def _no_process() -> int:
    raise BlockingIOError(11, "Resource temporarily unavailable")


# --- work beside ---


def test_work_beside_gives_its_result_and_tells_of_its_death() -> None:
    with Beside(lambda: "done") as process:
        assert process.result() == "done"
    with Beside(lambda: os.kill(os.getpid(), 9)) as process, pytest.raises(WorkerDied):
        process.result()


def test_work_beside_that_is_not_waited_for_puts_its_things_away(tmp_path: Path) -> None:
    def work() -> None:
        try:
            (tmp_path / "begun").touch()
            time.sleep(60)
        finally:
            (tmp_path / "begun").unlink()

    with Beside(work):
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
    assert not (tmp_path / "begun").exists()


def test_an_interrupt_while_it_is_started_leaves_nothing_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []
    fork, mask = os.fork, signal.pthread_sigmask

    def forked() -> int:
        started.append(fork())
        return started[-1]

    def interrupted(how: int, numbers: Iterable[int]) -> set[int | signal.Signals]:
        before = mask(how, numbers)
        if how == signal.SIG_SETMASK and started[-1] > 0:
            raise KeyboardInterrupt
        return before

    monkeypatch.setattr(os, "fork", forked)
    monkeypatch.setattr(signal, "pthread_sigmask", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Beside(lambda: time.sleep(60))
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


_WAITS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have it ignored in the background
from ci_gate.rules import run
from ci_gate.rules.startup.syntax_error import SyntaxError_ as rule

def check(self, facts):
    os.write(1, b"x")
    signal.pause()
    return ()

run._MIN_FILES = 1
rule.check = check
from ci_gate.cli import program

sys.argv = ["ci-gate", "scan", ".", "--select", "startup", "--no-cache"]
program()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_scan_that_is_told_to_end_ends_what_it_started(
    tmp_path: Path, number: int, code: int
) -> None:
    (tmp_path / "app.py").write_text("x = 1\n")
    with subprocess.Popen(
        [sys.executable, "-c", _WAITS], cwd=tmp_path, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x"
        process.send_signal(number)
        try:
            process.communicate(timeout=60)  # ends when no process has the pipe any more
        finally:
            process.kill()
        assert process.returncode == code


def test_macos_does_not_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel.sys, "platform", "darwin")
    assert not parallel.can_fork()


def test_what_a_process_has_started_ends_with_it() -> None:
    reading, writing = os.pipe()

    def waiting() -> None:
        os.write(writing, b"x")
        _busy()

    def work() -> None:
        with Beside(waiting) as beside:
            beside.result()

    with Beside(work):
        assert os.read(reading, 1) == b"x"
        os.close(writing)
    ready, _, _ = select.select([reading], [], [], 60)
    assert ready, "somebody still has the other end"
    assert os.read(reading, 1) == b""
    os.close(reading)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_drops_ends_the_next_wait() -> None:
    class Finalized:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            assert signal.getsignal(signal.SIGTERM)  # runs the handler, in here

    with pytest.raises(SystemExit) as raised, Signals():
        Finalized()
        with Beside(lambda: time.sleep(60)) as beside:
            beside.result()
    assert raised.value.code == 143
    with Beside(lambda: 1) as beside:
        assert beside.result() == 1
