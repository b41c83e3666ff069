"""Reach through the real call graph of a small service."""

from __future__ import annotations

from pathlib import Path

from ci_gate.codemodel.build import build
from ci_gate.findings import Finding, Position, Severity
from ci_gate.repository import Filter, WorkTree
from ci_gate.scorecard.reach import Reach

FILES = {
    "shop/__init__.py": "",
    "shop/routes.py": """\
from fastapi import APIRouter, FastAPI

from shop.service import newest

router = APIRouter(prefix="/orders")


@router.get("/newest")
def show_newest():
    return newest()


@router.get("/count")
def count():
    return 3


app = FastAPI()
app.include_router(router)
""",
    "shop/service.py": """\
from shop.store import rows


def newest():
    return rows()[0]
""",
    "shop/store.py": """\
LIMIT = 3


def rows():
    return [1, 2, LIMIT]


def unused():
    return 0
""",
}


def at(path: str, line: int) -> Finding:
    place = Position(line)
    return Finding("query/n-plus-one", "query", Severity.ERROR, path, place, place, "", "", "", "")


def test_a_route_reaches_through_two_modules(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    reach = Reach(build(WorkTree(tmp_path, Filter((), ())), jobs=1))
    assert reach.endpoints == ["GET /orders/count", "GET /orders/newest"]
    newest = ("GET /orders/newest",)
    assert reach.of(at("shop/store.py", 5)) == newest
    assert reach.of(at("shop/store.py", 1)) == newest, "module level goes with its functions"
    assert reach.of(at("shop/store.py", 9)) == ()
    assert reach.of(at("shop/routes.py", 15)) == ("GET /orders/count",)
