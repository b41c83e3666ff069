"""query/filter-ignored against a base: a parameter of the query string gets another name."""

from __future__ import annotations

from pathlib import Path

from ci_gate.config import Config
from ci_gate.findings import Finding
from ci_gate.repository import Filter, WorkTree
from ci_gate.rules.query.filter_ignored import FilterIgnored
from ci_gate.scan import Options, judge

_FILES = {
    "settings.py": 'INSTALLED_APPS = ["rest_framework", "zoo"]\nROOT_URLCONF = "zoo.urls"\n',
    "zoo/__init__.py": "",
    "zoo/models.py": """
from django.db import models

class Animal(models.Model):
    name = models.CharField(max_length=40)
    keeper = models.CharField(max_length=40)
""",
    "zoo/urls.py": """
from django.urls import path
from zoo.views import Animals

urlpatterns = [path("animals", Animals.as_view())]
""",
}
_VIEW = """
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView
from zoo.models import Animal

class Wanted(serializers.Serializer):
    name = serializers.CharField(required=False)
    {keeper}

class Animals(APIView):
    def get(self, request):
        wanted = Wanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        found = Animal.objects.all()
        if wanted.validated_data.get("name"):
            found = found.filter(name=wanted.validated_data["name"])
        if wanted.validated_data.get("keeper"):
            found = found.filter(keeper=wanted.validated_data["keeper"])
        return Response([animal.name for animal in found[:20]])
"""
_PLAIN = "keeper = serializers.CharField(required=False)"


def _judged(folder: Path, before: str, after: str) -> list[Finding]:
    facts = None
    findings: list[Finding] = []
    for name, field in (("before", before), ("after", after)):
        root = folder / name
        for path, text in {**_FILES, "zoo/views.py": _VIEW.format(keeper=field)}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        tree = WorkTree(root, Filter())
        judgement = judge(
            tree, Options(root, Config()), facts, with_semgrep=False, chosen=[FilterIgnored]
        )  # fmt: skip
        facts, findings = judgement.facts, judgement.findings
    return findings


def test_a_parameter_with_another_name(tmp_path: Path) -> None:
    after = 'keeperName = serializers.CharField(source="keeper", required=False)'
    (finding,) = _judged(tmp_path, _PLAIN, after)
    assert (finding.path, finding.start.line) == ("zoo/views.py", 9)
    assert "`keeperName`" in finding.message
    assert "`keeper`" in finding.message


def test_the_same_name(tmp_path: Path) -> None:
    after = "keeper = serializers.CharField(max_length=40, required=False)"
    assert not _judged(tmp_path, _PLAIN, after)


def test_both_names(tmp_path: Path) -> None:
    after = f'{_PLAIN}\n    keeperName = serializers.CharField(source="keeper", required=False)'
    assert not _judged(tmp_path, _PLAIN, after)


def test_a_new_name_in_the_same_change_as_another(tmp_path: Path) -> None:
    after = f"{_PLAIN}\n    size = serializers.CharField(required=False)"
    findings = _judged(tmp_path, _PLAIN, after)
    assert ["`size`" in finding.message for finding in findings] == [True]
