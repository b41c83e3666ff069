"""The part ``contract:`` of what ``ci-gate init`` writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ci_gate.config import Config, parse
from ci_gate.reports.starter import render_starter
from ci_gate.scan import suggest

APP = """\
from fastapi import FastAPI
app = FastAPI()
@app.get("/api/health")
def health(): return {}
"""
COLLECTION = {
    "info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [{"name": "a", "request": {"url": {"raw": "{{APIURL}}/api/items"}}}],
}
ASKS = "import os, urllib.request\ndef test_a(base_url): urllib.request.urlopen(base_url)\n"
IN_PROCESS = "from fastapi.testclient import TestClient\nBASE_URL = 'http://testserver'\n"
FILES = {
    "app/main.py": APP,
    "requirements.txt": "fastapi\nuvicorn\n",
    "Procfile": "web: python3 -m app.main --port $PORT\n",
    "contract/Items.postman_collection.json": json.dumps(COLLECTION),
    "contract/ci.postman_environment.json": "{}",
    "tests/e2e/test_items.py": ASKS,
    "tests/unit/test_items.py": IN_PROCESS,
    "docs/openapi.yml": "openapi: 3.0.3\npaths: {}\n",
    "docs/openapi-notes.json": "{}",
}


def starter(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return render_starter(*suggest(root))


def without_marks(text: str) -> Config:
    """The configuration once the # of the contract's part are gone."""
    shown = re.sub(r"^# ((?:  )*(?:- )?\w+:|contract:)", r"\1", text, flags=re.MULTILINE)
    return parse(shown.encode(), ".ci-gate.yml")


def test_what_is_found_is_suggested(tmp_path: Path) -> None:
    text = starter(tmp_path, FILES)
    assert parse(text.encode(), ".ci-gate.yml").contract.runners == ()
    config = without_marks(text[text.index("# openapi:") :])
    assert config.openapi == "docs/openapi.yml"
    found = {item.runner: item for item in config.contract.runners}
    assert list(found) == ["postman", "pytest", "openapi"]
    assert found["postman"].tests == "contract/Items.postman_collection.json"
    assert found["postman"].environment == "contract/ci.postman_environment.json"
    assert found["postman"].variables == {"APIURL": "{base_url}"}
    assert found["pytest"].tests == "tests/e2e"
    assert found["openapi"].tests == "docs/openapi.yml"
    command = ("sh", "-c", "python3 -m app.main --port $PORT")
    assert config.contract.service.command == command
    assert config.contract.service.health == "/api/health"
    assert "from Procfile:1" in text


def test_where_nothing_is_found_it_says_so(tmp_path: Path) -> None:
    text = starter(tmp_path, {"app.py": "x = 1\n", "tests/test_a.py": IN_PROCESS})
    assert "(none were found)" in text
    assert "no way to start it was found" in text
    config = without_marks(text[text.index("# contract:") :])
    assert [item.runner for item in config.contract.runners] == ["pytest"]


def test_names_of_files_are_written_as_data(tmp_path: Path) -> None:
    name = 'e2e/"}\n# x: 1/test_a.py'
    config = without_marks(starter(tmp_path, {name: ASKS}).partition("# contract:")[2].join(
        ("# contract:", "")
    ))  # fmt: skip
    assert config.contract.runners[0].tests == 'e2e/"}\n# x: 1'


ROUTER = """\
from fastapi import APIRouter
from app.services.{0} import find
router = APIRouter()
@router.get("/{0}")
def show(): return find()
"""
LAYERED = {
    "requirements.txt": "fastapi\nsqlalchemy\n",
    "app/main.py": "from fastapi import FastAPI\nfrom app.routers import items, users\n"
    "app = FastAPI()\napp.include_router(items.router)\napp.include_router(users.router)\n",
    "app/routers/items.py": ROUTER.format("items"),
    "app/routers/users.py": ROUTER.format("users"),
    "app/routers/deps.py": "from app.services.items import find\n",
    "app/services/items.py": "from app.repositories.items import load\ndef find(): return load()\n",
    "app/services/users.py": "from app.repositories.items import load\ndef find(): return load()\n",
    "app/services/errors.py": "class Missing(Exception): ...\n",
    "app/repositories/items.py": "from sqlalchemy import text\nfrom app.db import session\n"
    "def load(): return session.execute(text('select 1'))\n",
    "app/db.py": "from sqlalchemy.orm import Session\nsession = Session()\n",
}


def test_a_layer_is_the_folder_that_is_named_for_it(tmp_path: Path) -> None:
    """A file that is added there belongs to it, whatever else lies in the folder today."""
    written = parse(starter(tmp_path, LAYERED).encode(), ".ci-gate.yml").architecture
    assert [(layer.role, layer.paths) for layer in written.layers] == [
        ("presentation", ("/app/routers/",)),
        ("service", ("/app/services/",)),
        ("data-access", ("/app/repositories/",)),
    ]
    assert "/app/routers/deps.py" in written.composition_roots
    assert written.shared == ("/app/services/errors.py",)


def test_a_folder_that_is_not_named_for_a_layer_is_listed_file_by_file(tmp_path: Path) -> None:
    moved = {**LAYERED, "app/items_service.py": LAYERED["app/services/items.py"]}
    del moved["app/services/items.py"], moved["app/services/users.py"]
    for name in ("app/routers/items.py", "app/routers/users.py", "app/routers/deps.py"):
        moved[name] = re.sub(r"app\.services\.\w+", "app.items_service", moved[name])
    written = parse(starter(tmp_path, moved).encode(), ".ci-gate.yml").architecture
    assert ("service", ("/app/items_service.py",)) in [(la.role, la.paths) for la in written.layers]
