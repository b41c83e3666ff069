"""Which engine a service is built for, where a change is judged against its base."""

from __future__ import annotations

from pathlib import Path

from ci_gate.config import Config
from ci_gate.findings import Severity
from ci_gate.rules.database.wrong_engine import WrongEngine
from ci_gate.scan import Judgement, Options, judge
from support.trees import MemoryTree

BASE = {
    "requirements.txt": "fastapi\nsqlalchemy\npsycopg\n",
    "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n",
    "app/db.py": (
        "import os\nfrom sqlalchemy import create_engine\n"
        "engine = create_engine(os.environ['DATABASE_URL'])\n"
    ),
    "app/main.py": (
        "from fastapi import FastAPI\nfrom app.db import engine\napp = FastAPI()\n"
        "@app.get('/x')\ndef x():\n    return str(engine.url)\n"
    ),
}
CHANGED = {
    **BASE,
    "README.md": "Runs on PostgreSQL, or on SQLite where DATABASE_URL is not set.\n",
    "app/db.py": BASE["app/db.py"].replace(
        "os.environ['DATABASE_URL']", "os.environ.get('DATABASE_URL', 'sqlite:///app.db')"
    ),
}


def judged(files: dict[str, str], base: Judgement | None = None) -> Judgement:
    options = Options(Path(), Config())
    facts = base.facts if base is not None else None
    return judge(MemoryTree(files), options, facts, with_semgrep=False, chosen=[WrongEngine])


def test_the_base_says_what_a_change_may_not_take_back() -> None:
    base = judged(BASE)
    assert base.findings == []
    [finding] = judged(CHANGED, base).findings
    assert finding.severity is Severity.ERROR
    assert (finding.path, finding.start.line) == ("app/db.py", 3)


def test_without_a_base_a_documented_choice_is_a_choice() -> None:
    assert judged(CHANGED).findings == []
