"""Entry points that are larger than their budget."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.dataflow.events import Loaded, Ran
from ci_gate.codemodel.dataflow.machine import Machine
from support.django import IMPORTS, project
from support.flows import Followed

DEPTH = 12
#: Each helper calls the next one three times, never with what it was given before.
HELPERS = (
    "\n".join(
        f"def branch{level}(tag):\n"
        + "".join(f"    branch{level + 1}(tag + {sign!r})\n" for sign in "abc")
        for level in range(DEPTH)
    )
    + f"\ndef branch{DEPTH}(tag):\n    return tag\n"
)
VIEW = """
from app.helpers import *

def listed(request):
    first = Article.objects.get(pk=1)
    branch0("")
    for article in Article.objects.filter(published=True):
        article.author.bio
    return authors(article)

def authors(article):
    return list(article.fans.all())

def quick(request):
    return authors(Article.objects.get(pk=1))
"""


@pytest.fixture
def followed() -> Followed:
    urls = "from django.urls import path\nfrom app import views\nurlpatterns = ["
    urls += "path('listed/', views.listed), path('quick/', views.quick)]\n"
    return project({
        "app/helpers.py": HELPERS, "app/views.py": f"{IMPORTS}\n{VIEW}", "app/urls.py": urls,
    })  # fmt: skip


def test_what_comes_after_a_helper_of_many_branches_is_seen(followed: Followed) -> None:
    run = followed.run("ANY /listed/")
    [loaded] = [event for event in run.events if isinstance(event, Loaded)]
    assert (loaded.relation, len(loaded.place.loops)) == ("author", 1)
    assert sum(isinstance(event, Ran) for event in run.events) == 3


def test_it_is_known_where_calls_were_left_out(followed: Followed) -> None:
    run = followed.run("ANY /listed/")
    assert not run.complete
    before = run.unbroken()
    assert [type(event) for event in before if isinstance(event, Ran | Loaded)] == [Ran]
    assert 0 < len(before) < len(run.events)


def test_a_run_within_its_budget_has_no_gap(followed: Followed) -> None:
    run = followed.run("ANY /quick/")
    assert run.complete
    assert run.unbroken() == run.events


def test_a_budget_that_is_used_up_all_the_same_ends_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Machine, "max_steps", 5_000)
    urls = "from django.urls import path\nfrom app import views\n"
    urls += "urlpatterns = [path('listed/', views.listed)]\n"
    run = project({
        "app/helpers.py": HELPERS, "app/views.py": f"{IMPORTS}\n{VIEW}", "app/urls.py": urls,
    }).run("ANY /listed/")  # fmt: skip
    assert not run.complete
    assert not any(isinstance(event, Loaded) for event in run.unbroken())
