"""Calls taken over from where they were followed before: no run may tell the difference."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Args, Frame, Func, Ref, Val
from ci_gate.codemodel.dataflow.events import Run
from ci_gate.codemodel.dataflow.summaries import Summaries
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from support.django import IMPORTS, project

HELPERS = """
from app.models import Article, Comment

CACHE = {}
SEEN = []

class Settings:
    def __init__(self):
        self.limit = 20
        self.articles = list(Article.objects.filter(published=True)[:3])

def settings():
    made = Settings()
    for article in made.articles:
        article.author.bio
    return made

def titled(title):
    found = Article.objects.filter(title=title).order_by("created")
    if found.exists():
        return [{"article": one, "title": title} for one in found]
    return []

def comments(article, depth=0):
    rows = list(article.comment_set.all())
    for row in rows:
        row.author.username
        if depth:
            comments(row.article, depth)
    return rows

def marked(rows):
    rows.append(Article.objects.first())
    return rows

def cached(name):
    if name not in CACHE:
        CACHE[name] = Article.objects.filter(title=name)
    SEEN.append(name)
    return list(CACHE[name])

def asked(request):
    name = request.GET.get("name")
    if request.method == "POST":
        Article.objects.create(title=name, data={}, published=True, deleted=False, author=None)
    return Article.objects.filter(title=name, published=True, deleted=False).first()

def picked(request):
    first = asked(request)
    second = asked(request)
    if first:
        return comments(first), second
    return [], second

def spread(tag, depth):
    if depth:
        spread_more(tag + "a", depth)
        spread_more(tag + "b", depth)
        spread_more(tag + "c", depth)
    return titled(tag)

def spread_more(tag, depth):
    return titled(spread_on(tag + "1")), titled(spread_on(tag + "2")), settings()

def spread_on(tag):
    return titled(spread_last(tag + "3")), titled(spread_last(tag + "4")), settings()

def spread_last(tag):
    return [titled(tag + sign) for sign in ("x", "y", "z")]

class Reader:
    def __init__(self, rows):
        self.rows = rows
        self.limit = settings().limit

    def read(self):
        for row in self.rows:
            row.author.bio
            comments(row)
        return self.rows
"""
BODIES = {
    "the same twice": "settings()\nsettings()",
    "by value": "titled('a')\ntitled('b')\ntitled('a')",
    "what was made": "a = settings()\na.limit = Article.objects.get(pk=1)\nb = settings()\n"
                     "b.limit.author",
    "objects given": "for a in Article.objects.all():\n    comments(a)\n"
                     "for a in Article.objects.all():\n    comments(a)\ncomments(a)",
    "recursion": "comments(Article.objects.first(), 1)\ncomments(Article.objects.first(), 2)",
    "objects changed": "rows = []\nmarked(rows)\nmarked(rows)\nfor r in rows:\n    r.author",
    "older objects": "cached('a')\ncached('a')\ncached(request.GET['name'])",
    "the method": "asked(request)\nasked(request)\npicked(request)",
    "branches": "if pk:\n    x = picked(request)\nelse:\n    x = picked(request)\n"
                "for c in x[0]:\n    c.author",
    "a loop": "for a in Article.objects.all():\n    settings()\n    titled(a.title)\nsettings()",
    "objects with methods": "Reader(Article.objects.all()).read()\n"
                            "Reader(Article.objects.filter(pk=pk)).read()\n"
                            "Reader(Article.objects.all()).read()",
    "what was given is read again": "d = titled('a')\ne = titled('a')\n"
                                    "for x in d:\n    x['article'].author.bio\n"
                                    "for x in e:\n    comments(x['article'])",
    "more than the budget": "\n".join(f"spread('{n}', 1)\ntitled('a')" for n in range(40))
                            + "\nfor a in Article.objects.all():\n    comments(a)",
}  # fmt: skip


def told(part: object) -> str:
    """All that a rule can see of a run, without the numbers of objects."""
    if isinstance(part, s.Node):
        return f"{type(part).__name__}{part.span}"
    if isinstance(part, FunctionInfo | ClassInfo):
        return part.qualname
    if isinstance(part, Ref | Frame):
        return type(part).__name__
    if isinstance(part, list | tuple):
        return f"[{', '.join(map(told, part))}]"
    if isinstance(part, set | frozenset):
        return f"{{{', '.join(sorted(map(told, part)))}}}"
    if dataclasses.is_dataclass(part):
        names = [item.name for item in dataclasses.fields(part) if item.name != "homes"]
        return f"{type(part).__name__}({', '.join(told(getattr(part, name)) for name in names)})"
    return repr(part)


def runs() -> list[Run]:
    names = [f"v{number}" for number in range(len(BODIES))]
    views = "\n".join(
        f"def {name}(request, pk):\n    " + body.replace("\n", "\n    ") + "\n"
        for name, body in zip(names, BODIES.values(), strict=True)
    )
    paths = ", ".join(f'path("{name}/<int:pk>/", views.{name})' for name in names)
    again = ", ".join(f'path("again/{name}/<int:pk>/", views.{name})' for name in names)
    return project({
        "app/helpers.py": HELPERS,
        "app/views.py": f"{IMPORTS}\nfrom app.helpers import *\n{views}",
        "app/urls.py": "from django.urls import path\nfrom app import views\n"
                       f"urlpatterns = [{paths}, {again}]\n",
    }).runs  # fmt: skip


def test_runs_are_those_without_summaries(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    repeated = Summaries._repeated

    def noted(self: Summaries, *given: object) -> Val:
        taken.append("")
        return repeated(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Summaries, "_repeated", noted)
    found = runs()
    assert len(found) >= 2 * len(BODIES)
    assert len(taken) > 2 * len(BODIES)

    def plain(
        _: Summaries, __: Func, ___: Args, ____: s.Expr, _____: Frame, follow: Callable[[], Val]
    ) -> Val:
        return follow()

    monkeypatch.setattr(Summaries, "call", plain)
    expected = runs()
    for mine, other in zip(found, expected, strict=True):
        assert told(mine) == told(other)
