"""Django's models that migrations have to make, and where those migrations are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import Declared, constant, text
from ci_gate.codemodel.entities.django.fieldtypes import external_field
from ci_gate.codemodel.entities.django.models import Model, Models
from ci_gate.codemodel.migrations.django import AppHistory, MigratedModel, django_histories
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._drift import ignores, started_with

STORED: Final = ("column", "foreign-key", "one-to-one", "many-to-many")
_MAKES: Final = regex(r"makemigrations(?![^\n&;|]*--(?:check|dry-run))")
_MAX_MODULES: Final = 2000


@dataclass(frozen=True, slots=True)
class Migrated:
    """A model, the history of its app, and the model that this history leaves (None: none)."""

    model: Model
    history: AppHistory
    left: MigratedModel | None


def migrated_models(facts: Facts) -> Iterator[Migrated]:
    """Each model whose app has migrations that could be followed to their end."""
    found = [item for item in facts.entities if item.kind == "django"]
    if not found or _are_made_at_start(facts.model):
        return
    models = Models(facts.model, found)
    histories = django_histories(facts.model, models.project)
    if not histories or models.project.has_setting("MIGRATION_MODULES"):
        return
    by_name: dict[tuple[str, str], list[Model]] = defaultdict(list)
    for item in models:
        if item.label is not None and not is_outside(item.entity.path):
            by_name[item.label, item.name.lower()].append(item)
    for (label, name), same in by_name.items():
        history = histories.get(label)
        if history is None or not history.complete or history.unknown_sql:
            continue
        if len(same) == 1 and _has_table(models, same[0]):
            yield Migrated(same[0], history, history.models.get(name))


def _are_made_at_start(model: CodeModel) -> bool:
    """Are migrations made where the service starts, or kept out of version control?"""
    return (
        started_with(model, _MAKES)
        or ignores(model, "migrations")
        or any(
            isinstance(argument := call.argument(0), s.Literal)
            and argument.value == "makemigrations"
            and not is_outside(function.module.path)
            for function in model.functions.values()
            for call in model.calls_in(function)
        )
    )


def _has_table(models: Models, item: Model) -> bool:
    """Does Django manage a table of the model's own?"""
    if item.abstract or item.proxy:
        return False
    managed = item.options.get("managed")
    if managed is not None:
        value = constant(models.model, managed)
        if value is None or value.value is not True:
            return False
    swappable = item.options.get("swappable")
    if swappable is not None:
        setting = text(models.model, swappable)
        chosen = models.project.setting_read(f"django.conf.settings.{setting}")
        return chosen is not None and chosen.lower() == f"{item.label}.{item.name}".lower()
    return True


def is_loaded(model: CodeModel, item: Model, history: AppHistory) -> bool:
    """Does importing the app's models surely define this one?"""
    if item.cls.node not in [st.cls for st in item.cls.module.body if isinstance(st, s.ClassDef)]:
        return False
    start = [f"{history.folder}/models.py", f"{history.folder}/models/__init__.py"]
    seen = {path for path in start if path in model.modules}
    queue: list[str] = list(seen)
    while queue and len(seen) < _MAX_MODULES:
        for edge in model.imports_of(queue.pop()):
            if edge.target is not None and edge.target not in seen and not edge.type_only:
                seen.add(edge.target)
                queue.append(edge.target)
    return item.cls.module.path in seen


def is_certain(model: CodeModel, declared: Declared) -> bool:
    """Does Django surely keep the field in the model's state?"""
    if declared.call is None or declared.conditional or declared.type.opens:
        return False
    if declared.kind not in STORED or declared.type.target is not None:
        return False
    values = model.evaluate(declared.call.func)
    return bool(values) and all(
        (isinstance(value, ExternalValue) and external_field(value.path) is not None)
        or (
            isinstance(value, ClassValue) and model.method(value.cls, "contribute_to_class") is None
        )
        for value in values
    )


def is_of_django(model: CodeModel, declared: Declared) -> bool:
    """Is the field one of Django's own classes, so that its arguments mean what they say?"""
    if declared.call is None or declared.conditional:
        return False
    values: Sequence[object] = list(model.evaluate(declared.call.func))
    return len(values) == 1 and all(
        isinstance(value, ExternalValue) and value.path.startswith("django.") for value in values
    )
