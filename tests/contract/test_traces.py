from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ci_gate.contract.output import last_line
from ci_gate.contract.traces import Frame, Trace, traces

FLASK = """\
127.0.0.1 - - [21/Nov/2026 10:25:32] "GET /api/tags HTTP/1.1" 200 -
[2026-11-21 10:25:33,101] ERROR in app: Exception on /api/articles [GET]
Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/sqlalchemy/engine/base.py", line 1967, in _exec
    self.dialect.do_execute(
  File "/srv/venv/lib/python3.11/site-packages/sqlalchemy/engine/default.py", line 951, in do
    cursor.execute(statement, parameters)
sqlite3.OperationalError: no such column: favorites.username

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/app/routes/articles.py", line 31, in list_articles
    return jsonify(repository.list_articles())
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/app/repositories/articles.py", line 88, in list_articles
    rows = session.execute(statement)
sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such column: favorites.username
[SQL: SELECT 1]
127.0.0.1 - - [21/Nov/2026 10:25:33] "GET /api/articles HTTP/1.1" 500 -
"""
NODE = """\
listening on 3000
SequelizeDatabaseError: SQLITE_ERROR: no such column: favorites.username
    at Query.run (/srv/node_modules/sequelize/lib/dialects/sqlite/query.js:185:27)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async ArticleRepository.list (/srv/src/repositories/articles.js:88:15)
    at async file:///srv/src/routes/articles.mjs:12:3
GET /api/articles 500
"""


def test_python_traces_of_a_chain_are_told_apart() -> None:
    first, second = traces(FLASK)
    assert first.error == "sqlite3.OperationalError: no such column: favorites.username"
    assert second.error.startswith("sqlalchemy.exc.OperationalError: (sqlite3")
    assert second.frames == (
        Frame("/srv/app/routes/articles.py", 31),
        Frame("/srv/app/repositories/articles.py", 88),
    )


def test_node_traces_have_the_innermost_frame_last() -> None:
    (trace,) = traces(NODE)
    assert trace.error == "SequelizeDatabaseError: SQLITE_ERROR: no such column: favorites.username"
    assert [(frame.path, frame.line) for frame in trace.frames] == [
        ("/srv/src/routes/articles.mjs", 12),
        ("/srv/src/repositories/articles.js", 88),
        ("/srv/node_modules/sequelize/lib/dialects/sqlite/query.js", 185),
    ]


def test_a_trace_that_a_logger_wrote_as_one_line_of_json() -> None:
    line = (
        r'{"level": "error", "exc": "Traceback (most recent call last):\n  File \"/srv/a.py\", '
        r'line 3, in f\n    g()\nKeyError: \'x\'"}'
    )
    assert traces(line)[0].frames == (Frame("/srv/a.py", 3),)


@pytest.mark.parametrize(
    "log",
    ["", "plain\n", '  File "x', "    at ", "Traceback (most recent call last):\n", "\0" * 99],
)
def test_what_is_no_trace_gives_none(log: str) -> None:
    assert traces(log) == []


def test_a_log_that_ends_within_a_trace() -> None:
    assert traces(FLASK[: FLASK.index("sqlalchemy.exc")])[-1].error == ""


def test_what_python_itself_prints(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("def f():\n    return {}['x']\n")
    (tmp_path / "main.py").write_text("import deep\n\ndeep.f()\n")
    command = [sys.executable, "main.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    (trace,) = traces(run.stderr)
    assert trace == Trace(
        "KeyError: 'x'",
        (Frame(str(tmp_path / "main.py"), 3), Frame(str(tmp_path / "deep.py"), 2)),
    )


def test_a_module_that_node_cannot_find() -> None:
    log = (
        "Error: Cannot find module 'slugify'\nRequire stack:\n- /srv/src/slug.js\n"
        "- /srv/src/server.js\n    at Module._load (node:internal/modules/cjs/loader:1225:15)\n"
        "    at Object.<anonymous> (/srv/src/slug.js:2:17)\nNode.js v20.20.2\n"
    )
    expected = Trace("Error: Cannot find module 'slugify'", (Frame("/srv/src/slug.js", 2),))
    assert traces(log) == [expected]


def test_what_node_says_last_is_the_error_and_not_its_version() -> None:
    log = (
        "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\n"
        "Error: Cannot find module 'dotenv'\nRequire stack:\n- /srv/src/app.js\n"
        "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15) {\n"
        "  code: 'MODULE_NOT_FOUND'\n}\n\nNode.js v20.20.2\n"
    )
    assert last_line(log) == "Error: Cannot find module 'dotenv'"
