"""Failed assertions and the code behind them, on the small program of test_score."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_score import found, run, side

from ci_gate.config import Config
from ci_gate.config_contract import ContractConfig
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.scorecard.attribution import gone
from ci_gate.scorecard.model import Cause, Verdict

TRACE = """\
Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/flask/app.py", line 917, in full_dispatch_request
    rv = self.dispatch_request()
  File "/srv/app.py", line 2, in list_orders
    return rows()
  File "/srv/app.py", line 6, in rows
    return query()
  File "/srv/venv/lib/python3.11/site-packages/sqlalchemy/engine/base.py", line 1967, in _exec
    self.dialect.do_execute(
sqlalchemy.exc.OperationalError: no such column: favorites.username
"""


def result(*outcomes: tuple[str, str, bool], log: str = "") -> ContractResult:
    items = [Assertion(name, endpoint, passed) for name, endpoint, passed in outcomes]
    return ContractResult("pytest", items, log=log)


BROKEN = result(("list", "GET /orders?page=2", False), ("show", "GET /orders/7", True), log=TRACE)
WHOLE = result(("list", "GET /orders?page=1", True), ("show", "GET /orders/7", True))


def test_a_failed_assertion_blocks_and_names_endpoint_place_and_error() -> None:
    card = run(side(), contract=BROKEN)
    assert card.verdict is Verdict.BLOCKED
    assert card.reasons == [
        "1 of the contract's 2 assertions fails: GET /orders. First: sqlalchemy.exc."
        "OperationalError: no such column: favorites.username (app.py:6)."
    ]
    (failure,) = card.failures
    assert failure.endpoint == "GET /orders"
    error = "sqlalchemy.exc.OperationalError: no such column: favorites.username"
    assert failure.cause == Cause("app.py", 6, error)


def test_the_finding_at_the_place_is_the_reason_and_another_is_not() -> None:
    here, elsewhere = found(line=6), found(line=1, rule="orm/missing-commit", subject="other")
    (failure,) = run(side([here, elsewhere]), contract=BROKEN).failures
    assert [item.finding.rule for item in failure.findings] == ["query/n-plus-one"]


def test_without_a_trace_what_blocks_behind_the_endpoint_is_suspected() -> None:
    silent = result(("list", "GET /orders", False))
    (failure,) = run(side([found(line=6)]), contract=silent).failures
    assert failure.cause is None
    assert [item.finding.rule for item in failure.findings] == ["query/n-plus-one"]


def test_another_endpoints_trace_is_not_taken() -> None:
    other = result(("show", "GET /orders/7", False), log=TRACE)
    assert run(side(), contract=other).failures[0].cause is None


@pytest.mark.parametrize(
    ("base", "config", "verdict"),
    [
        (WHOLE, Config(), "blocked"),
        (BROKEN, Config(), "pass"),
        (BROKEN, Config(contract=ContractConfig(fail_on="all")), "blocked"),
        (BROKEN, Config(fail_on="all"), "blocked"),
        (WHOLE, Config(fail_on="never"), "pass"),
        (result(("show", "GET /orders/7", True)), Config(), "blocked"),
        (ContractResult("pytest", error="did not start"), Config(), "blocked"),
        (None, Config(), "blocked"),
    ],
)
def test_only_what_passes_on_the_base_blocks_unless_all_is_wanted(base, config, verdict) -> None:
    card = run(side(), side(), contract=BROKEN, base_contract=base, config=config)
    assert card.verdict.value == verdict


def test_the_base_is_scored_over_its_own_tests() -> None:
    card = run(side(), side(), contract=BROKEN, base_contract=WHOLE)
    assert [level.counted for level in card.levels] == [1, 1, 1, 1]
    assert card.base_levels is not None
    assert [level.counted for level in card.base_levels] == [2, 2, 2, 2]


def test_shares_and_decay_that_the_configuration_wants() -> None:
    findings = [found()]
    contract = ContractConfig(min_share={"L0": 90, "L2": 80}, max_decay=10)
    card = run(side(findings), side(findings), contract=WHOLE, config=Config(contract=contract))
    assert card.verdict is Verdict.BLOCKED
    assert card.reasons == [
        "L2 +database: 50 % of the assertions count, at least 80 % are wanted.",
        "50 points are lost from L0 to L3, at most 10 are allowed.",
    ]


def test_assertions_of_the_base_that_are_gone_are_named() -> None:
    assert gone(result(("show", "GET /orders/7", True)), WHOLE) == ["list"]
    assert gone(BROKEN, WHOLE) == []


def test_what_a_failed_answer_could_not_be_asked_is_not_gone() -> None:
    base = result(("status", "GET /orders", True), ("body", "GET /orders", True))
    assert gone(result(("status", "GET /orders", False)), base) == []
    assert gone(result(("status", "GET /orders", True)), base) == ["body"]


def test_what_lacks_a_variable_of_an_earlier_failure_comes_last_and_has_no_place() -> None:
    card = run(
        side(),
        contract=result(
            ("after", "GET /orders/{{id}}", False), ("list", "GET /orders", False), log=TRACE
        ),
    )
    assert [(f.assertion.name, f.cause is None) for f in card.failures] == [
        ("list", False), ("after", True),
    ]  # fmt: skip
