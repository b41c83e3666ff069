"""package.json holds no comments, so that what its scripts start is tested here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rules.test_fixtures import found_in

from ci_gate.rules.startup.missing_entry_point import MissingEntryPoint

APP = "const app = require('express')();\napp.get('/', (req, res) => res.json([]));\n"


def messages(tree: Path, scripts: dict[str, str]) -> list[str]:
    (tree / "src").mkdir()
    (tree / "src" / "server.js").write_text(APP)
    manifest = {"name": "shop", "scripts": scripts, "dependencies": {"express": "^5.1.0"}}
    (tree / "package.json").write_text(json.dumps(manifest, indent=2))
    return [item.message for item in found_in(tree, MissingEntryPoint)]


@pytest.mark.parametrize(
    ("scripts", "part"),
    [
        ({"start": "node src/sever.js"}, "runs src/sever.js"),
        ({"start": "npm run serve"}, "runs the script 'serve'"),
        ({"start": "npm run serve", "serve": "node server.js"}, "runs server.js"),
        ({"start": "node dist/server.js"}, "runs dist/server.js"),
    ],
)
def test_missing(tmp_path: Path, scripts: dict[str, str], part: str) -> None:
    found = messages(tmp_path, scripts)
    assert len(found) == 1
    assert part in found[0]


@pytest.mark.parametrize(
    "scripts",
    [
        {"start": "node src/server"},
        {"start": "node --env-file .env src/server.js"},
        {"start": "cd src && node server.js"},
        {"start": "node dist/server.js", "build": "esbuild src/server.js --outdir=dist"},
        {"start": "npm run build -w frontend && npm run --prefix web build && node src/server.js"},
        {"start": "node -e 'process.exit(0)'"},
        {"start": "nodemon --exec node src/server.js"},
    ],
)
def test_there(tmp_path: Path, scripts: dict[str, str]) -> None:
    assert messages(tmp_path, scripts) == []
