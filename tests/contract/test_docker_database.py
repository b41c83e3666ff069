"""A service and its database in containers of a real Docker Engine, with real drivers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docker
import pytest

from ci_gate.config_contract import DatabaseConfig
from ci_gate.contract.service.docker_container import run_in
from ci_gate.contract.service.interface import ServiceError
from ci_gate.contract.service.plan import Hints
from support.engine import MYSQL, POSTGRES, SERVER, config, engine_or_skip, get, running, write

pytestmark = pytest.mark.docker
PYTHON = "python3"
ASYNCPG = """
import asyncio, asyncpg, json, os, sys

async def run(statement):
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        return [list(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()

def rows(statement):
    return asyncio.run(run(statement))
"""
PYMYSQL = """
import json, os, pymysql

def rows(statement):
    with pymysql.connect(
        host=os.environ["DB_HOST"], port=int(os.environ["DB_PORT"]), user=os.environ["DB_USER"],
        password=os.environ["DB_PASSWORD"], database=os.environ["DB_NAME"], autocommit=True,
    ) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return [list(row) for row in cursor.fetchall()]
"""
MIGRATE = "from db import rows\nrows('CREATE TABLE item (name varchar(20))')\nprint('migrated')\n"
SEED = "from db import rows\nrows(\"INSERT INTO item VALUES ('first')\")\n"
SERVICE = (
    "from db import *\n"
    + SERVER
    + ("answer = lambda path: json.dumps(rows('SELECT name FROM item'))\nserve()\n")
)


def installing(package: str) -> tuple[tuple[str, ...], ...]:
    return ((PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", package),)


def test_postgresql_is_migrated_and_seeded_before_the_service_starts(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    engine_or_skip(POSTGRES).close()
    root = write(
        tmp_path,
        {"db.py": ASYNCPG, "migrate.py": MIGRATE, "seed.py": SEED, "service.py": SERVICE},
    )
    database = DatabaseConfig(
        "postgresql", image=POSTGRES, migrate=(PYTHON, "migrate.py"), seed=(PYTHON, "seed.py")
    )
    chosen = config(PYTHON, "service.py", setup=installing("asyncpg"), database=database)
    with running(root, chosen) as service:
        assert json.loads(get(service)) == [["first"]]
        made = engine.containers.list(filters={"label": f"ci-gate.run={service.run}"})
        assert len(made) == 2
        volumes = {mount["Name"] for item in made for mount in item.attrs["Mounts"]}
        assert volumes
        for container in made:
            host = container.attrs["HostConfig"]
            assert engine.networks.get(host["NetworkMode"]).attrs["Internal"]
            assert host["CapDrop"] == ["ALL"]
    assert not volumes & {volume.name for volume in engine.volumes.list()}


def test_mysql_under_the_names_that_the_service_reads(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    engine_or_skip(MYSQL).close()
    root = write(tmp_path, {"db.py": PYMYSQL, "migrate.py": MIGRATE, "service.py": SERVICE})
    database = DatabaseConfig("mysql", image=MYSQL, migrate=(PYTHON, "migrate.py"))
    hints = Hints(
        variables={
            "DB_HOST": "host",
            "DB_PORT": "port",
            "DB_USER": "user",
            "DB_PASSWORD": "password",
            "DB_NAME": "name",
        }
    )
    chosen = config(PYTHON, "service.py", setup=installing("pymysql"), database=database)
    with running(root, chosen, hints) as service:
        assert json.loads(get(service)) == []


def test_sqlite_is_a_file_in_the_container(engine: docker.DockerClient, tmp_path: Path) -> None:
    service = SERVER + (
        "import sqlite3\n"
        "def answer(path):\n"
        "    return sqlite3.connect(os.environ['DB_PATH']).execute('SELECT 1').fetchall()\n"
        "serve()\n"
    )
    root = write(tmp_path, {"service.py": service})
    chosen = config(database=DatabaseConfig("sqlite", env={"DB_PATH": "{path}"}))
    with running(root, chosen) as running_service:
        assert get(running_service) == "[(1,)]"


@pytest.mark.parametrize("step", ["migrate", "seed"])
def test_a_step_that_fails_is_named_with_its_last_words(
    engine: docker.DockerClient, tmp_path: Path, step: str
) -> None:
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    command = ("sh", "-c", "echo no such column; exit 4")
    database = DatabaseConfig("sqlite", **{step: command})  # type: ignore[arg-type]
    with (
        pytest.raises(ServiceError, match=rf"{step} .* ended with 4: no such column"),
        running(root, config(database=database)),
    ):
        pass


def test_a_database_that_ends_or_is_not_to_be_had_is_said(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    for image, words in (
        ("no.such/postgres", r"set contract\.service\.database\.image"),
        (MYSQL, r"the postgresql container ended with 2 at start: .*MYSQL_DATABASE"),
    ):
        database = DatabaseConfig("postgresql", image=image)
        with (
            pytest.raises(ServiceError, match=words),
            running(root, config(database=database)),
        ):
            pass


def test_a_database_that_ends_just_before_it_is_asked_is_told_with_its_last_words(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended_before(container: Any, *args: Any) -> Any:
        container.kill()
        container.wait()
        return run_in(container, *args)

    monkeypatch.setattr("ci_gate.contract.service.docker_database.run_in", ended_before)
    root = write(tmp_path, {"service.py": SERVER + "serve()\n"})
    with (
        pytest.raises(ServiceError, match=r"the postgresql container ended with 137 at start: "),
        running(root, config(database=DatabaseConfig("postgresql", image=POSTGRES))),
    ):
        pass


def test_the_official_images_are_taken_unless_another_is_named(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Asked(Exception):
        pass

    def pull(_run: object, image: str, _setting: str) -> None:
        asked.append(image)
        raise Asked

    monkeypatch.setattr("ci_gate.contract.service.docker_database.pull", pull)
    root = write(tmp_path, {"service.py": ""})
    for database in (
        DatabaseConfig("postgresql"),
        DatabaseConfig("postgresql", version="15"),
        DatabaseConfig("mysql"),
    ):
        with pytest.raises(Asked), running(root, config(database=database)):
            pass
    assert asked == ["postgres:17-alpine", "postgres:15", "mysql:8.4"]
