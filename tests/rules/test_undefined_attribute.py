"""What the messages of orm/undefined-attribute offer instead of the missing name."""

from __future__ import annotations

from pathlib import Path

from ci_gate.config import Config
from ci_gate.rules.orm.undefined_attribute import UndefinedAttribute
from ci_gate.scan import Options, judge
from support.trees import MemoryTree

SERVICE = {
    "requirements.txt": "django\n",
    "shop/__init__.py": "",
    "shop/models.py": (
        "from django.db import models\n\n\n"
        "class Article(models.Model):\n"
        "    title = models.CharField(max_length=80)\n"
        "    content = models.TextField()\n"
    ),
    "shop/views.py": (
        "from django.http import JsonResponse\n"
        "from shop.models import Article\n\n\n"
        "def show(request, pk):\n"
        "    article = Article.objects.get(pk=pk)\n"
        "    return JsonResponse({'body': article.body})\n"
    ),
    "shop/urls.py": (
        "from django.urls import path\nfrom shop import views\n"
        "urlpatterns = [path('articles/<int:pk>', views.show)]\n"
    ),
}


def test_fields_are_named_and_not_what_every_django_model_has() -> None:
    tree = MemoryTree(SERVICE)
    [finding] = judge(
        tree, Options(Path(), Config()), None, with_semgrep=False, chosen=[UndefinedAttribute]
    ).findings
    assert finding.message.startswith("`show` reads `body` of Article, which")
    assert "`content`" in finding.fix
    assert "`title`" in finding.fix
    assert "DoesNotExist" not in finding.fix
