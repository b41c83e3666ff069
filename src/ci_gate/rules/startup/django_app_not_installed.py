from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.models import Model, Models
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._installed_apps import installed_apps, loaded


class DjangoAppNotInstalled(Rule):
    """Modules that Django loads import a model whose app is not in `INSTALLED_APPS`.

    ## Why is this bad?
    Django refuses the class when it is defined: `RuntimeError: Model class … doesn't declare an
    explicit app_label and isn't in an application in INSTALLED_APPS`. The URL configuration cannot
    be loaded, and neither the server nor `migrate` starts. The app's migrations would not run
    either.

    ## Fix
    Add the app to `INSTALLED_APPS`.

    ## Silent on
    Models that nothing loads; abstract ones and those with `Meta.app_label`; settings whose list of
    apps is not written out in full; tests.

    ## Source
    Django, "Models: app_label" and "Applications" (docs.djangoproject.com/en/stable/ref).
    """

    id = "startup/django-app-not-installed"
    group = "startup"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        apps = installed_apps(facts.model)
        if apps is None:
            return
        found = [
            item
            for item in _refused(facts)
            if not apps.holds(item.entity.path) and not is_outside(item.entity.path)
        ]
        if not found:
            return
        modules = loaded(facts.model, apps)
        told: set[str] = set()
        for item in sorted(found, key=lambda one: (one.entity.path, one.entity.span)):
            path = item.entity.path
            if path not in modules or path in told:
                continue
            told.add(path)
            package = _package(facts.model, path)
            importer = modules[path]
            yield self.finding(
                path,
                item.cls.node,
                message=f"{item.name} is a model of {package}, which is not in INSTALLED_APPS.",
                why=(
                    f"Loading {path} raises RuntimeError: Model class {item.name} doesn't declare "
                    "an explicit app_label and isn't in an application in INSTALLED_APPS. The "
                    "service does not start."
                ),
                fix=f'Add "{package}" to INSTALLED_APPS.',
                subject=f"{package} is not installed",
                related=[
                    Related(apps.path, apps.line, "the installed apps"),
                    *([Related(importer, 1, f"imports {path}")] if importer else []),
                ],
                repository_wide=True,
            )


def _package(model: CodeModel, path: str) -> str:
    """The app that a module of models stands for, as it is imported."""
    folder = path.removesuffix(".py").rpartition("/models")[0] or posixpath.dirname(path)
    parts = folder.split("/")
    start = 0
    while start + 1 < len(parts) and f"{'/'.join(parts[: start + 1])}/__init__.py" not in (
        model.modules
    ):
        start += 1
    return ".".join(parts[start:])


def _refused(facts: Facts) -> Iterator[Model]:
    """The models that need an installed app."""
    entities = [item for item in facts.entities if item.kind == "django" and item.cls is not None]
    if not entities:
        return
    for item in Models(facts.model, entities):
        top = [st.cls for st in item.cls.module.body if isinstance(st, s.ClassDef)]
        if not item.abstract and "app_label" not in item.options and item.cls.node in top:
            yield item
