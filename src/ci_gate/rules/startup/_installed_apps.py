"""The apps that a Django project installs, and the modules that it surely loads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import text
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

_CONFIGS: Final = frozenset({"django.apps.AppConfig", "django.apps.config.AppConfig"})
_COPIES: Final = frozenset({"list", "tuple"})
_ADDS: Final = frozenset({"append", "extend", "insert"})
_SETTING: Final = "INSTALLED_APPS"
#: What Django loads of each installed app.
_OF_APP: Final = ("models", "apps", "admin", "__init__", "models/__init__")


@dataclass(frozen=True, slots=True)
class InstalledApps:
    """All that settings of the tree install. ``names`` are packages, ``path`` and ``line`` the
    place of the first list."""

    names: frozenset[str]
    path: str
    line: int

    def holds(self, path: str) -> bool:
        """Is the module part of an installed app, under whatever root it is imported?"""
        parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
        dotted = [".".join(parts[start:]) for start in range(len(parts))]
        return any(
            item == name or item.startswith(f"{name}.") for item in dotted for name in self.names
        )


def installed_apps(model: CodeModel) -> InstalledApps | None:
    """The installed apps; None where there are none, or not all of them can be read."""
    found: set[str] = set()
    place: tuple[str, int] | None = None
    for path, module in sorted(model.modules.items()):
        if module.language != "python" or is_outside(path) or "_APPS" not in _text(model, path):
            continue
        for node in s.walk(module):
            names = _given(node)
            if names is None:
                continue
            for expr in names:
                if not _read(expr, found):
                    return None
            if place is None and isinstance(node, s.Assign) and _is_named(node, _SETTING):
                place = path, node.line
    if place is None:
        return None
    packages = _packages(model, found)
    return InstalledApps(packages, *place) if packages is not None else None


def _given(node: s.Node) -> list[s.Expr] | None:
    """What an assignment or a call adds to the apps; None for other nodes."""
    match node:
        case s.Assign(value=value) if value is not None and _is_apps(node):
            return [value]
        case s.Call(func=s.Attribute(name=name, value=s.Name(id=owner))) if name in _ADDS:
            if owner.endswith("_APPS"):
                return [item.value for item in node.args if not _is_number(item.value)]
    return None


def _is_apps(node: s.Assign) -> bool:
    return any(
        isinstance(target, s.Name) and target.id.endswith("_APPS") for target in node.targets
    )


def _is_named(node: s.Assign, name: str) -> bool:
    return any(isinstance(target, s.Name) and target.id == name for target in node.targets)


def _is_number(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and isinstance(expr.value, int)


def _read(expr: s.Expr, found: set[str], depth: int = 0) -> bool:
    """Adds the names in a list of apps; False where some are not written out."""
    if depth > 40:
        return False
    match expr:
        case s.Literal(value=str(name)):
            found.add(name)
            return True
        case s.Name(id=name):
            return name.endswith("_APPS")
        case s.Attribute(name=name):
            return name.endswith("_APPS")
        case s.Sequence(items=items):
            return all(_read(item, found, depth + 1) for item in items)
        case s.Starred(value=value):
            return _read(value, found, depth + 1)
        case s.Binary(op="+", left=left, right=right):
            return _read(left, found, depth + 1) and _read(right, found, depth + 1)
        case s.Conditional(body=body, orelse=orelse):
            return _read(body, found, depth + 1) and _read(orelse, found, depth + 1)
        case s.Call(func=s.Name(id=name), args=[argument]) if name in _COPIES:
            return _read(argument.value, found, depth + 1)
    return False


def _packages(model: CodeModel, entries: set[str]) -> frozenset[str] | None:
    """The packages of the entries, those of configurations by what these say."""
    configs = {cls.name: cls for cls in model.classes.values() if _is_config(model, cls)}
    found: set[str] = set()
    for entry in entries:
        module, _, last = entry.rpartition(".")
        found.add(module.removesuffix(".apps") if last[:1].isupper() else entry)
        config = configs.get(last)
        if config is not None:
            name = text(model, _own(config, "name"))
            if name is None:
                return None
            found.add(name)
    return frozenset(found)


def _is_config(model: CodeModel, cls: ClassInfo) -> bool:
    return any(
        isinstance(base, ExternalValue) and base.path in _CONFIGS for base in model.ancestors(cls)
    )


def _own(cls: ClassInfo, name: str) -> s.Expr | None:
    for statement in cls.node.body:
        match statement:
            case s.Assign(targets=[s.Name(id=found)], value=value) if found == name:
                return value
    return None


def loaded(model: CodeModel, apps: InstalledApps) -> dict[str, str]:
    """The modules that surely run when the project starts, each with one that imports it: those of
    URL patterns and views, what Django loads of each app, and all that these import at once."""
    found = dict.fromkeys(_starts(model, apps), "")
    waiting = list(found)
    while waiting:
        path = waiting.pop()
        for edge in model.imports_of(path):
            if edge.type_only or edge.lazy or edge.node.guarded or edge.target is None:
                continue
            for target in (edge.target, *(step.path for step in edge.via)):
                if target not in found and target in model.modules:
                    found[target] = path
                    waiting.append(target)
    return found


def _starts(model: CodeModel, apps: InstalledApps) -> Iterator[str]:
    for route in model.routes:
        if route.framework == "django" and not is_outside(route.module):
            yield route.module
            for handler in route.handlers[:1]:
                yield handler.module.path
    for path in model.modules:
        if posixpath.basename(path).removesuffix(".py") in _OF_APP and apps.holds(path):
            yield path


def _text(model: CodeModel, path: str) -> str:
    try:
        return model.tree.text(path)
    except OSError:
        return ""
