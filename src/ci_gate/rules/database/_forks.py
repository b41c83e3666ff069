"""Where the migrations of a Python project do not form one line."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.project import Project
from ci_gate.codemodel.migrations.alembic_files import Revision, revisions
from ci_gate.codemodel.migrations.django_files import AppMigrations, MigrationFile, app_migrations
from ci_gate.codemodel.model import CodeModel
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts

#: Projects inside the project: what tests and documentation try on purpose.
_APART: Final = regex(
    r"(?:^|/)(?:tests?|testing|fixtures|examples?|samples?|docs?|docs_src|templates?)/"
)
_HEADS: Final = regex(r"\bupgrade\b[^\n]{0,60}\bheads\b|[\"'](?:\w+@)?heads[\"']")
_COMMANDS: Final = (
    ".py", ".sh", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".json", ".md", ".rst", "Makefile",
    "Procfile", "justfile",
)  # fmt: skip
#: Migrations of other places than the ones that are seen.
_PLACES: Final = regex(r"^\s*version_locations\s*=", re.MULTILINE)
#: Labels of Django's own apps, which an app of the tree may share in another project.
_OF_DJANGO: Final = frozenset({
    "admin", "admindocs", "auth", "contenttypes", "flatpages", "gis", "humanize", "messages",
    "postgres", "redirects", "sessions", "sitemaps", "sites", "staticfiles", "syndication",
})  # fmt: skip
_SPECIAL: Final = ("__first__", "__latest__")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A migration that has no place in the line; ``subject`` names it without lines."""

    path: str
    node: s.Node
    subject: str
    message: str
    why: str
    fix: str
    related: tuple[Related, ...]


# --- Alembic ---


def alembic_flaws(facts: Facts) -> Iterator[Flaw]:
    model = facts.model
    folders: dict[str, list[Revision]] = defaultdict(list)
    for revision in revisions(model):
        if not _APART.search(revision.path):
            folders[posixpath.dirname(revision.path)].append(revision)
    ids = {revision.id for found in folders.values() for revision in found}
    for folder, found in sorted(folders.items()):
        if not _is_whole(model, folder, found):
            continue
        doubled = list(_doubled(found))
        yield from doubled
        missing = list(_orphans(model, found, ids))
        yield from missing
        if not doubled and not missing and all(item.down_known for item in found):
            yield from _forked(facts, folder, found)


def _is_whole(model: CodeModel, folder: str, found: Sequence[Revision]) -> bool:
    """Is every revision of the folder read?"""
    read = {revision.path for revision in found}
    return not any(
        posixpath.dirname(path) == folder
        and path not in read
        and path.endswith(".py")
        and "down_revision" in _text(model, path)
        for path in (*model.tree.files, *(item.path for item in model.skipped))
    )


def _doubled(found: Sequence[Revision]) -> Iterator[Flaw]:
    by_id: dict[str, Revision] = {}
    for revision in found:
        other = by_id.setdefault(revision.id, revision)
        if other is not revision:
            yield Flaw(
                revision.path,
                revision.node,
                f"revision {revision.id} twice",
                f"{posixpath.basename(revision.path)} and {posixpath.basename(other.path)} are "
                f"both revision {revision.id}.",
                "Alembic keeps one of them and never runs the other: what it adds is missing in "
                "the database.",
                "Give this one a revision identifier of its own, and let it follow the other.",
                (Related(other.path, other.node.line, f"also revision {other.id}"),),
            )


def _orphans(model: CodeModel, found: Sequence[Revision], ids: set[str]) -> Iterator[Flaw]:
    if any(revision.down - ids for revision in found) and _has_other_places(model):
        return
    for revision in found:
        missing = sorted(revision.down - ids)
        if missing:
            last = sorted(_heads([item for item in found if item is not revision]), key=_place)
            yield Flaw(
                revision.path,
                revision.node,
                f"revision {revision.id} follows {missing[0]}",
                f"Revision {revision.id} follows {missing[0]}, and there is no such revision.",
                f"Alembic stops with KeyError: '{missing[0]}' before it runs anything: no command "
                "works, and the database is not set up.",
                f'Set down_revision to "{last[-1].id}", the last one, or bring {missing[0]} back.'
                if len(last) == 1
                else f"Set down_revision to a revision that exists, or bring {missing[0]} back.",
                tuple(Related(item.path, item.node.line, "comes last") for item in last[-1:]),
            )


def _forked(facts: Facts, folder: str, found: Sequence[Revision]) -> Iterator[Flaw]:
    heads = _heads(found)
    if len(heads) < 2 or any(item.labelled for item in found) or _upgrades_heads(facts.model):
        return
    known = {revision.id: revision for revision in found}
    lines = {head: _line(head, known) for head in heads}
    new, *others = sorted(heads, key=lambda head: _newest(facts, head, lines[head]))
    own = [item for item in lines[new] if not any(item in lines[other] for other in others)]
    first = next((item for item in own if not any(known.get(d) in own for d in item.down)), new)
    other = others[0]
    names = ", ".join(sorted(head.id for head in heads)[:4])
    after = " and ".join(sorted(first.down))
    yield Flaw(
        first.path,
        first.node,
        f"heads of {folder}",
        f"Revision {first.id} {f'follows {after}' if after else 'follows none'}, beside the line "
        f"that ends in {other.id}: {folder} has {len(heads)} heads ({names}).",
        "`alembic upgrade head` fails: Multiple head revisions are present. The database is not "
        "brought up to date, and a service that migrates when it starts does not start.",
        f'Set down_revision to "{other.id}", or join the heads with `alembic merge heads`.',
        tuple(Related(item.path, item.node.line, f"{item.id} comes last too") for item in others),
    )


def _heads(found: Sequence[Revision]) -> list[Revision]:
    needed = {name for revision in found for name in revision.needs}
    return [revision for revision in found if revision.id not in needed]


def _line(head: Revision, known: dict[str, Revision]) -> list[Revision]:
    """The revision with all that run before it."""
    seen, waiting = {head.id}, [head]
    line: list[Revision] = []
    while waiting:
        revision = waiting.pop()
        line.append(revision)
        for name in sorted(revision.needs - seen):
            seen.add(name)
            if name in known:
                waiting.append(known[name])
    return line


def _newest(facts: Facts, head: Revision, line: Sequence[Revision]) -> tuple[bool, int, str]:
    """Orders heads so that the one that was added last comes first, as far as that is told."""
    before = facts.base is not None and facts.base.model.tree.exists(head.path)
    return before, len(line), head.path


def _place(revision: Revision) -> str:
    return revision.path


def _has_other_places(model: CodeModel) -> bool:
    return any(
        _PLACES.search(_text(model, path))
        for path in model.tree.files
        if path.endswith((".ini", ".toml", ".cfg"))
    )


def _upgrades_heads(model: CodeModel) -> bool:
    """Does a script, a command of the program or the documentation upgrade to all heads?"""
    return any(
        _HEADS.search(_text(model, path))
        for path in model.tree.files
        if path.endswith(_COMMANDS) or posixpath.basename(path).startswith("Dockerfile")
    )


def _text(model: CodeModel, path: str) -> str:
    try:
        return model.tree.text(path)
    except OSError:
        return ""


# --- Django ---


def django_flaws(facts: Facts) -> Iterator[Flaw]:
    if not facts.stack.has("django"):
        return
    project = Project(facts.model)
    if project.has_setting("MIGRATION_MODULES"):
        return
    by_label: dict[str, list[AppMigrations]] = defaultdict(list)
    for app in app_migrations(facts.model, project):
        if not _APART.search(f"{app.folder}/"):
            by_label[app.label].append(app)
    apps = {label: found[0] for label, found in by_label.items() if len(found) == 1}
    for app in apps.values():
        if app.known:
            yield from _two_leaves(facts, app)
        for file in app.files:
            yield from _without_parent(facts, file, apps)


def _two_leaves(facts: Facts, app: AppMigrations) -> Iterator[Flaw]:
    if len(app.last) < 2 or not _is_whole_app(facts.model, app):
        return
    base = facts.base.model.tree if facts.base is not None else None
    *others, new = sorted(
        app.last, key=lambda file: (base is None or not base.exists(file.path), file.path)
    )
    other = others[-1]
    yield Flaw(
        new.path,
        _dependencies(new),
        f"leaves of {app.label}",
        f"{new.name} and {other.name} both come last in the migrations of {app.label}.",
        "`manage.py migrate` stops with CommandError: Conflicting migrations detected; multiple "
        "leaf nodes in the migration graph. No migration is run.",
        f'Let this one depend on ("{app.label}", "{other.name}"), or run `python manage.py '
        "makemigrations --merge`.",
        tuple(Related(item.path, _dependencies(item).line, "comes last too") for item in others),
    )


def _without_parent(
    facts: Facts, file: MigrationFile, apps: dict[str, AppMigrations]
) -> Iterator[Flaw]:
    for need in sorted(file.needs):
        label, _, name = need.partition(".")
        app = apps.get(label)
        if app is None or not app.known or label in _OF_DJANGO or name in _SPECIAL:
            continue
        if name in app.names or not _is_whole_app(facts.model, app):
            continue
        there = sorted(app.last, key=lambda item: item.path)[-1:]
        yield Flaw(
            file.path,
            _dependencies(file),
            f"{file.path} needs {need}",
            f'The migration depends on ("{label}", "{name}"), and {app.folder}/migrations has no '
            "such migration.",
            "`manage.py migrate` stops with NodeNotFoundError before it runs anything: the "
            "database is not set up, and tests that make one fail as well.",
            (f'Depend on ("{label}", "{there[0].name}")' if there else "Depend on one that exists")
            + f", or bring {name} back.",
            tuple(Related(item.path, 1, f"the last migration of {label}") for item in there),
        )


def _is_whole_app(model: CodeModel, app: AppMigrations) -> bool:
    folder = f"{app.folder}/migrations"
    return not any(posixpath.dirname(item.path) == folder for item in model.skipped)


def _dependencies(file: MigrationFile) -> s.Node:
    for statement in file.node.body:
        if isinstance(statement, s.Assign) and any(
            isinstance(target, s.Name) and target.id == "dependencies"
            for target in statement.targets
        ):
            return statement
    return file.node
