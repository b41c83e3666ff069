"""What is guessed of a service that runs in containers."""

from __future__ import annotations

import pytest

from ci_gate.config_contract import DatabaseConfig, DockerConfig, ServiceConfig
from ci_gate.contract.service.docker_plan import on_all_addresses
from ci_gate.contract.service.guess import guess
from ci_gate.contract.service.plan import Hints
from support.trees import MemoryTree

DOCKERFILE = 'FROM python:3.12\nCOPY . .\nRUN pip install .\nCMD ["uvicorn", "app:app"]\n'


def test_a_dockerfile_installs_and_starts_the_service() -> None:
    tree = MemoryTree(
        {"api/Dockerfile": DOCKERFILE, "api/alembic.ini": "", "api/package.json": "{}"}
    )
    chosen = ServiceConfig(mode="docker", database=DatabaseConfig("postgresql"))
    plan = guess(tree, chosen, Hints(root="api"))
    assert plan.service.command is None
    assert plan.service.setup == ()
    assert plan.service.cwd == "api"
    assert plan.service.docker.dockerfile == "api/Dockerfile"
    assert plan.service.database.migrate == ("alembic", "upgrade", "head")
    assert plan.notes[0] == "contract.service.docker.dockerfile is not set: api/Dockerfile"


def test_a_dockerfile_that_migrates_is_left_to_it() -> None:
    command = 'CMD ["sh", "-c", "alembic upgrade head && uvicorn app:app"]\n'
    tree = MemoryTree({"Dockerfile": DOCKERFILE + command, "alembic.ini": ""})
    chosen = ServiceConfig(mode="docker", database=DatabaseConfig("postgresql"))
    assert guess(tree, chosen, Hints()).service.database.migrate is None


def test_in_a_runtime_image_the_service_is_installed_and_listens_on_all_addresses() -> None:
    tree = MemoryTree({"Procfile": "web: uvicorn app:app\n", "requirements.txt": "uvicorn\n"})
    chosen = ServiceConfig(mode="docker", docker=DockerConfig(image="python:3.12"))
    plan = guess(tree, chosen, Hints())
    assert plan.service.setup == (("python3", "-m", "pip", "install", "-r", "requirements.txt"),)
    assert plan.service.command is not None
    assert plan.service.command[-2:] == ("--host", "0.0.0.0")


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("gunicorn app:app --bind 127.0.0.1:{port}", None),
        ("python -m flask run --port {port}", "--host 0.0.0.0"),
        ("uvicorn app:app --host 0.0.0.0 --port {port}", ""),
        ("uvicorn app:app --host=0.0.0.0", ""),
        ("node server.js", ""),
    ],
)
def test_on_all_addresses(words: str, more: str | None) -> None:
    expected = words.replace("127.0.0.1", "0.0.0.0") if more is None else f"{words} {more}".strip()
    assert on_all_addresses(tuple(words.split())) == tuple(expected.split())


@pytest.mark.parametrize(
    ("dockerfile", "hints", "port"),
    [
        ('CMD ["npm", "start"]\n', Hints(ports=(4000,)), 4000),
        ('CMD ["npm", "start"]\n', Hints(ports=(4000, 9100)), None),
        ('CMD ["npm", "start"]\n', Hints(ports=(4000,), port_variables=("PORT",)), None),
        ('EXPOSE 3000\nCMD ["npm", "start"]\n', Hints(ports=(4000,)), None),
        ('CMD ["uvicorn", "app:app", "--port", "80"]\n', Hints(), 80),
    ],
)
def test_the_port_that_the_code_names_is_used_where_nothing_else_says_it(
    dockerfile: str, hints: Hints, port: int | None
) -> None:
    tree = MemoryTree({"Dockerfile": f"FROM node:22\nCOPY . .\n{dockerfile}"})
    assert guess(tree, ServiceConfig(mode="docker"), hints).port == port
