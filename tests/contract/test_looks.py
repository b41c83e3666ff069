"""A request that is answered wrongly, and nothing that was raised says where."""

from __future__ import annotations

import json
from pathlib import Path

from ci_gate.reports import render
from support.change import SERVICE, judge


def places(card) -> list[tuple[str, int, str]]:
    return [(look.path, look.line, look.why) for look in card.failures[0].looks]


def test_the_handler_and_what_the_change_touches_are_named(flask_project: Path) -> None:
    card = judge(flask_project, {"service.py": SERVICE.replace("[1, 2]", "[1]")})
    assert card.failures[0].endpoint == "GET /items"
    assert places(card) == [("service.py", 9, "handles it"), ("service.py", 19, "changed")]
    assert "service.py:19" in render(card, "markdown")
    (failed,) = [
        item for item in json.loads(render(card, "json"))["contract"]["assertions"]
        if not item["passed"]
    ]  # fmt: skip
    assert failed["looks"][0] == {"path": "service.py", "line": 9, "why": "handles it"}


def test_what_the_test_itself_raises_is_told_apart(flask_project: Path) -> None:
    card = judge(flask_project, {"service.py": SERVICE.replace(', "done": False', "")})
    assert card.failures[0].assertion.message == (
        "KeyError: 'done' (the test itself raised it, at checks/test_api.py:14)"
    )
    assert places(card) == [("service.py", 14, "handles it"), ("service.py", 15, "changed")]


def test_a_line_that_is_gone_is_a_change(flask_project: Path) -> None:
    taken = SERVICE.replace('    return {"id": item_id, "done": False}\n', "    pass\n").replace(
        "    pass\n", "    return {\n        'id': item_id,\n    }\n"
    )
    card = judge(flask_project, {"service.py": taken})
    assert places(card)[1][2] == "changed"


def test_where_the_trace_tells_the_place_nothing_else_is_named(flask_project: Path) -> None:
    card = judge(flask_project, {"service.py": SERVICE.replace("return [1, 2]", "return {}['x']")})
    assert card.failures[0].cause is not None
    assert card.failures[0].looks == ()
