"""From findings to levels and verdict, on a small program put together by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ci_gate.architecture.model import Architecture
from ci_gate.codemodel.model import FunctionInfo, Route
from ci_gate.codemodel.syntax import Comment, Function, Module
from ci_gate.config import Config, SemgrepConfig
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.findings import Finding, Position, Related, Severity
from ci_gate.repository import Changes, Skipped
from ci_gate.rules.base import Facts
from ci_gate.scorecard.model import EngineRun, Scorecard, Verdict
from ci_gate.scorecard.score import score
from ci_gate.stack.model import Service, Stack

SOURCE = "\n".join(
    [
        "def list_orders():",
        "    return rows()",
        "def show_order():",
        "    return 1",
        "def rows():",
        "    return query()",
    ]
)
PATH = "app.py"


class Program:
    """A code model of three functions: ``list_orders`` calls ``rows``."""

    def __init__(self, path: str, source: str, comments: list[Comment]) -> None:
        module = Module((1, 1, 99, 1), path, "python", [], [], comments=comments)
        self.modules = {path: module}
        self.top = FunctionInfo(f"{path}::<module>", "<module>", module, module, None, None)
        self.starts: list[tuple[int, FunctionInfo]] = []
        for line, text in enumerate(source.split("\n"), 1):
            if text.lstrip().startswith("def "):
                name = text.split()[1].partition("(")[0]
                node = Function((line, 1, line + 1, 1), name, (line, 5, line, 9), [], [])
                info = FunctionInfo(f"{path}::{name}", name, node, module, None, None)
                self.starts.append((line, info))
        named = {info.name: info for _, info in self.starts}
        self.calls = {"list_orders": named["rows"]}
        self.routes = [
            Route("fastapi", "GET", route, (named[name],), path, (1, 1, 1, 1))
            for route, name in (("/orders", "list_orders"), ("/orders/{id}", "show_order"))
        ]
        self.import_edges: list[object] = []
        self.tests = ()
        self.skipped = (Skipped("big.py", "larger than 2 MiB"),)

    def enclosing(self, path: str, line: int) -> FunctionInfo | None:
        if path not in self.modules:
            return None
        return next((i for start, i in reversed(self.starts) if start <= line), self.top)

    def reachable(self, start):
        return frozenset({*start, *(self.calls[f.name] for f in start if f.name in self.calls)})


@dataclass
class Files:
    texts: dict[str, str]
    skipped: list = field(default_factory=list)

    def text(self, path: str) -> str:
        if path not in self.texts:
            raise FileNotFoundError(path)
        return self.texts[path]


@dataclass
class Judged:
    tree: Files
    facts: Facts
    findings: list[Finding]
    engines: list[EngineRun]


def side(findings=(), source=SOURCE, path=PATH, comments=(), **changes) -> Judged:
    facts = Facts(
        Program(path, source, list(comments)),  # type: ignore[arg-type]
        Stack([Service(".", frameworks=["fastapi"])]),
        Architecture("none", False, False, ()),
        None,  # type: ignore[arg-type]  no rule runs here
        Config(),
    )
    engines = changes.get("engines", [EngineRun("ast", "0", 0.1, 1, 3)])
    return Judged(Files({path: source}), facts, list(findings), engines)


def found(line=6, rule="query/n-plus-one", path=PATH, **changes) -> Finding:
    values = {"severity": Severity.ERROR, "subject": "s", **changes}
    return Finding(rule=rule, group=rule.partition("/")[0], path=path, start=Position(line, 5),
                   end=Position(line, 9), message="m", why="w", fix="f", **values)  # fmt: skip


def run(head: Judged, base: Judged | None = None, **options) -> Scorecard:
    return score(root=".", head=head, base=base, **options)


def counts(card: Scorecard) -> list[int]:
    return [level.counted for level in card.levels]


def test_clean_code_passes_with_every_endpoint_at_every_level() -> None:
    card = run(side())
    assert card.verdict is Verdict.PASS
    assert counts(card) == [2, 2, 2, 2]
    assert (card.decay.head, card.strict_share) == (0.0, 1.0)
    assert [s.path for s in card.skipped] == ["big.py"]


def test_a_finding_costs_the_endpoints_whose_code_reaches_it_from_its_level_on() -> None:
    card = run(side([found()]))
    assert card.findings[0].endpoints == ("GET /orders",)
    assert counts(card) == [2, 2, 1, 1]
    assert card.decay.head == -50.0
    assert card.strict_share == 0.0
    assert card.exit_code == 1


def test_a_repository_wide_finding_costs_all_endpoints() -> None:
    card = run(side([found(rule="database/wrong-engine", repository_wide=True)]))
    assert counts(card) == [2, 2, 0, 0]


def test_a_defect_that_two_engines_see_is_told_once() -> None:
    told = found(6, "orm/mistaken-result", related=(Related(PATH, 2, "the query"),))
    same, other = (found(line, "orm/row-as-entity", engine="semgrep") for line in (2, 4))
    card = run(side([told, same, other]))
    assert [(item.finding.rule, item.finding.start.line) for item in card.findings] == [
        ("orm/mistaken-result", 6),
        ("orm/row-as-entity", 4),
    ]


def test_a_warning_neither_blocks_nor_costs_a_level_until_the_threshold_says_so() -> None:
    warned = side([found(severity=Severity.WARNING)])
    assert (run(warned).verdict, counts(run(warned))) == (Verdict.PASS, [2, 2, 2, 2])
    strict = run(warned, config=Config(threshold=Severity.WARNING))
    assert (strict.verdict, counts(strict)) == (Verdict.BLOCKED, [2, 2, 1, 1])


def test_what_the_base_has_too_does_not_block() -> None:
    card = run(side([found()]), side([found()]))
    assert [f.status for f in card.findings] == ["existing"]
    assert card.verdict is Verdict.PASS
    assert (card.decay.head, card.decay.base, card.decay.delta) == (-50.0, -50.0, 0.0)


def test_moved_reindented_and_renamed_code_keeps_its_fingerprint() -> None:
    moved = SOURCE.replace("def rows", "\n\n\n# note\ndef rows").replace(
        "    return q", "\treturn  q"
    )
    line = moved.split("\n").index("\treturn  query()") + 1
    head = side([found(line, path="shop.py")], moved, "shop.py")
    changes = Changes("base", {"shop.py": frozenset({line})}, {"shop.py": PATH})
    card = run(head, side([found()]), changes=changes)
    assert [(f.status, f.changed) for f in card.findings] == [("existing", True)]


def test_a_second_copy_of_a_known_finding_is_new() -> None:
    twice = SOURCE + "\n    return query()"
    card = run(side([found(6), found(7)], twice), side([found(6)]))
    assert sorted(f.status for f in card.findings) == ["existing", "new"]
    assert card.verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("fail_on", "verdict"), [("new", "pass"), ("all", "blocked"), ("never", "pass")]
)
def test_fail_on_decides_about_existing_findings(fail_on, verdict) -> None:
    card = run(side([found()]), side([found()]), config=Config(fail_on=fail_on))
    assert card.verdict.value == verdict


def test_a_suppressed_finding_neither_blocks_nor_costs_a_level() -> None:
    note = Comment((6, 20, 6, 60), "ci-gate: ignore[query/n-plus-one] five rows", False)
    card = run(side([found()], comments=[note]))
    assert [(f.status, f.suppression_reason) for f in card.findings] == [
        ("suppressed", "five rows")
    ]
    assert card.verdict is Verdict.PASS
    assert counts(card) == [2, 2, 2, 2]


def test_a_suppression_that_the_change_adds_is_told_from_one_of_the_base() -> None:
    note = Comment((6, 20, 6, 60), "ci-gate: ignore[query/n-plus-one] five rows", False)
    head = side([found()], comments=[note])
    assert [f.silenced for f in run(head, side([found()])).findings] == [True]
    assert [f.silenced for f in run(head, side()).findings] == [True]
    assert [f.silenced for f in run(head, head).findings] == [False]
    assert [f.silenced for f in run(head).findings] == [False]


def test_notes_on_suppressions_never_block() -> None:
    note = Comment((2, 20, 2, 60), "ci-gate: ignore[query/n-plus-one] nothing here", False)
    config = Config(threshold=Severity.NOTE, fail_on="all")
    card = run(side(comments=[note]), config=config)
    assert [f.finding.rule for f in card.findings] == ["suppression/unused"]
    assert card.verdict is Verdict.PASS


def test_no_suppression_is_called_unused_where_an_engine_did_not_run() -> None:
    note = Comment((2, 20, 2, 60), "ci-gate: ignore[query/n-plus-one] nothing here", False)
    config = Config(semgrep=SemgrepConfig(enabled=False))
    assert not run(side(comments=[note]), config=config).findings


def test_assertions_are_the_units_where_tests_ran() -> None:
    contract = ContractResult(
        "pytest",
        [
            Assertion("list", "GET /orders?page=2", passed=True),
            Assertion("show", "GET /orders/7", passed=True),
            Assertion("through a proxy", "GET /api/v1/orders", passed=True),
            Assertion("no request", None, passed=True),
            Assertion("broken", "GET /orders/8", passed=False),
        ],
    )
    card = run(side([found()]), side(), contract=contract)
    assert [level.unit for level in card.levels] == ["assertion"] * 4
    assert counts(card) == [4, 4, 2, 2]
    assert card.base_levels is not None
    assert [level.share for level in card.base_levels] == [None] * 4  # they did not run there


@pytest.mark.parametrize(
    "options",
    [
        {"contract": ContractResult("pytest", error="the service did not start")},
        {"problems": ["the merge base is missing"]},
    ],
)
def test_what_could_not_be_judged_is_incomplete(options) -> None:
    assert run(side(), **options).exit_code == 3


def test_engine_errors_and_no_rules_are_incomplete_and_blocking_wins() -> None:
    failed = [EngineRun("semgrep", "1", 0.1, 0, 3, ("timed out",))]
    assert run(side(engines=failed)).verdict is Verdict.INCOMPLETE
    assert run(side(engines=[EngineRun("ast", "0", 0, 1, 0)])).reasons == ["No rule was run."]
    both = run(side([found()], engines=failed))
    assert both.exit_code == 1
    assert any("timed out" in reason for reason in both.reasons)


def test_no_backend_passes_only_when_allowed() -> None:
    head = side()
    head.facts.stack = Stack()
    assert run(head).verdict is Verdict.INCOMPLETE
    assert run(head, config=Config(allow_empty=True)).verdict is Verdict.PASS


def test_a_service_whose_routes_cannot_be_read_is_told_of() -> None:
    head = side()
    head.facts.model.routes = []
    card = run(head)
    assert card.verdict is Verdict.PASS
    assert card.reasons == ["Nothing found in the code. No route of the service could be read."]
