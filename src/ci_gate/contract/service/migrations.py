"""The command that brings an empty database up to date, by the files of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.contract.service.candidates import inside, package
from ci_gate.regex import regex
from ci_gate.repository import Tree

#: What a start script contains that migrates by itself.
_MIGRATES: Final = regex(
    r"alembic\s+upgrade|manage\.py\s+migrate|db\s+upgrade|db:migrate|migrate(?::|\s+)(?:deploy|latest|up)"
    r"|prisma\s+db\s+push|aerich\s+upgrade|npm\s+run\s+migrat"
)


def migration(tree: Tree, folder: str, command: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The command and the file that shows it; empty where there is none, or where ``command``
    does it."""
    if _migrates(tree, folder, command):
        return (), ""
    return next(_known(tree, folder), ((), ""))


def _migrates(tree: Tree, folder: str, command: tuple[str, ...]) -> bool:
    if _MIGRATES.search(" ".join(command)):
        return True
    for word in command:
        path = inside(folder, word)
        script = not path.startswith("..") and path.endswith(".sh") and tree.exists(path)
        if script and _MIGRATES.search(tree.text(path)):
            return True
    scripts = package(tree, folder).get("scripts")
    before = scripts.get("prestart") if isinstance(scripts, dict) else None
    return isinstance(before, str) and bool(_MIGRATES.search(before))


def _known(tree: Tree, folder: str) -> Iterator[tuple[tuple[str, ...], str]]:
    def there(name: str) -> bool:
        return tree.exists(inside(folder, name))

    if there("alembic.ini"):
        yield ("alembic", "upgrade", "head"), inside(folder, "alembic.ini")
    if there("manage.py") and "django" in tree.text(inside(folder, "manage.py")):
        yield ("python", "manage.py", "migrate", "--noinput"), inside(folder, "manage.py")
    flask = inside(folder, "migrations/env.py")
    if tree.exists(flask) and "flask" in tree.text(flask):
        yield ("flask", "db", "upgrade"), flask
    if there("prisma/schema.prisma"):
        kept = inside(folder, "prisma/migrations") + "/"
        deployed = any(path.startswith(kept) and path.endswith(".sql") for path in tree.files)
        words = ("prisma", "migrate", "deploy") if deployed else ("prisma", "db", "push")
        yield words, inside(folder, "prisma/schema.prisma")
    needed = _dependencies(tree, folder)
    for name in (".sequelizerc", "config/config.json", "config/config.js", "config/database.js"):
        if there(name) and "sequelize-cli" in needed:
            yield ("sequelize-cli", "db:migrate"), inside(folder, name)
    for name in ("knexfile.js", "knexfile.cjs", "knexfile.mjs"):
        if there(name) and "knex" in needed:
            yield ("knex", "migrate:latest"), inside(folder, name)


def _dependencies(tree: Tree, folder: str) -> set[str]:
    data = package(tree, folder)
    parts = (data.get("dependencies"), data.get("devDependencies"))
    return {name for part in parts if isinstance(part, dict) for name in part}
