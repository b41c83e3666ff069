"""The database of a run: which one, how the service is told, and PostgreSQL for real."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ci_gate.config_contract import ContractConfig, DatabaseConfig, RunnerConfig, ServiceConfig
from ci_gate.contract import postgres
from ci_gate.contract.databases import Access, engine_of, settings
from ci_gate.contract.postgres import Postgres, PostgresError
from ci_gate.contract.run import run_contract
from ci_gate.contract.service.plan import Hints
from support.processes import running
from support.trees import MemoryTree

SERVER = Access("postgresql", "127.0.0.1", 5555, "me", "a/b", "shop")
LIBPQ = {
    "PGHOST": "127.0.0.1",
    "PGPORT": "5555",
    "PGUSER": "me",
    "PGPASSWORD": "a/b",
    "PGDATABASE": "shop",
}
URL = "postgresql://me:a%2Fb@127.0.0.1:5555/shop"


def test_without_a_name_it_is_the_usual_one() -> None:
    assert settings(DatabaseConfig(), Hints(), SERVER) == {**LIBPQ, "DATABASE_URL": URL}


def test_the_names_that_the_service_reads() -> None:
    hints = Hints(
        variables={"STORE": "url", "DB_HOST": "host", "DB_PORT": "port", "DB_FILE": "path"},
        engine="postgresql",
        scheme="postgresql+asyncpg",
    )
    assert settings(DatabaseConfig(), hints, SERVER) == {
        **LIBPQ,
        "STORE": URL.replace("postgresql:", "postgresql+asyncpg:"),
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "5555",
    }


def test_a_scheme_of_another_engine_is_not_used() -> None:
    hints = Hints(variables={"STORE": "url"}, engine="sqlite", scheme="sqlite+aiosqlite")
    assert settings(DatabaseConfig(), hints, SERVER)["STORE"] == URL


def test_configured_names() -> None:
    config = DatabaseConfig(
        env={"A": "{driver_url}?x=1", "B": "{host}:{port}/{name}", "C": "{user}"}
    )
    assert settings(config, Hints(variables={"X": "url"}), SERVER) == {
        "A": f"{URL}?x=1",
        "B": "127.0.0.1:5555/shop",
        "C": "me",
    }


@pytest.mark.parametrize(
    ("kind", "scheme", "value"),
    [
        ("path", None, "/x/a.db"),
        ("name", None, "/x/a.db"),
        ("url", None, "sqlite:////x/a.db"),
        ("url", "sqlite+aiosqlite", "sqlite+aiosqlite:////x/a.db"),
        ("url", "file", "file:/x/a.db"),
    ],
)
def test_sqlite(kind: str, scheme: str | None, value: str) -> None:
    hints = Hints(variables={"STORE": kind}, engine="sqlite", scheme=scheme)  # type: ignore[dict-item]
    assert settings(DatabaseConfig(), hints, Access("sqlite", path="/x/a.db")) == {"STORE": value}


def test_which_engine() -> None:
    both = Hints(databases=("sqlite", "postgresql"))
    assert engine_of(DatabaseConfig("mysql"), both) == "mysql"
    assert engine_of(DatabaseConfig(), both) == "postgresql"
    assert (
        engine_of(DatabaseConfig(), Hints(databases=("postgresql",), engine="sqlite")) == "sqlite"
    )
    assert engine_of(DatabaseConfig(), Hints()) is None


@pytest.fixture
def place() -> Iterator[Path]:
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL on this machine")
    with TemporaryDirectory(prefix="ci-gate-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        made = Path(name, "postgres")
        made.mkdir()
        yield made


@pytest.mark.postgres
def test_a_server_with_a_password_of_its_own(place: Path) -> None:
    psql = shutil.which("psql") or str((postgres.programs() or Path()) / "psql")
    server = Postgres(place)
    try:
        access = server.access

        def query(text: str, url: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [psql, "-Atw", url, "-c", text], capture_output=True, text=True, check=False
            )

        assert query("select 1 + 1", access.url()).stdout.strip() == "2"
        assert query("select count(*) from pg_tables where schemaname = 'public'", access.url()
                     ).stdout.strip() == "0"  # fmt: skip
        wrong = access.url().replace(access.password, "x")
        assert "password authentication failed" in query("select 1", wrong).stderr
        assert access.password not in server.log
    finally:
        server.stop()
    assert not running(str(place))
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", access.port)):
        pass


SERVICE = """
import os, subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = ["psql", "-Atw", os.environ["SHOP_URL"], "-c", "select name from item"]
        done = subprocess.run(query, capture_output=True)
        self.send_response(200 if done.returncode == 0 else 500)
        self.end_headers()
        self.wfile.write(done.stdout or done.stderr)

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
TESTS = """
import urllib.request

def test_seeded(base_url):
    assert urllib.request.urlopen(base_url + "/items").read() == b"kettle\\n"
"""


@pytest.mark.postgres
@pytest.mark.skipif(shutil.which("psql") is None, reason="no psql")
@pytest.mark.usefixtures("place")
def test_a_service_on_its_own_database() -> None:
    psql = 'psql -v ON_ERROR_STOP=1 "$SHOP_URL" -c'
    database = DatabaseConfig(
        migrate=("sh", "-c", f"{psql} 'create table item (name text)'"),
        seed=("sh", "-c", f"{psql} \"insert into item values ('kettle')\""),
    )
    service = ServiceConfig(command=("python3", "service.py"), database=database)
    tree = MemoryTree({"service.py": SERVICE, "checks/test_api.py": TESTS})
    hints = Hints(databases=("postgresql",), variables={"SHOP_URL": "url"})
    config = ContractConfig((RunnerConfig("pytest", "checks"),), service, rerun=False)
    for _ in range(2):
        result = run_contract(tree, config, hints)
        assert (result.error, [item.passed for item in result.assertions]) == (None, [True])


def test_no_postgresql_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: None)
    with pytest.raises(PostgresError, match=r"pip install 'constraint-gate\[postgres\]'"):
        Postgres(tmp_path)
    service = ServiceConfig(command=("x",), database=DatabaseConfig("postgresql"))
    tree = MemoryTree({"checks/test_api.py": ""})
    result = run_contract(tree, ContractConfig((RunnerConfig("pytest", "checks"),), service))
    assert result.error == postgres.MISSING
