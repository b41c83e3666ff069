"""What is guessed of a service from its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ci_gate.config_contract import DatabaseConfig, ServiceConfig
from ci_gate.contract.service import dockerfile
from ci_gate.contract.service.guess import Hints, Plan, guess
from ci_gate.contract.service.ports import named_port, with_port
from ci_gate.repository import WorkTree
from support.trees import MemoryTree

READS_PORT = Hints(port_variables=("PORT",))


THERE = ("python", "uvicorn", "gunicorn", "flask", "node", "npm", "java", "hypercorn", "alembic")


def find(name: str, **_: str) -> str | None:
    return f"/usr/bin/{name}" if name in THERE else None


def plan(files: dict[str, str], hints: Hints = READS_PORT, **service: object) -> Plan:
    config = ServiceConfig(**service)  # type: ignore[arg-type]
    return guess(MemoryTree(files), config, hints, find)


MANAGE = (
    "import os\nfrom django.core import management\nos.environ['DJANGO_SETTINGS_MODULE'] = 's'\n"
)
MAIN = "import app\nif __name__ == '__main__':\n    app.run()\n"


@pytest.mark.parametrize(
    ("files", "command", "source"),
    [
        (
            {"Dockerfile": 'FROM python\nCMD ["uvicorn", "app.main:app", "--port", "80"]\n'},
            ("uvicorn", "app.main:app", "--port", "{port}"),
            "Dockerfile:2",
        ),
        (
            {"Dockerfile": 'FROM a\nCMD ["x"]\nFROM b\nENTRYPOINT ["gunicorn"]\nCMD ["w:a"]\n'},
            ("gunicorn", "w:a", "--bind", "127.0.0.1:{port}"),
            "Dockerfile:5",
        ),
        (
            {"Dockerfile": "FROM a\nCMD uvicorn a:b \\\n  --port=8000\n"},
            ("uvicorn", "a:b", "--port={port}"),
            "Dockerfile:2",
        ),
        (
            {"Dockerfile": "FROM a\nWORKDIR /srv\nCOPY . .\nCMD /srv/run.sh\n", "run.sh": "x"},
            ("./run.sh",),
            "Dockerfile:4",
        ),
        (
            {"Procfile": "release: x\nweb: gunicorn a:b -b 0.0.0.0:$PORT\n"},
            ("sh", "-c", "gunicorn a:b -b 0.0.0.0:$PORT"),
            "Procfile:2",
        ),
        ({"run.sh": "#!/bin/sh\nexec x\n"}, ("./run.sh",), "run.sh"),
        (
            {"compose.yml": "services:\n  db:\n    image: postgres\n  web:\n    build: .\n"
             "    command: poetry run uvicorn a:b --port 8000\n"},
            ("uvicorn", "a:b", "--port", "{port}"),
            "compose.yml:4",
        ),
        (
            {"package.json": '{\n "scripts": {"start": "node a/b.js"}}', "a/b.js": ""},
            ("node", "a/b.js"),
            "package.json:2",
        ),
        (
            {"manage.py": MANAGE},
            ("python", "manage.py", "runserver", "127.0.0.1:{port}", "--noreload"),
            "manage.py",
        ),
        ({"conduit/__main__.py": ""}, ("python", "-m", "conduit"), "conduit/__main__.py"),
        ({"main.py": MAIN}, ("python", "main.py"), "main.py"),
        ({"server.js": "app.listen(process.env.PORT)"}, ("node", "server.js"), "server.js"),
    ],
)  # fmt: skip
def test_the_command(files: dict[str, str], command: tuple[str, ...], source: str) -> None:
    made = plan(files)
    assert made.service.command == command
    assert any(note.startswith("contract.service.command is not set: `") for note in made.notes)
    assert any(note.endswith(f"`, from {source}") for note in made.notes)
    assert made.port is None


@pytest.mark.parametrize(
    ("frameworks", "factory", "command"),
    [
        ("fastapi", False, ("uvicorn", "a.main:app", "--host", "127.0.0.1", "--port", "{port}")),
        ("flask", True, ("gunicorn", "--bind", "127.0.0.1:{port}", "a.main:app()")),
    ],
)
def test_the_application_object(frameworks: str, factory: bool, command: tuple[str, ...]) -> None:
    hints = Hints((frameworks,), application="a.main:app", factory=factory)
    assert plan({"a/main.py": ""}, hints).service.command == command


def test_a_program_that_is_not_there_is_passed_over() -> None:
    files = {"Procfile": "web: puma -p 80\n", "run.sh": "exec x --port $PORT"}
    assert plan(files).service.command == ("./run.sh",)
    assert plan({"Procfile": "web: puma\n"}).service.command is None
    assert (
        plan({"package.json": '{"scripts": {"start": "node dist/x.js"}}'}).service.command is None
    )


def test_what_is_configured_is_not_touched() -> None:
    made = plan({"run.sh": "x", "alembic.ini": ""}, command=("a", "{port}"), cwd="x")
    assert (made.service.command, made.service.cwd, made.notes) == (("a", "{port}"), "x", [])


@pytest.mark.parametrize(
    ("files", "hints", "port"),
    [
        ({"run.sh": "exec gunicorn a:b --bind 0.0.0.0:8080\n"}, Hints(), 8080),
        ({"run.sh": "exec gunicorn a:b --bind 0.0.0.0:${PORT:-8080}\n"}, Hints(), None),
        ({"main.py": MAIN}, Hints(ports=(5000,)), 5000),
        ({"Dockerfile": 'FROM a\nEXPOSE 9000/tcp\nCMD ["java"]\n'}, Hints(), 9000),
        ({"Dockerfile": 'FROM a\nEXPOSE 9000\nCMD ["java"]\n'}, READS_PORT, None),
    ],
)
def test_a_port_that_is_written_down(files: dict[str, str], hints: Hints, port: int) -> None:
    made = plan(files, hints)
    assert made.port == port
    told = f"the service listens on port {port} whatever PORT says"
    assert (told in made.notes) == (port is not None)


def test_the_image_s_environment_is_handed_on() -> None:
    text = 'FROM a\nENV NODE_ENV=production PORT=80 DATABASE_URL=x DATA=/data\nCMD ["java"]\n'
    made = plan({"Dockerfile": text}, replace(READS_PORT, variables={"DATABASE_URL": "url"}))
    assert made.service.env == {"NODE_ENV": "production"}


POSTGRES = replace(READS_PORT, databases=("postgresql",))


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"alembic.ini": ""}, ("alembic", "upgrade", "head")),
        ({"manage.py": MANAGE}, ("python", "manage.py", "migrate", "--noinput")),
        ({"migrations/env.py": "from flask import x"}, ("flask", "db", "upgrade")),
        ({"prisma/schema.prisma": ""}, ("prisma", "db", "push")),
        (
            {"prisma/schema.prisma": "", "prisma/migrations/1/migration.sql": ""},
            ("prisma", "migrate", "deploy"),
        ),
        (
            {".sequelizerc": "", "package.json": '{"devDependencies": {"sequelize-cli": ""}}'},
            ("sequelize-cli", "db:migrate"),
        ),
        ({"knexfile.js": "", "package.json": '{"dependencies": {"knex": ""}}'},
         ("knex", "migrate:latest")),
        ({"app.py": ""}, None),
    ],
)  # fmt: skip
def test_the_migration(files: dict[str, str], command: tuple[str, ...] | None) -> None:
    made = plan({"run.sh": "exec x", **files}, POSTGRES, command=("./run.sh",))
    assert made.service.database.migrate == command


def test_no_migration_where_the_start_migrates_or_there_is_no_database() -> None:
    files = {"run.sh": "alembic upgrade head\nexec uvicorn a:b", "alembic.ini": ""}
    assert plan(files, POSTGRES).service.database.migrate is None
    assert plan({"run.sh": "x", "alembic.ini": ""}, READS_PORT).service.database.migrate is None
    own = DatabaseConfig("postgresql", migrate=("mine",))
    assert plan({"alembic.ini": ""}, database=own).service.database.migrate == ("mine",)


def test_node_s_packages_are_installed_or_taken_from_the_checkout(tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"x": "1"}}', "run.sh": "exec node a.js"}
    assert plan(files).service.setup == (("npm", "install", "--no-audit", "--no-fund"),)
    locked = plan({**files, "package-lock.json": ""})
    assert locked.service.setup == (("npm", "ci", "--no-audit", "--no-fund"),)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "node_modules" / "x").mkdir(parents=True)
    made = guess(WorkTree(tmp_path), ServiceConfig(), READS_PORT, find)
    assert made.service.setup == ()
    assert made.links == {"node_modules": tmp_path / "node_modules"}


def test_typescript_is_built() -> None:
    scripts = '{"scripts": {"start": "node dist/x.js", "build": "tsc"}, "dependencies": {"x": "1"}}'
    assert plan({"package.json": scripts}).service.setup[1:] == (("npm", "run", "build"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("flask", "run"), ("flask", "run", "--port", "{port}")),
        (("flask", "run", "-p", "80"), ("flask", "run", "-p", "{port}")),
        (
            ("python", "-m", "uvicorn", "a:b"),
            ("python", "-m", "uvicorn", "a:b", "--port", "{port}"),
        ),
        (("gunicorn", "-b:8000", "a:b"), ("gunicorn", "-b:{port}", "a:b")),
        (("gunicorn", "-c", "conf.py", "a:b"), ("gunicorn", "-c", "conf.py", "a:b")),
        (("waitress-serve", "a:b"), ("waitress-serve", "--port={port}", "a:b")),
        (("python", "x.py", "-p", "80"), ("python", "x.py", "-p", "80")),
        (("sh", "-c", "a && b --port 8000"), ("sh", "-c", "a && b --port {port}")),
        (("x", "{port}"), ("x", "{port}")),
    ],
)
def test_the_port_in_a_command(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert with_port(before) == (after, "{port}" in " ".join(after))


def test_the_port_that_a_command_names() -> None:
    assert named_port(("x", "--port", "8000")) == 8000
    assert named_port(("x", "--bind=0.0.0.0:81")) == 81
    assert named_port(("x", "{port}")) is None


@pytest.mark.parametrize(
    "text", ["", "CMD", "FROM", "CMD [", "ENV", "\\\n\\\n", "COPY", "FROM a\\", "\n" * 2_000_000]
)
def test_broken_dockerfiles(text: str) -> None:
    dockerfile.parse(text)


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": "[]"},
        {"package.json": '{"scripts": 3, "main": 4, "dependencies": []}'},
        {"compose.yml": "services: [1]"},
        {"compose.yml": "services:\n  a:\n    build: {context: 3}\n    ports: {a: 1}\n"},
        {"compose.yml": "services: {a: {build: ../x, command: [1, 2]}}"},
        {"compose.yml": ": : :"},
        {"Procfile": "web:\nweb: '\n"},
    ],
)
def test_broken_files(files: dict[str, str]) -> None:
    plan(files)
