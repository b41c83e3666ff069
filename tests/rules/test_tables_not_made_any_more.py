"""Tables that a change leaves without anything to make them, judged against its base."""

from __future__ import annotations

from pathlib import Path

from ci_gate.config import Config
from ci_gate.findings import Severity
from ci_gate.rules.database.schema_not_created import SchemaNotCreated
from ci_gate.scan import Judgement, Options, judge
from support.trees import MemoryTree

PACKAGE = (
    '{"scripts": {"start": "node src/server.js"},'
    ' "dependencies": {"express": "^5.1.0", "pg": "^8.13.1"}}'
)
SERVER = (
    "const express = require('express');\n"
    "const db = require('./db');\n"
    "const app = express();\n"
    "app.get('/jars', async (req, res) => res.json((await db.pool.query("
    "'SELECT id FROM jars LIMIT 10')).rows));\n"
    "START\n"
)
DB = (
    "const { Pool } = require('pg');\n"
    "const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n"
    "const makeTables = () => pool.query('CREATE TABLE IF NOT EXISTS jars (id INTEGER)');\n"
    "module.exports = { makeTables, pool };\n"
)
BASE = {
    "package.json": PACKAGE,
    "src/server.js": SERVER.replace("START", "db.makeTables().then(() => app.listen(3000));"),
    "src/db.js": DB,
}
LISTENS = SERVER.replace("START", "app.listen(3000);")


def judged(files: dict[str, str], base: Judgement | None = None) -> Judgement:
    options = Options(Path(), Config())
    facts = base.facts if base is not None else None
    return judge(MemoryTree(files), options, facts, with_semgrep=False, chosen=[SchemaNotCreated])


def test_code_that_is_gone_is_missed_where_the_base_had_it() -> None:
    base = judged(BASE)
    assert base.findings == []
    without = "".join(line for line in DB.splitlines(True) if "CREATE" not in line)
    changed = {
        **BASE, "src/server.js": LISTENS, "src/db.js": without.replace("makeTables, ", ""),
    }  # fmt: skip
    assert judged(changed).findings == []
    [finding] = judged(changed, base).findings
    assert finding.severity is Severity.ERROR
    assert (finding.path, finding.start.line) == ("src/db.js", 2)


def test_a_script_is_no_way_where_the_base_made_them_at_the_start() -> None:
    changed = {
        **BASE, "src/server.js": LISTENS,
        "scripts/tables.js": "const { makeTables } = require('../src/db');\nmakeTables();\n",
    }  # fmt: skip
    [finding] = judged(changed).findings
    assert finding.severity is Severity.WARNING
    [finding] = judged(changed, judged(BASE)).findings
    assert finding.severity is Severity.ERROR
    assert finding.path == "scripts/tables.js"
