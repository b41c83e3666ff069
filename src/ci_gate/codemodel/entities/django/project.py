"""What a Django project's settings and app configurations say that its models rely on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import constant, text
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ConstantValue, ExternalValue

_SETTINGS: Final = "django.conf.settings."
_APP_CONFIGS: Final = ("django.apps.AppConfig", "django.apps.config.AppConfig")
_MARKS_OF_SETTINGS: Final = frozenset({"INSTALLED_APPS", "ROOT_URLCONF"})


class Project:
    """Settings by name and app labels by folder, as far as the tree tells them."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._settings: dict[str, list[tuple[str, s.Expr]]] = defaultdict(list)
        self._is_project = False
        folders: set[str] = set()
        named: set[str] = set()
        for path, module in model.modules.items():
            if module.language != "python":
                continue
            folders.update(_app_folder(path))
            for name, value in _constants(module):
                if name.endswith("_APPS"):
                    named.update(_texts(value))
                self._settings[name].append((path, value))
                self._is_project = self._is_project or name in _MARKS_OF_SETTINGS
        self._labels: dict[str, str | None] = {}
        self._read_app_configs(folders)
        self._read_folders(folders, named)
        self.installed = self._installed_elsewhere(named)

    def setting(self, name: str) -> ConstantValue | None:
        """The constant that all settings of the service agree on."""
        found = self._settings.get(name, [])
        inside = [item for item in found if not is_outside(item[0])] or found
        values = {constant(self._model, value) for _, value in inside}
        return values.pop() if len(values) == 1 else None

    def has_setting(self, name: str) -> bool:
        """Do settings other than those of tests set ``name``?"""
        return any(
            not is_outside(path) and "test" not in path.rpartition("/")[2]
            for path, _ in self._settings.get(name, ())
        )

    def user_model(self) -> str | None:
        """``app.Model`` of the users; None where this tree does not say it (a reusable app)."""
        if "AUTH_USER_MODEL" not in self._settings:
            return "auth.User" if self._is_project else None
        value = self.setting("AUTH_USER_MODEL")
        return value.value if value is not None and isinstance(value.value, str) else None

    def setting_read(self, path: str) -> str | None:
        """The text of the setting that the library path ``django.conf.settings.NAME`` reads."""
        name = path.removeprefix(_SETTINGS)
        if name == path:
            return None
        if name == "AUTH_USER_MODEL":
            return self.user_model()
        value = self.setting(name)
        return value.value if value is not None and isinstance(value.value, str) else None

    def datetime_type(self) -> ColumnType | None:
        value = self.setting("USE_TZ")
        if value is None or not isinstance(value.value, bool):
            return None
        return "datetime-tz" if value.value else "datetime"

    def label(self, path: str) -> str | None:
        """The label of the app that a file is part of."""
        folder = path.rpartition("/")[0]
        while folder:
            if folder in self._labels:
                return self._labels[folder]
            folder = folder.rpartition("/")[0]
        return None

    def is_label(self, label: str) -> bool:
        """Is ``label`` an app of this tree?"""
        return label in self._labels.values()

    def app_folder(self, path: str) -> str | None:
        """The folder of the app that a file is part of."""
        folder = path.rpartition("/")[0]
        while folder and folder not in self._labels:
            folder = folder.rpartition("/")[0]
        return folder or None

    def _read_app_configs(self, folders: set[str]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for cls in self._model.classes.values():
            if not any(
                isinstance(base, ExternalValue) and base.path in _APP_CONFIGS
                for base in self._model.ancestors(cls)
            ):
                continue
            name = text(self._model, _own(cls, "name"))
            if name is None:
                continue
            label = text(self._model, _own(cls, "label")) or name.rpartition(".")[2]
            folder = _folder_named(name, cls.module.path, folders)
            if folder is not None:
                found[folder].add(label)
        for folder, labels in found.items():
            self._labels[folder] = labels.pop() if len(labels) == 1 else None

    def _read_folders(self, folders: set[str], named: set[str]) -> None:
        """Folders with models or migrations; the models of a folder that no settings name belong to
        an app around it."""
        dotted = {_app(name) for name in named}
        for folder in sorted(folders, key=len):
            parts = folder.split("/")
            installed = any(".".join(parts[start:]) in dotted for start in range(len(parts)))
            migrated = f"{folder}/migrations/__init__.py" in self._model.modules
            if installed or migrated or self.app_folder(f"{folder}/models.py") is None:
                self._labels.setdefault(folder, parts[-1])

    def _installed_elsewhere(self, named: set[str]) -> tuple[str, ...]:
        """The apps that settings name and that are no folder of the tree."""
        folders = {""}
        for path in self._model.modules:
            while path := path.rpartition("/")[0]:
                folders.add(path)
        ends = {folder.replace("/", ".")[at:] for folder in folders for at in _starts(folder)}
        return tuple(sorted({_app(name) for name in named} - ends))


def _app(name: str) -> str:
    """The package of an entry of ``INSTALLED_APPS``."""
    return name.partition(".apps.")[0]


def _starts(folder: str) -> Iterator[int]:
    """Where the names in a path begin."""
    yield 0
    yield from (at + 1 for at, letter in enumerate(folder) if letter == "/")


def _texts(expr: s.Expr) -> Iterator[str]:
    for node in s.walk(expr):
        if isinstance(node, s.Literal) and isinstance(node.value, str):
            yield node.value


def _app_folder(path: str) -> Iterator[str]:
    """The folder whose ``models`` or ``migrations`` a file is."""
    parts = path.split("/")
    parts[-1] = parts[-1].removesuffix(".py")
    for mark in ("models", "migrations"):
        if mark in parts[1:]:
            yield "/".join(parts[: parts.index(mark, 1)])


def _folder_named(name: str, path: str, folders: set[str]) -> str | None:
    """The folder of the package ``name``, named in the configuration at ``path``."""
    wanted = name.replace(".", "/")
    own = path.rpartition("/")[0]
    if own == wanted or own.endswith(f"/{wanted}") or f"/{own}".endswith(f"/{wanted}"):
        return own
    if own.rpartition("/")[2] == wanted.rpartition("/")[2]:
        return own
    others = [folder for folder in folders if f"/{folder}".endswith(f"/{wanted}")]
    return others[0] if len(others) == 1 else None


def _own(cls: ClassInfo, name: str) -> s.Expr | None:
    for statement in cls.node.body:
        match statement:
            case s.Assign(targets=[s.Name(id=found)], value=value) if found == name:
                return value
    return None


def _constants(module: s.Module) -> Iterator[tuple[str, s.Expr]]:
    """Assignments to upper-case names at the top of a module, also under ``if`` and ``try``."""
    stack: list[s.Stmt] = list(module.body)
    while stack:
        statement = stack.pop()
        if isinstance(statement, s.If | s.Try | s.With):
            stack.extend(c for c in s.children(statement) if isinstance(c, s.If | s.Try | s.With))
            stack.extend(c for c in s.children(statement) if isinstance(c, s.Assign))
        elif isinstance(statement, s.Assign) and statement.value is not None:
            for target in statement.targets:
                if isinstance(target, s.Name) and target.id.isupper():
                    yield target.id, statement.value
