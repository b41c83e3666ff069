"""A set-up command or migration that fails in the change and not on its base."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_gate.reports import render
from ci_gate.reports.failures import service_log
from support.change import CONFIG, git, judge, write

BAD_MIGRATION = """\
class ProgrammingError(Exception):
    pass


def upgrade():
    raise ProgrammingError(
        'relation "parcel" does not exist\\n[SQL: ALTER TABLE parcel]\\n'
        '(Background on this error at: https://sqlalche.me/e/20/f405)'
    )
"""


def test_a_migration_that_the_change_breaks_blocks_with_its_place(flask_project: Path) -> None:
    runs = "from versions.add_column import upgrade\n\nupgrade()\n"
    card = judge(flask_project, {"versions/add_column.py": BAD_MIGRATION, "migrate.py": runs})
    assert card.verdict.value == "blocked"
    assert card.exit_code == 1
    assert card.reasons[0] == (
        "The service does not start, and it does on the base: migrate command 'python migrate.py' "
        "ended with 1: versions.add_column.ProgrammingError: "
        'relation "parcel" does not exist (versions/add_column.py:6)'
    )
    assert card.levels[0].counted == 0
    assert "versions/add_column.py:6" in render(card, "markdown")


def test_a_migration_that_fails_on_the_base_too_is_incomplete(flask_project: Path) -> None:
    git(flask_project, "switch", "-q", "main")
    write(flask_project, {"migrate.py": "raise SystemExit('no table')\n"})
    git(flask_project, "commit", "-qam", "broken")
    git(flask_project, "switch", "-q", "-C", "change")
    assert (
        judge(flask_project, {"migrate.py": "raise SystemExit('no table at all')\n"}).exit_code == 3
    )


@pytest.mark.parametrize(
    "script",
    [
        "raise ConnectionRefusedError(111, 'Connection refused')",
        "import socket\nraise socket.gaierror(-3, 'Temporary failure in name resolution')",
        "raise OSError(28, 'No space left on device')",
        "import sys\nprint('sh: 1: alembic: not found')\nsys.exit(127)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "import no_such_library",
    ],
)
def test_what_the_machine_lacks_does_not_block(flask_project: Path, script: str) -> None:
    card = judge(flask_project, {"migrate.py": f"{script}\n"})
    assert card.verdict.value == "incomplete", card.reasons
    assert "migrate command" in card.reasons[0]


def test_a_set_up_command_that_the_change_breaks_blocks(flask_project: Path) -> None:
    git(flask_project, "switch", "-q", "main")
    setup = CONFIG.replace("  service:\n", "  service:\n    setup: [python migrate.py]\n")
    write(flask_project, {".ci-gate.yml": setup})
    git(flask_project, "commit", "-qam", "set-up")
    git(flask_project, "switch", "-q", "-C", "change")
    card = judge(flask_project, {"migrate.py": "import service\n\nservice.app.wrong\n"})
    assert card.exit_code == 1
    assert (
        "AttributeError: 'Flask' object has no attribute 'wrong' (migrate.py:3)"
        in (card.reasons[0])
    )


def test_the_migration_that_django_was_applying_is_named(flask_project: Path) -> None:
    migration = "class Migration:\n    dependencies = []\n\n    operations = [1]\n"
    says = "print('  Applying shop.0001_initial... OK\\n  Applying shop.0002_x...', end='')\n"
    error = "raise KeyError('visit')\n"
    files = {"shop/migrations/0002_x.py": migration, "migrate.py": says + error}
    card = judge(flask_project, {**files, "shop/migrations/0001_initial.py": migration})
    assert card.failures[0].cause is not None
    cause = card.failures[0].cause
    assert (cause.path, cause.line) == ("shop/migrations/0002_x.py", 4)
    assert cause.error == "KeyError: 'visit'"


def test_the_log_shows_the_projects_own_frames(flask_project: Path) -> None:
    """Where the base tells nothing either, the end of the log is shown: without libraries."""
    git(flask_project, "switch", "-q", "main")
    deep = "from flask import Flask\n\nFlask(__name__).url_map.bind('a').build('nothing')\n"
    write(flask_project, {"migrate.py": deep})
    git(flask_project, "commit", "-qam", "broken")
    git(flask_project, "switch", "-q", "-C", "change")
    log = service_log(judge(flask_project))
    assert any("migrate.py" in line for line in log)
    assert not any("site-packages" in line or "ci-gate-" in line for line in log)
    assert len(log) <= 20
