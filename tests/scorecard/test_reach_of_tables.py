"""A finding on a table counts for the endpoints whose code uses it."""

from __future__ import annotations

from ci_gate.codemodel.build import build
from ci_gate.findings import Finding, Position, Severity
from ci_gate.scorecard.reach import Reach
from support.trees import MemoryTree

MODELS = "class Parcel(Base):\n    code = Column(String)\n    fragile = Column(Boolean)\n"
SERVICE = """\
from flask import Flask
from models import Parcel

app = Flask(__name__)


@app.get("/parcels")
def parcels():
    return find()


@app.get("/ping")
def ping():
    return note(None)


def find():
    return Parcel.query.all()


def note(parcel: Parcel):
    return "ok"
"""


def drift(
    rule: str = "database/migration-drift", path: str = "models.py", line: int = 3
) -> Finding:
    return Finding(
        rule=rule, group=rule.partition("/")[0], severity=Severity.ERROR, message="m", why="w",
        fix="f", path=path, start=Position(line), end=Position(line), subject="s",
    )  # fmt: skip


def reach(files: dict[str, str]) -> Reach:
    return Reach(build(MemoryTree(files)))


def test_the_endpoints_whose_code_names_the_class_are_hit() -> None:
    """An annotation asks the database for nothing."""
    known = reach({"models.py": MODELS, "service.py": SERVICE})
    assert known.of(drift()) == ("GET /parcels",)


def test_drift_that_no_endpoint_is_known_to_use_hits_all() -> None:
    unused = SERVICE.replace("Parcel.query.all()", "[]")
    known = reach({"models.py": MODELS, "service.py": unused})
    assert known.of(drift()) == ("GET /parcels", "GET /ping")
    assert known.of(drift("database/second-engine")) == ()
