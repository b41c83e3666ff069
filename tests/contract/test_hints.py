"""What the code says of the service: the settings of its database, its application, its port."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.build import build
from ci_gate.contract.hints import hints
from ci_gate.contract.service.plan import Hints
from ci_gate.stack.detect import detect
from support.trees import MemoryTree


def of(files: dict[str, str]) -> Hints:
    tree = MemoryTree(files)
    model = build(tree)
    return hints(model, detect(tree, model))


PYDANTIC = """
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="shop_")
    store: str = "postgresql+asyncpg://u@localhost/shop"
    debug: bool = False
    listen: int = Field(8000, alias="PORT")
"""
ENGINE = """
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
from settings import Settings

app = FastAPI()
engine = create_async_engine(Settings().store)
"""


def test_settings_classes() -> None:
    found = of({"settings.py": PYDANTIC, "main.py": ENGINE})
    assert found.variables == {"SHOP_STORE": "url"}
    assert (found.engine, found.scheme) == ("postgresql", "postgresql+asyncpg")
    assert found.application == "main:app"
    assert found.port_variables == ("PORT",)


DJANGO = """
import os

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("POSTGRES_DB", "shop"),
        "USER": os.environ["POSTGRES_USER"],
        "PASSWORD": os.getenv("POSTGRES_PASSWORD"),
        "HOST": os.environ.get("POSTGRES_HOST", "db"),
        "PORT": os.environ.get("POSTGRES_PORT", "5432"),
        "CONN_MAX_AGE": int(os.environ.get("POSTGRES_MAX_AGE", "60")),
    }
}
REDIS_PORT = os.environ.get("REDIS_PORT")
"""


def test_parts_of_an_address() -> None:
    assert of({"config/settings.py": DJANGO, "manage.py": "import django\n"}).variables == {
        "POSTGRES_DB": "name",
        "POSTGRES_USER": "user",
        "POSTGRES_PASSWORD": "password",
        "POSTGRES_HOST": "host",
        "POSTGRES_PORT": "port",
    }


@pytest.mark.parametrize(
    ("line", "variables", "engine"),
    [
        ('process.env.DATABASE_URL || "postgres://localhost/x"', {"DATABASE_URL": "url"},
         "postgresql"),
        ('process.env["DB_STORAGE"] ?? "data.sqlite"', {"DB_STORAGE": "path"}, "sqlite"),
        ("process.env.PGHOST", {"PGHOST": "host"}, None),
        ("process.env.DB_POOL_SIZE", {}, None),
        ("process.env.SMTP_PORT", {}, None),
    ],
)  # fmt: skip
def test_node(line: str, variables: dict[str, str], engine: str | None) -> None:
    found = of(
        {"package.json": '{"dependencies": {"express": "5"}}', "app.js": f"const x = {line};"}
    )
    assert found.variables == variables
    assert found.engine == engine
    assert found.port_variables == ()


def test_node_s_destructuring_and_port() -> None:
    text = "const { DATABASE_URL, PORT } = process.env;\napp.listen(3000);\n"
    found = of({"app.js": text})
    assert found.variables == {"DATABASE_URL": "url"}
    assert found.port_variables == ("PORT",)
    assert found.ports == (3000,)


def test_prisma() -> None:
    schema = 'datasource db {\n  provider = "sqlite"\n  url = env("STORE_URL")\n}\n'
    found = of({"prisma/schema.prisma": schema, "app.js": ""})
    assert found.variables == {"STORE_URL": "url"}
    assert (found.engine, found.scheme) == ("sqlite", "file")


def test_a_sqlite_file_by_a_name_of_its_own() -> None:
    text = "import os, sqlite3\nx = sqlite3.connect(os.environ.get('SHOP_STORE', 'shop.db'))\n"
    found = of({"app.py": text})
    assert found.variables == {"SHOP_STORE": "path"}
    assert found.engine == "sqlite"


def test_the_driver_that_is_there_is_named() -> None:
    text = (
        "import os\nimport psycopg\nfrom flask import Flask\nfrom sqlalchemy import create_engine\n"
        "engine = create_engine(os.environ['DATABASE_URL'])\n"
        "def create_app(config=None):\n    return Flask(__name__)\n"
    )
    found = of(
        {"shop/app.py": text, "shop/__init__.py": "", "requirements.txt": "flask\npsycopg\n"}
    )
    assert found.scheme == "postgresql+psycopg"
    assert (found.application, found.factory) == ("shop.app:create_app", True)


def test_tests_and_other_ports_do_not_count() -> None:
    text = "import os\nx = os.environ['DATABASE_URL']\ny = os.environ['APP_PORT']\n"
    assert of({"tests/conftest.py": text}).variables == {}
    assert of({"app.py": text}).port_variables == ("APP_PORT",)


def test_python_s_written_port() -> None:
    text = "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('app:app', port=9999)\n"
    assert of({"run.py": text}).ports == (9999,)


def test_nothing() -> None:
    assert of({}) == Hints()
