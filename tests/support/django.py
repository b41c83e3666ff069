"""A small Django project whose views are given by a test, and what their runs do in words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from ci_gate.codemodel.dataflow.events import (
    Attribute,
    Discarded,
    Event,
    Loaded,
    Paged,
    Ran,
    SqlText,
    Wrote,
)
from support.flows import Followed

MODELS = """
from django.contrib.auth.models import AbstractUser
from django.db import models

class ArticleQuerySet(models.QuerySet):
    def live(self):
        return self.filter(published=True)

    def with_author(self):
        return self.select_related("author")

class ArticleManager(models.Manager.from_queryset(ArticleQuerySet)):
    def get_queryset(self):
        return super().get_queryset().exclude(deleted=True)

    def titled(self, title):
        return self.get_queryset().filter(title=title)

class User(AbstractUser):
    bio = models.TextField()

class Profile(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    follows = models.ManyToManyField("self", symmetrical=False, related_name="followers")

class Tag(models.Model):
    name = models.CharField(max_length=20, unique=True)
    color = models.CharField(max_length=20)

class Article(models.Model):
    title = models.CharField(max_length=20)
    created = models.DateTimeField(auto_now_add=True)
    published = models.BooleanField(default=False)
    deleted = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="articles")
    tags = models.ManyToManyField(Tag)
    fans = models.ManyToManyField(User, related_name="favorites")
    objects = ArticleManager()

    @property
    def byline(self):
        return self.author.username

    def tag_names(self):
        return [tag.name for tag in self.tags.all()]

class Comment(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    author = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="comments", related_query_name="remark"
    )
    body = models.TextField()
"""
SETTINGS = """
ROOT_URLCONF = "app.urls"
INSTALLED_APPS = ["app"]
AUTH_USER_MODEL = "app.User"
"""
IMPORTS = """
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Lower
from django.http import JsonResponse
from django.shortcuts import get_list_or_404, get_object_or_404
from app.models import Article, Comment, Profile, Tag, User
"""
URLS = """
from django.urls import include, path
from app import views
urlpatterns = [path("x/<int:pk>/", views.view)]
"""


def project(files: Mapping[str, str]) -> Followed:
    base = {
        "app/__init__.py": "", "app/models.py": MODELS, "app/settings.py": SETTINGS,
        "app/urls.py": URLS,
    }  # fmt: skip
    return Followed({**base, **files})


def view(body: str, head: str = "def view(request, pk):") -> Sequence[str]:
    """What a view with this body does."""
    text = f"{IMPORTS}\n{head}\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    return in_words(run.events)


def in_words(events: Sequence[Event]) -> list[str]:
    return [text for event in events if (text := _words(event)) is not None]


def _words(event: Event) -> str | None:
    loop = " in a loop" if event.place.loops else ""
    match event:
        case Ran(statement=statement) if statement is not None:
            entity = statement.entity()
            name = entity.name if entity is not None else "values" if statement.values else "-"
            marks = [
                word
                for word in ("limited", "single", "distinct", "grouped", "opaque")
                if getattr(statement, word)
            ]
            if statement.multiplied and event.how == "count":
                marks.append("times " + " and ".join(statement.multiplied))
            return " ".join([event.how, name, *marks]) + loop
        case Loaded():
            return f"loads {event.instance.entity.name}.{event.relation}{loop}"
        case Attribute(how="lookup" | "manager", found=False):
            return f"no {event.entity.name}.{event.name}"  # type: ignore[attr-defined]
        case Attribute(how="instance" | "class"):
            return f"{event.how} {event.entity.name}.{event.name}"  # type: ignore[attr-defined]
        case Wrote():
            return f"writes {event.what}"
        case Paged():
            return "paged by " + " ".join(sorted(str(one.name) for one in event.value.sources))
        case SqlText():
            return "text"
        case Discarded():
            return "discarded"
    return None
