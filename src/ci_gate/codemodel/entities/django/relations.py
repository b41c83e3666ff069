"""Where Django's relations lead, and what they put on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.contrib import contrib_label
from ci_gate.codemodel.entities.django.declared import Declared, text
from ci_gate.codemodel.entities.django.models import Model, Models
from ci_gate.codemodel.model import ClassInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ConstantValue, ExternalValue, Value
from ci_gate.data import dataclass

_GET_USER_MODEL: Final = "django.contrib.auth.get_user_model()"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a relation leads. ``name`` is None where that is not known; ``model`` only for models
    of this tree, ``cls`` for any class of it."""

    name: str | None = None
    model: Model | None = None
    cls: ClassInfo | None = None


UNKNOWN: Final = Target()


@dataclass(frozen=True, slots=True)
class Back:
    """What a relation is called on the other side: as attribute and in lookups.

    Both None: nothing is put there. ``known`` is false where a name is made up at run time.
    """

    attribute: str | None = None
    lookup: str | None = None
    known: bool = True


class Targets:
    """Resolves the first argument of relations."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._model = models.model

    def of(self, source: Model, declared: Declared, keyword: str = "to") -> Target:
        if declared.type.target is not None:
            return Target(declared.type.target)
        position = 0 if keyword == "to" else None
        given = declared.argument(keyword, position)
        if given is None:
            return UNKNOWN
        found = [self._value(source, value) for value in self._model.evaluate(given)]
        return found[0] if len(found) == 1 else UNKNOWN

    def _value(self, source: Model, value: Value) -> Target:
        if isinstance(value, ClassValue):
            model = self._models.of_class(value.cls)
            return Target(value.cls.name, model, value.cls)
        if isinstance(value, ConstantValue) and isinstance(value.value, str):
            return self.named(source, value.value)
        if isinstance(value, ExternalValue):
            if value.path == _GET_USER_MODEL:
                setting = self._models.project.user_model()
            else:
                setting = self._models.project.setting_read(value.path)
            if setting is not None:
                return self.named(source, setting)
            label = contrib_label(value.path)
            return Target(label) if label is not None else UNKNOWN
        return UNKNOWN

    def named(self, source: Model, reference: str) -> Target:
        """What ``"app.Model"``, ``"Model"`` or ``"self"`` means in ``source``."""
        if reference == "self":
            return Target(source.name, source, source.cls)
        label, dot, name = reference.rpartition(".")
        if not dot:
            return self._local(source, name)
        found = self._models.labelled(label, name) or [
            item for item in self._models.named(name) if item.label is None
        ]
        if not found and not self._models.project.is_label(label):
            return Target(reference)
        return self._one(source, found)

    def _local(self, source: Model, name: str) -> Target:
        if source.label is not None:
            return self._one(source, self._models.labelled(source.label, name))
        return self._one(source, self._models.named(name))

    def _one(self, source: Model, found: Sequence[Model]) -> Target:
        """The one of ``found``; where there are more, that in the file or app of ``source``."""
        found = [item for item in found if not item.abstract] or found
        if len(found) > 1 and not is_outside(source.entity.path):
            found = [item for item in found if not is_outside(item.entity.path)]
        if len(found) > 1:
            near = [item for item in found if item.entity.path == source.entity.path]
            folder = self._models.project.app_folder(source.entity.path)
            found = near or [
                item
                for item in found
                if self._models.project.app_folder(item.entity.path) == folder
            ]
        if len(found) != 1:
            return UNKNOWN
        return Target(found[0].name, found[0], found[0].cls)

    def back(self, source: Model, declared: Declared) -> Back:
        """What ``declared`` of ``source`` is called on its target."""
        lookup, lookup_known = self._formatted(source, declared.argument("related_query_name"))
        if declared.kind == "generic-relation":
            return Back(None, lookup, lookup_known)
        if declared.type.target is not None:
            return Back()
        if declared.kind == "many-to-many" and self._is_symmetrical(declared):
            return Back()
        given = declared.argument("related_name")
        if given is None and declared.is_open("related_name"):
            return Back(None, None, known=False)
        name, known = self._formatted(source, given)
        if name is None and known:
            name, known = self._formatted(source, source.options.get("default_related_name"))
        if not (known and lookup_known):
            return Back(None, None, known=False)
        if name is not None and name.endswith("+"):
            return Back(None, lookup)
        plain = source.name.lower()
        default = plain if declared.kind == "one-to-one" else f"{plain}_set"
        return Back(name or default, lookup or name or plain)

    def _is_symmetrical(self, declared: Declared) -> bool:
        given = declared.argument("symmetrical")
        if given is not None:
            return isinstance(given, s.Literal) and given.value is True
        to = declared.argument("to", 0)
        return isinstance(to, s.Literal) and to.value == "self"

    def _formatted(self, source: Model, given: s.Expr | None) -> tuple[str | None, bool]:
        """A name with its place holders filled in, and whether it is known."""
        if given is None or (isinstance(given, s.Literal) and given.value is None):
            return None, True
        name = text(self._model, given)
        if name is None:
            return None, False
        if "%(app_label)s" in name:
            if source.label is None:
                return None, False
            name = name.replace("%(app_label)s", source.label)
        plain = source.name.lower()
        name = name.replace("%(class)s", plain).replace("%(model_name)s", plain)
        return (None, False) if "%(" in name else (name, True)
