from __future__ import annotations

import pytest

from ci_gate.codemodel.model import Route
from ci_gate.scorecard.reach import Reach


class Routes:
    def __init__(self, *endpoints: str) -> None:
        split = [e.split(" ") for e in endpoints]
        self.routes = [Route("koa", m, p, (), "app.js", (1, 1, 1, 1)) for m, p in split]


REACH = Reach(
    Routes(  # type: ignore[arg-type]
        "GET /api/articles/{slug}",
        "GET /api/articles/feed",
        "POST /api/articles",
        "ANY /api/health",
        "GET /files/{name}.csv",
    )
)


@pytest.mark.parametrize(
    ("request_line", "endpoint"),
    [
        ("GET /api/articles/x", "GET /api/articles/{slug}"),
        ("GET /api/articles/feed", "GET /api/articles/feed"),
        ("GET /api/articles/{id}", "GET /api/articles/{slug}"),
        ("GET /api/articles/x/?a=1", "GET /api/articles/{slug}"),
        ("HEAD /api/articles/x", "GET /api/articles/{slug}"),
        ("DELETE /api/health", "ANY /api/health"),
        ("GET /files/may.csv", "GET /files/{name}.csv"),
        ("GET /proxy/api/articles/feed", "GET /api/articles/feed"),
        ("POST /articles", "POST /api/articles"),
        ("PUT /api/articles/x", None),
        ("GET /nowhere", None),
        ("", None),
    ],
)
def test_a_request_finds_its_endpoint(request_line: str, endpoint: str | None) -> None:
    assert REACH.route_of(request_line) == endpoint
