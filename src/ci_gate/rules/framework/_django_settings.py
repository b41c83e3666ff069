"""What Django's settings say, where they say it plainly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue

_LISTS: Final = ("MIDDLEWARE", "MIDDLEWARE_CLASSES")
_APPS: Final = ("INSTALLED_APPS", "LOCAL_APPS", "PROJECT_APPS")
_MODULES: Final = ("ROOT_URLCONF",)
_NAMES: Final = ("WSGI_APPLICATION", "ASGI_APPLICATION")
_VARIABLE: Final = "DJANGO_SETTINGS_MODULE"
_INCLUDES: Final = frozenset({"django.urls.include", "django.conf.urls.include"})


def assignments(model: CodeModel, *names: str) -> Iterator[tuple[str, s.Assign]]:
    """Every assignment to one of the settings, with the path of its module."""
    for path, module in sorted(model.modules.items()):
        if module.language != "python" or is_outside(path):
            continue
        for node in model.nodes_of(module, s.Assign):
            if any(
                isinstance(target, s.Name | s.Attribute)
                and (target.id if isinstance(target, s.Name) else target.name) in names
                for target in node.targets
            ):
                yield path, node


def named_modules(model: CodeModel) -> Iterator[tuple[str, s.Literal, str, bool]]:
    """What Django imports by a text: the path, the text, and whether its last part is a name in the
    module."""
    for path, statement in assignments(model, *_MODULES, *_NAMES, *_LISTS, *_APPS):
        names = {s.last_name(target) for target in statement.targets}
        value = statement.value
        items = value.items if isinstance(value, s.Sequence) else [value]
        for item in items:
            if not isinstance(item, s.Literal) or not isinstance(item.value, str):
                continue
            last = item.value.rpartition(".")[2]
            if names.isdisjoint(_APPS):
                yield path, item, item.value, names.isdisjoint(_MODULES)
            elif "." in item.value:
                yield path, item, item.value, last[:1].isupper()
    for word, place in (("include", 0), ("setdefault", 1)):
        for call, scope in model.calls_named(word):
            given = call.argument(place)
            first = call.argument(0)
            if not isinstance(given, s.Literal) or not isinstance(given.value, str):
                continue
            if is_outside(scope.module.path) or scope.module.language != "python":
                continue
            if place and not (isinstance(first, s.Literal) and first.value == _VARIABLE):
                continue
            if not place and not _is_include(model, call):
                continue
            yield scope.module.path, given, given.value, False


def _is_include(model: CodeModel, call: s.Call) -> bool:
    values = model.evaluate(call.func)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path in _INCLUDES for value in values
    )


def middleware(model: CodeModel, name: str) -> tuple[str, s.Literal] | None:
    """Where the settings list the middleware; None where they do not, or take it out again."""
    found: tuple[str, s.Literal] | None = None
    for path, statement in assignments(model, *_LISTS):
        for node in s.walk(statement):
            if isinstance(node, s.Literal) and node.value == name:
                found = found or (path, node)
    if found is not None and any(_takes_out(call) for call in _calls(model)):
        return None
    return found


def _calls(model: CodeModel) -> Iterator[s.Call]:
    for module in model.modules.values():
        if module.language == "python":
            yield from model.nodes_of(module, s.Call)


def _takes_out(node: s.Node) -> bool:
    """``MIDDLEWARE.remove(…)``"""
    match node:
        case s.Call(func=s.Attribute(name="remove" | "pop", value=s.Name(id=name))):
            return name in _LISTS
        case s.Call(func=s.Attribute(name="remove" | "pop", value=s.Attribute(name=name))):
            return name in _LISTS
    return False


def is_false(model: CodeModel, name: str) -> bool:
    """May the setting be off? True where any assignment does not plainly say True."""
    return any(
        not (isinstance(statement.value, s.Literal) and statement.value.value is True)
        for _, statement in assignments(model, name)
    )
