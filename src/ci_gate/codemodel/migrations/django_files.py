"""The migration files of a Django app, in the order in which they run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import text
from ci_gate.codemodel.entities.django.project import Project
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_FILE: Final = regex(r"^(.+)/migrations/([A-Za-z0-9]\w*)\.py$")
_BASE: Final = regex(r"^django\.db\.migrations\.(?:migration\.)?Migration$")


@dataclass(slots=True, eq=False)
class MigrationFile:
    """One migration. ``operations`` is None where they cannot be read off the class body;
    ``needs_known`` is false where it may need others than ``needs``."""

    name: str
    path: str
    node: s.Class
    operations: Sequence[s.Expr] | None
    needs: frozenset[str]
    replaces: frozenset[str]
    needs_known: bool


@dataclass(slots=True, eq=False)
class AppMigrations:
    """The migrations of one app. ``ordered`` is false where their order cannot be followed:
    a missing or unreadable one, two that come last, a cycle. ``known``: all of them are read, with
    what they need. ``names`` are all, also those that a squashed one replaces; ``last`` are those
    that no other one of the app needs.
    """

    folder: str
    label: str
    files: list[MigrationFile] = field(default_factory=list)
    ordered: bool = True
    known: bool = True
    names: frozenset[str] = frozenset()
    last: tuple[MigrationFile, ...] = ()


def app_migrations(model: CodeModel, project: Project) -> Sequence[AppMigrations]:
    """The migrations of each app that has any and whose label is known."""
    classes: dict[str, list[ClassInfo]] = defaultdict(list)
    for cls in model.classes.values():
        if _FILE.match(cls.module.path) and cls.name == "Migration":
            classes[cls.module.path].append(cls)
    found: dict[str, AppMigrations] = {}
    for path in sorted(model.modules):
        match, label = _FILE.match(path), project.label(path)
        if match is None or label is None:
            continue
        folder: str = match[1]
        if f"{folder}/migrations/__init__.py" not in model.modules:
            continue
        app = found.setdefault(folder, AppMigrations(folder, label))
        own = classes.get(path, [])
        if len(own) != 1 or not _is_migration(model, own[0]):
            app.ordered = app.known = False
            continue
        app.files.append(_read(model, match[2], own[0]))
    for app in found.values():
        _order(app)
    return [app for app in found.values() if app.files]


def _is_migration(model: CodeModel, cls: ClassInfo) -> bool:
    return any(
        isinstance(base, ExternalValue) and _BASE.match(base.path) for base in model.ancestors(cls)
    )


def _read(model: CodeModel, name: str, cls: ClassInfo) -> MigrationFile:
    assigned: dict[str, list[s.Assign]] = defaultdict(list)
    for statement in cls.node.body:
        if isinstance(statement, s.Assign):
            for target in statement.targets:
                if isinstance(target, s.Name):
                    assigned[target.id].append(statement)
    operations: Sequence[s.Expr] | None = []
    if "operations" in assigned:
        [first, *more] = assigned["operations"]
        operations = (
            flat(model, cls.node.body, first.value) if not more and first.op is None else None
        )
    if any(not isinstance(st, _PLAIN) for st in cls.node.body):
        operations = None
    return MigrationFile(
        name, cls.module.path, cls.node, operations,
        _names(model, assigned["dependencies"]), _names(model, assigned["replaces"]),
        all(_is_read(model, assigned[name]) for name in ("dependencies", "replaces")),
    )  # fmt: skip


_MAX_DEPTH: Final = 40
_PLAIN: Final = (s.Assign, s.ExprStmt, s.Jump, s.FunctionDef, s.ClassDef)


def flat(
    model: CodeModel, body: Sequence[s.Stmt], expr: s.Expr | None, depth: int = 0
) -> Sequence[s.Expr] | None:
    """The items of a list display, or of several added up, whose parts may have names in the class
    ``body`` or its module; None for anything else."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(expr, s.Name):
        bound = _bound(model, body, expr)
        return flat(model, body, bound, depth + 1) if bound is not None else None
    if isinstance(expr, s.Binary) and expr.op == "+":
        left = flat(model, body, expr.left, depth + 1)
        right = flat(model, body, expr.right, depth + 1)
        return [*left, *right] if left is not None and right is not None else None
    if not isinstance(expr, s.Sequence):
        return None
    found: list[s.Expr] = []
    for item in expr.items:
        if isinstance(item, s.Starred):
            inner = flat(model, body, item.value, depth + 1)
            if inner is None:
                return None
            found.extend(inner)
        else:
            found.append(item)
    return found


def _bound(model: CodeModel, body: Sequence[s.Stmt], name: s.Name) -> s.Expr | None:
    own = [
        statement.value
        for statement in body
        if isinstance(statement, s.Assign)
        and any(isinstance(t, s.Name) and t.id == name.id for t in statement.targets)
    ]
    if own:
        return own[0] if len(own) == 1 else None
    found = model.binding(name.id, model.scope_of(name))
    return found[0] if found is not None else None


def _names(model: CodeModel, statements: Iterable[s.Assign]) -> frozenset[str]:
    """The names in lists of ``(app, name)``, as ``app.name``."""
    found: set[str] = set()
    for statement in statements:
        for item in flat(model, (), statement.value) or ():
            match _named(model, item):
                case [app, name]:
                    found.add(f"{app}.{name}")
    return frozenset(found)


def _named(model: CodeModel, item: s.Expr) -> Sequence[str]:
    """The app and the name of a migration; nothing where one of them is not known."""
    if not isinstance(item, s.Sequence) or len(item.items) != 2:
        return ()
    found = [text(model, part) for part in item.items]
    return [name for name in found if name is not None]


def _is_read(model: CodeModel, statements: Sequence[s.Assign]) -> bool:
    """Do the statements name all? A swappable dependency is on another app as a rule."""
    items = [flat(model, (), statement.value) for statement in statements]
    return len(items) <= 1 and all(
        isinstance(item, s.Call) or len(_named(model, item)) == 2
        for found in items
        for item in (found if found is not None else [s.Unknown((0, 0, 0, 0))])
    )


def _order(app: AppMigrations) -> None:
    """Brings the files of ``app`` into the order in which they run, squashed ones left out."""
    own = f"{app.label}."
    app.known = app.known and all(file.needs_known for file in app.files)
    replaced = {
        name.removeprefix(own): file.name
        for file in app.files
        for name in file.replaces
        if name.startswith(own) and name != own + file.name
    }
    files = {file.name: file for file in app.files if file.name not in replaced}
    waiting: dict[str, set[str]] = {}
    for file in files.values():
        needs = waiting[file.name] = set()
        for need in file.needs:
            label, _, name = need.partition(".")
            for _ in app.files:
                name = replaced.get(name, name)
            if label == app.label and not name.startswith("__") and name != file.name:
                needs.add(name)
    app.names = frozenset(replaced) | frozenset(file.name for file in app.files)
    needed = {name for names in waiting.values() for name in names}
    app.last = tuple(file for file in files.values() if file.name not in needed)
    app.ordered = app.ordered and needed <= files.keys() and len(files.keys() - needed) == 1
    done: list[MigrationFile] = []
    while waiting:
        ready = sorted(name for name, needs in waiting.items() if not needs & waiting.keys())
        if not ready:
            app.ordered = False
            break
        for name in ready:
            done.append(files[name])
            del waiting[name]
    app.files = done
