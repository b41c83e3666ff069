"""A realistic scorecard made by hand: a shop service whose pull request breaks two levels."""

from __future__ import annotations

from ci_gate.codemodel.model import Route
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.findings import LEVEL_NAMES, Finding, Position, Related, Severity
from ci_gate.reports.interface import Context, TrendPoint
from ci_gate.repository import Skipped
from ci_gate.scorecard.model import (
    ArchitectureSummary,
    Cause,
    Decay,
    EngineRun,
    FailedAssertion,
    JudgedFinding,
    LayerEdge,
    LevelScore,
    Scorecard,
    Verdict,
)
from ci_gate.stack.model import Evidence, Service, Stack

ORDERS = [
    "from shop.models import Order",
    "from shop.routes.auth import current_user",
    "",
    "",
    "def list_orders(session):",
    "    orders = session.scalars(select(Order)).all()",
    "    for order in orders:",
    "        order.customer = session.get(Customer, order.customer_id)",
    "    return orders",
]


def finding(rule: str = "layering/upward-import", **changes: object) -> Finding:
    values: dict[str, object] = {
        "rule": rule,
        "group": rule.partition("/")[0],
        "severity": Severity.ERROR,
        "path": "shop/services/orders.py",
        "start": Position(2, 1),
        "end": Position(2, 42),
        "message": "`shop/services/orders.py` (service) imports `shop/routes/auth.py` (routes).",
        "why": "The service can no longer be used or tested without the web layer.",
        "fix": "Pass the current user in as an argument of `list_orders`.",
        "subject": "imports shop.routes.auth",
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def judged(made: Finding, number: int = 1, **changes: object) -> JudgedFinding:
    values: dict[str, object] = {
        "finding": made,
        "fingerprint": f"{number:024x}",
        "status": "new",
        "blocking": made.severity is Severity.ERROR,
    }
    return JudgedFinding(**{**values, **changes})  # type: ignore[arg-type]


def levels(*counted: int, total: int = 12) -> list[LevelScore]:
    return [
        LevelScore(level, LEVEL_NAMES[level], count, total, "assertion")
        for level, count in enumerate(counted)
    ]


def route(endpoint: str) -> Route:
    method, path = endpoint.split(" ")
    return Route("fastapi", method, path, (), "shop/routes/orders.py", (1, 1, 1, 1))


def shop() -> Scorecard:
    upward = finding(
        related=(Related("shop/routes/auth.py", 1, "`current_user` is defined in this layer"),)
    )
    n_plus_one = finding(
        "query/n-plus-one",
        start=Position(8, 26),
        end=Position(8, 66),
        message="`session.get(Customer, …)` runs once for each of `orders`.",
        why="A list of 100 orders takes 101 queries.",
        fix="Load the customers with the orders: `selectinload(Order.customer)`.",
        subject="Customer per Order",
    )
    legacy = finding(
        "orm/legacy-operator",
        severity=Severity.WARNING,
        path="shop/repositories/customers.py",
        start=Position(14, 5),
        end=Position(14, 20),
        message="`Query.get` is legacy since SQLAlchemy 2.0.",
        why="The method goes away in the next major version.",
        fix="Use `session.get(Customer, key)`.",
        subject="Query.get",
    )
    silenced = finding(
        "query/unbounded-list",
        path="shop/repositories/countries.py",
        start=Position(9, 5),
        end=Position(9, 20),
        message="`list_countries` has neither limit nor pagination.",
        subject="list_countries",
    )
    return Scorecard(
        tool_version="0.1.0",
        root=".",
        verdict=Verdict.BLOCKED,
        reasons=["2 new errors block this change."],
        stack=Stack(
            [
                Service(
                    root=".",
                    languages=["python"],
                    frameworks=["fastapi"],
                    orms=["sqlalchemy"],
                    databases=["sqlite"],
                    evidence=[
                        Evidence("framework fastapi", "pyproject.toml", 8, '"fastapi>=0.115"')
                    ],
                )
            ]
        ),
        architecture=ArchitectureSummary(
            style="layered",
            written=False,
            layers={
                "routes": ["shop/routes"],
                "services": ["shop/services"],
                "repositories": ["shop/repositories"],
            },
            edges=[
                LayerEdge("routes", "services", 6, 0),
                LayerEdge("services", "routes", 1, 1),
                LayerEdge("services", "repositories", 5, 0),
            ],
        ),
        levels=levels(12, 9, 6, 6),
        base_levels=levels(12, 12, 12, 12),
        decay=Decay(-50.0, 0.0, -50.0),
        strict_share=0.0,
        findings=[
            judged(upward, 1, endpoints=("GET /orders", "GET /orders/{id}"), changed=True),
            judged(n_plus_one, 2, endpoints=("GET /orders",), changed=True),
            judged(legacy, 3, status="existing", endpoints=("GET /customers/{id}",)),
            judged(
                silenced,
                4,
                status="suppressed",
                blocking=False,
                suppression_reason="there are 249 countries",
            ),
        ],
        routes=[route(e) for e in ("GET /orders", "GET /orders/{id}", "GET /customers/{id}")],
        contract=ContractResult(
            "pytest",
            [Assertion(f"test_{n}", "GET /orders", passed=True, seconds=0.01) for n in range(12)],
        ),
        engines=[
            EngineRun("ast", "0.1.0", 0.41, 23, 6),
            EngineRun("semgrep", "1.182.0", 1.2, 23, 15),
        ],
        skipped=[Skipped("shop/static/logo.py", "larger than 2 MiB")],
        base="4f2a9c1d0e8b7a6f5c4d3e2b1a0f9e8d7c6b5a4f",
        files=23,
        sources={
            "shop/services/orders.py": ORDERS,
            "shop/routes/auth.py": ["def current_user(request):", "    return request.state.user"],
        },
    )


def context(**changes: object) -> Context:
    """What is known on a pull request."""
    values: dict[str, object] = {
        "service": "services/shop",
        "key": "0f3a9c21be44",
        "commit": "5d2c1e9f0a7b63c4d8e9f0a1b2c3d4e5f6a7b8c9",
        "run": "8123.1",
        "run_url": "https://github.com/acme/shop/actions/runs/8123",
        "path": "services/shop",
        "links": "https://github.com/acme/shop/blob/5d2c1e9f0a7b/services/shop/",
        "author": ("Written by Claude Code: the trailer of 3 commits names its address.",),
        "record": "Claude Code here: 14 pull requests, 9 passed at once.",
        "trend": tuple(
            TrendPoint(f"{number:x}a2b3c4d5e6f7", f"2026-11-{number:02}T10:00:00Z",
                       (1.0, 1.0, 0.98, 0.97), -3.0)
            for number in range(1, 13)
        ),
        "notes": (".ci-gate.yml of the base judges this change; the change edits it.",),
    }  # fmt: skip
    return Context(**{**values, **changes})  # type: ignore[arg-type]


def good() -> Scorecard:
    """Nothing found, nothing lost."""
    card = shop()
    card.verdict, card.findings = Verdict.PASS, []
    card.levels = levels(12, 12, 12, 12)
    card.decay = Decay(0.0, 0.0, 0.0)
    card.reasons = ["Nothing found that breaks the structure."]
    return card


def unjudged() -> Scorecard:
    """The service did not start."""
    card = good()
    card.verdict = Verdict.INCOMPLETE
    error = "the service ended with 1: no module flask; install it in contract.service.setup"
    card.contract = ContractResult("pytest", error=error, log="Traceback\nModuleNotFoundError\n")
    card.reasons = [
        f"The contract's tests did not run to their end: {error}",
        "semgrep: no answer within 300 s; exclude generated files",
    ]
    return card


HOSTILE = (
    "a|b`c``d<script>alert(1)</script> @everyone #12 [x](javascript:1) ![i](http://e.vil/x.png)"
    '\n## head\r\n%0A::error::x\x1b[31m\x00\u202e --> end ]] "; click n0 href "x"\n```\nmore'
)


def hostile() -> Scorecard:
    card = shop()
    bad = finding(path=HOSTILE, message=HOSTILE, why=HOSTILE, fix=HOSTILE, subject=HOSTILE,
                  related=(Related(HOSTILE, 3, HOSTILE),))  # fmt: skip
    card.findings = [judged(bad, 1, endpoints=(f"GET /{HOSTILE}",)), *card.findings]
    card.findings.append(
        judged(bad, 9, status="suppressed", blocking=False, suppression_reason=HOSTILE)
    )
    card.reasons = [HOSTILE, HOSTILE]
    card.architecture.layers = {HOSTILE: [HOSTILE], "services": ["s"]}
    card.architecture.edges = [LayerEdge(HOSTILE, "services", 2, 1)]
    card.sources[HOSTILE] = [HOSTILE] * 4
    card.skipped = [Skipped(HOSTILE, HOSTILE)]
    assert card.contract is not None
    failed = Assertion(HOSTILE, HOSTILE, passed=False, message=HOSTILE)
    card.contract.assertions.append(failed)
    card.contract.error = HOSTILE
    card.contract.log = f"{HOSTILE}\n" * 40
    card.contract.notes = [HOSTILE]
    cause = Cause(HOSTILE, 2, HOSTILE)
    card.failures = [FailedAssertion(failed, HOSTILE, "new", True, cause, (card.findings[0],))]
    return card


def failing() -> Scorecard:
    """The contract's tests fail on one endpoint, and the log and a finding say why."""
    card = shop()
    assert card.contract is not None
    reason = judged(finding(
        rule="query/unknown-column",
        message="`orders` has no column `x`.",
        start=Position(8, 9), end=Position(8, 20),
        subject="x",
    ), 7, endpoints=("GET /orders",))  # fmt: skip
    card.findings = [reason]
    tests = [
        Assertion(f"Orders / List / {name}", "GET /orders", passed=False, message=message)
        for name, message in (
            ("status is 200", "expected 500 to equal 200"),
            ("orders is an array", "Cannot read properties of undefined"),
        )
    ]
    card.contract.assertions += [
        *tests,
        Assertion("Orders / Show / status is 200", "GET /orders/7", passed=True, flaky=True),
    ]
    card.contract.notes = ["contract.service.command is not set: `python main.py`, from Procfile:1"]
    cause = Cause("shop/services/orders.py", 8, "sqlite3.OperationalError: no such column: x")
    card.failures = [
        FailedAssertion(item, "GET /orders", "new", True, cause, (reason,)) for item in tests
    ]
    card.reasons = ["2 of the contract's 15 assertions fail: GET /orders."]
    return card


def huge() -> Scorecard:
    card = shop()
    long = finding(message="x" * 200_000, why="y" * 200_000, fix="z" * 200_000)
    card.findings = [judged(long, n) for n in range(30_000)]
    return card
