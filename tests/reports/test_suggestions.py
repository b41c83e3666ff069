"""What a suggestion puts in place of the lines parses, and the rule no longer fires on it."""

from __future__ import annotations

import ast
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ci_gate.config import load
from ci_gate.findings import Position, Replacement
from ci_gate.reports.suggestion import Suggestion, suggest
from ci_gate.scan import Options, scan
from ci_gate.scorecard.model import JudgedFinding, Scorecard

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.scorecards import finding, judged, shop

RULES = Path(__file__).parents[1] / "rules"
MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    returned: Mapped[str | None]
    lost: Mapped[bool]
"""
FLASK = """\
from flask import Flask, jsonify
from sqlalchemy import select

from models import Loan

app = Flask(__name__)


@app.get("/loans/<int:member>")
def loans(member: int):
    statement = select(Loan).where({condition}).limit(20)
    return jsonify([loan.id for loan in app.extensions["session"].scalars(statement)])
"""
DJANGO = """\
from django.urls import path
from shop.views import OrderView

urlpatterns = [path("orders/", OrderView)]
"""
VIEWS = """\
from django.http import JsonResponse
from django.views import View


class OrderView(View):
    def get(self, request):
        return JsonResponse({})
"""


def python(condition: str) -> dict[str, str]:
    return {
        "app.py": FLASK.replace("{condition}", condition),
        "models.py": MODELS,
        "requirements.txt": "flask==3.0.0\nsqlalchemy==2.0.30\n",
    }


CASES = [
    (
        "orm/python-operator-in-filter",
        python(f"Loan.member_id == member, {before}"),
        f"    statement = select(Loan).where(Loan.member_id == member, {after}).limit(20)",
    )
    for before, after in (
        ("Loan.returned is None", "Loan.returned.is_(None)"),
        ("Loan.returned is not None", "Loan.returned.is_not(None)"),
        ("Loan.lost is True", "Loan.lost.is_(True)"),
        ("not Loan.member_id == member", "Loan.member_id != member"),
    )
] + [
    (
        "framework/django-view-class",
        {
            "shop/urls.py": DJANGO,
            "shop/views.py": VIEWS,
            "manage.py": "import django\n",
            "requirements.txt": "django==5.0\n",
        },
        'urlpatterns = [path("orders/", OrderView.as_view())]',
    ),
]


def scanned(root: Path, rule: str) -> Scorecard:
    return scan(Options(root, replace(load(root), select=(rule,)), contract=False))


def apply(root: Path, found: JudgedFinding, suggestion: Suggestion) -> None:
    place = root / found.finding.path
    lines = place.read_text().split("\n")
    assert tuple(lines[suggestion.first - 1 : suggestion.last]) == suggestion.before
    lines[suggestion.first - 1 : suggestion.last] = suggestion.after
    place.write_text("\n".join(lines))
    if place.suffix == ".py":
        ast.parse(place.read_text())


@pytest.mark.parametrize(("rule", "files", "mended"), CASES)
def test_a_semgrep_rule_is_silent_on_what_it_suggests(
    rule: str, files: dict[str, str], mended: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    card = scanned(tmp_path, rule)
    [found] = [item for item in card.findings if item.finding.rule == rule]
    suggestion = suggest(found, card)
    assert suggestion is not None
    assert suggestion.after == (mended,)
    apply(tmp_path, found, suggestion)
    after = scanned(tmp_path, rule)
    assert not after.findings
    assert after.engines[1].rules


TREES = [
    RULES / "orm/coroutine-not-awaited",
    RULES / "framework/flask-json-required",
    RULES / "framework/koa-next-not-awaited",
]


@pytest.mark.parametrize("folder", TREES, ids=lambda folder: folder.name)
def test_a_rule_is_silent_on_what_it_suggests(folder: Path, tmp_path: Path) -> None:
    rule = f"{folder.parent.name}/{folder.name}"
    tried = 0
    for tree in sorted(folder.glob("bad_*")):
        copy = tmp_path / tree.name
        shutil.copytree(tree, copy)
        card = scanned(copy, rule)
        todo = [(found, suggest(found, card)) for found in card.findings]
        made = [(found, suggestion) for found, suggestion in todo if suggestion is not None]
        for found, suggestion in sorted(made, key=lambda pair: -pair[1].first):
            apply(copy, found, suggestion)
        tried += len(made)
        left = {(f.finding.path, f.finding.start.line) for f in scanned(copy, rule).findings}
        mended = {(found.finding.path, found.finding.start.line) for found, _ in made}
        assert not left & mended, tree.name
    assert tried


def found_with(replacement: Replacement) -> JudgedFinding:
    return judged(finding(replacement=replacement))


@pytest.mark.parametrize(
    ("lines", "start", "end", "text", "after"),
    [
        (["a = b is None"], (1, 5), (1, 14), "b.is_(None)", ("a = b.is_(None)",)),
        (["a = (", "  b is None", ")"], (1, 5), (3, 2), "c", ("a = c",)),
        (["f()"], (1, 1), (1, 1), "await ", ("await f()",)),
        (["drop()"], (1, 1), (1, 7), "", ()),
        (["a"], (1, 1), (1, 2), "a", None),  # nothing changes
        (["a"], (1, 1), (2, 1), "b", None),  # no such line
        (["a"], (1, 5), (1, 6), "b", None),  # no such column
        (["ä = b"], (1, 5), (1, 6), "c", None),  # columns may be bytes
        (["a\r"], (1, 1), (1, 2), "b", None),
        (["a\x1b"], (1, 1), (1, 2), "b", None),
        (["a # <!-- ci-gate:finding 0 -->"], (1, 1), (1, 2), "b", None),
        (["a"] * 30, (1, 1), (30, 2), "b", None),
        (["a"], (1, 1), (1, 2), "b\n" * 30, None),
    ],
)
def test_whole_lines_are_suggested_or_nothing(lines, start, end, text, after) -> None:
    card = shop()
    found = found_with(Replacement(Position(*start), Position(*end), text))
    card.sources[found.finding.path] = lines
    suggestion = suggest(found, card)
    assert (suggestion.after if suggestion else None) == after
