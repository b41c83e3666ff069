"""What opens a database, and what its address can be."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.connections import Address, Connection, Connections
from ci_gate.codemodel.databases import Place, parse
from support.programs import Program


def opened(**files: str) -> list[Connection]:
    named = {path.replace("__", "/") + ".py": text for path, text in files.items()}
    return list(Connections(Program(named).model))


def in_words(address: Address) -> str:
    engine = address.place.engine or "?"
    text = (address.text or "?").replace("\0", "*")
    settings = ",".join(sorted(address.sources))
    hop = address.fallback
    return " ".join(filter(None, (engine, text, settings, hop.fallback if hop else "")))


ADDRESSES = {
    "literal": (
        "from sqlalchemy import create_engine\ncreate_engine('postgresql+psycopg://db/app')",
        ["postgresql postgresql+psycopg://db/app"],
    ),
    "look-up with default": (
        "import os\nfrom sqlalchemy import create_engine\n"
        "create_engine(os.environ.get('DATABASE_URL', 'sqlite:///dev.db'))",
        ["? ? env:DATABASE_URL", "sqlite sqlite:///dev.db env:DATABASE_URL default"],
    ),
    "or": (
        "import os\nfrom sqlalchemy import create_engine\n"
        "URL = os.getenv('DB') or 'sqlite://'\ncreate_engine(URL)",
        ["? ? env:DB", "sqlite sqlite:// or"],
    ),
    "parts put together": (
        "import os\nfrom sqlalchemy import create_engine\n"
        "HOST = os.environ['DB_HOST']\ncreate_engine(f'mysql+pymysql://app@{HOST}/app')",
        ["mysql mysql+pymysql://app@*/app env:DB_HOST"],
    ),
    "format": (
        "from sqlalchemy import create_engine\n"
        "DSN = 'postgresql://{user}@{host}/app'\ncreate_engine(DSN.format(user='a', host='b'))",
        ["postgresql postgresql://*@*/app"],
    ),
    "wrapper of the look-up": (
        "import os\nfrom sqlalchemy import create_engine\n"
        "def env(name, default=None):\n    return os.environ.get(name, default)\n"
        "OTHER = env('MODE', 'fast')\ncreate_engine(env('DATABASE_URL', 'sqlite://'))",
        ["? ? env:DATABASE_URL", "sqlite sqlite:// env:DATABASE_URL default"],
    ),
    "URL.create": (
        "from sqlalchemy import URL, create_engine\n"
        "create_engine(URL.create('postgresql', username='app', host='db', database='app'))",
        ["postgresql postgresql://app@db/app"],
    ),
    "asyncpg by keywords": (
        "import asyncpg\nasync def f():\n    await asyncpg.connect(host='db', database='app')",
        ["postgresql ?"],
    ),
    "sqlite path": (
        "import sqlite3\nfrom pathlib import Path\nsqlite3.connect(Path('data') / 'app.db')",
        ["sqlite data/app.db"],
    ),
    "part of a URL": (
        "import os, sqlite3\nfrom sqlalchemy import make_url\n"
        "sqlite3.connect(make_url(os.environ['DATABASE_URL']).database)",
        ["sqlite ? env:DATABASE_URL"],
    ),
    "container": (
        "from dependency_injector.providers import Singleton\n"
        "from sqlalchemy.ext.asyncio import create_async_engine\n"
        "engine = Singleton(create_async_engine, 'sqlite+aiosqlite://')",
        ["sqlite sqlite+aiosqlite://"],
    ),
    "keywords out of a dictionary": (
        "from sqlalchemy import create_engine\n"
        "PROPS = dict(url='sqlite://', echo=True)\ncreate_engine(**PROPS)",
        ["sqlite sqlite://"],
    ),
    "tortoise": (
        "from tortoise import Tortoise\nasync def f():\n"
        "    await Tortoise.init(config={'connections': {'default': 'asyncpg://db/app'}})",
        ["postgresql asyncpg://db/app"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ADDRESSES)
def test_addresses(case: str) -> None:
    code, expected = ADDRESSES[case]
    [connection] = opened(app=code)
    assert [in_words(address) for address in connection.addresses] == expected


def test_a_settings_class_is_followed_into_its_field() -> None:
    [connection] = opened(
        app__settings=(
            "from pydantic_settings import BaseSettings\n"
            "class Settings(BaseSettings):\n"
            "    database_url: str = 'sqlite:///app.db'\n"
            "settings = Settings()\n"
        ),
        app__db=(
            "from sqlalchemy import create_engine\nfrom app.settings import settings\n"
            "engine = create_engine(str(settings.database_url))\n"
        ),
    )
    assert [in_words(address) for address in connection.addresses] == [
        "sqlite sqlite:///app.db env:DATABASE_URL,setting:DATABASE_URL default",
        "? ? env:DATABASE_URL,setting:DATABASE_URL",
    ]
    hop = connection.addresses[0].fallback
    assert hop is not None
    assert (hop.scope.module.path, hop.expr.line) == ("app/settings.py", 3)


def test_settings_of_flask_and_django() -> None:
    [flask] = opened(
        app=(
            "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n"
            "app = Flask(__name__)\napp.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///a.db'\n"
        )
    )
    assert (flask.library, flask.at_import, flask.orm) == ("flask_sqlalchemy", True, True)
    first, second = opened(
        site__settings=(
            "import django\nDATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n"
            "DATABASES['maps'] = {'ENGINE': 'django.contrib.gis.db.backends.postgis'}\n"
        )
    )
    assert (first.alias, first.addresses[0].place.engine) == ("default", "mysql")
    assert (second.alias, second.addresses[0].place.engine) == ("maps", "postgresql")


def test_endless_definitions_end() -> None:
    connections = opened(
        app=(
            "from sqlalchemy import create_engine\nimport sqlite3\n"
            "a = b\nb = a\ndef f(x):\n    return f(x)\n"
            "create_engine(a)\ncreate_engine(f('x'))\nsqlite3.connect(*[])\nsqlite3.connect()\n"
            "c = c + c\ncreate_engine(c + c + c)\n"
        )
    )
    assert len(connections) == 5
    assert all(item.place.database is None for found in connections for item in found.addresses)


PLACES = {
    "postgresql+asyncpg://app:s%40t@db.shop.net:5432/orders?ssl=1": Place(
        "postgresql", "db.shop.net", "orders", "app", "s@t"
    ),
    "sqlite://": Place("sqlite", database=""),
    "sqlite+aiosqlite:////var/app.db": Place("sqlite", database="/var/app.db"),
    "host=db dbname=orders user=app password='a b'": Place(None, "db", "orders", "app", "a b"),
    "postgresql://\0:\0@\0/orders": Place("postgresql", database="orders"),
    "redis://cache/0": Place(),
    "": Place(),
}  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_what_an_address_says(text: str) -> None:
    assert parse(text) == PLACES[text]


def test_memory_and_files_are_told_apart() -> None:
    assert parse("sqlite://").in_memory
    assert parse("sqlite:///:memory:").in_memory
    assert parse("sqlite:///file:x?mode=memory&uri=true").in_memory
    assert parse("sqlite:////var/lib/app.db").file == "app.db"


def test_work_is_bounded() -> None:
    """Each name is the one before it twice: 2 ** 40 ways, few of them gone."""
    lines = ["from sqlalchemy import create_engine", "x0 = 'sqlite'"]
    lines += [f"x{n} = x{n - 1} + x{n - 1}" for n in range(1, 40)]
    lines += [f"y{n} = y{n + 1} or y{n + 1} or y{n + 1}" for n in range(40)]
    [first, second] = opened(app="\n".join([*lines, "create_engine(x39)", "create_engine(y0)"]))
    assert len(first.addresses) <= 8
    assert len(second.addresses) <= 8
