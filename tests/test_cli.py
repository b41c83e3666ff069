"""The commands as a user meets them: what is printed, and the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.repositories import GitRepository

ROOT = Path(__file__).parent.parent

CLEAN: Mapping[str, str] = {
    "requirements.txt": "fastapi\nsqlalchemy\n",
    ".ci-gate.yml": """
architecture:
  layers:
    - {name: routes, paths: [shop/routes/]}
    - {name: services, paths: [shop/services/]}
    - {name: repositories, paths: [shop/repositories/]}
""",
    "shop/__init__.py": "",
    "shop/routes/__init__.py": "",
    "shop/routes/items.py": """
from fastapi import APIRouter
from shop.services.items import list_items
router = APIRouter()

@router.get("/items")
def items():
    return list_items()
""",
    "shop/services/__init__.py": "",
    "shop/services/items.py": """
from shop.repositories.items import fetch_items

def page_size():
    return 20

def list_items():
    return fetch_items(page_size())
""",
    "shop/repositories/__init__.py": "",
    "shop/repositories/items.py": """
import sqlite3

def fetch_items(limit):
    with sqlite3.connect("shop.db") as connection:
        return connection.execute("SELECT name FROM items LIMIT ?", (limit,)).fetchall()
""",
}
BREACH = {
    "shop/repositories/items.py": CLEAN["shop/repositories/items.py"]
    + """
def fetch_first_page():
    from shop.services.items import page_size
    return fetch_items(page_size())
"""
}


def run(*args: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ci_gate", *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def shop(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "shop", CLEAN)


def report(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(done.stdout)
    return loaded


def test_clean_service_passes(shop: GitRepository) -> None:
    done = run("scan", str(shop.root), "--format", "json")
    data = report(done)
    assert (done.returncode, data["verdict"]) == (0, "pass")
    assert data["findings"] == []
    assert done.stderr == ""


def test_pull_request_that_breaks_a_layer_is_blocked(shop: GitRepository) -> None:
    shop.git("switch", "--quiet", "--create", "feature")
    shop.commit(BREACH)
    done = run("scan", str(shop.root), "--base", "main", "--format", "json")
    data = report(done)
    assert (done.returncode, data["verdict"]) == (1, "blocked")
    [finding] = data["findings"]  # type: ignore[misc]
    assert finding["rule"] == "layering/upward-import"
    assert (finding["path"], finding["start"]["line"]) == ("shop/repositories/items.py", 9)
    assert finding["status"] == "new"


def test_finding_of_the_base_does_not_block_even_moved_and_renamed(shop: GitRepository) -> None:
    shop.commit(BREACH)
    shop.git("switch", "--quiet", "--create", "feature")
    shop.git("mv", "shop/repositories/items.py", "shop/repositories/goods.py")
    text = (shop.root / "shop/repositories/goods.py").read_text()
    service = CLEAN["shop/services/items.py"].replace("repositories.items", "repositories.goods")
    shop.commit(
        {
            "shop/repositories/goods.py": '"""Goods."""\n\n\n' + text,
            "shop/services/items.py": service,
        }
    )
    done = run("scan", str(shop.root), "--base", "main", "--format", "json")
    data = report(done)
    assert done.returncode == 0, done.stdout
    assert [f["status"] for f in data["findings"]] == ["existing"]  # type: ignore[attr-defined]
    assert run("scan", str(shop.root), "--base", "main", "--fail-on", "all").returncode == 1


def test_suppression_needs_a_reason(shop: GitRepository) -> None:
    for comment, code in (
        ("# ci-gate: ignore[layering/upward-import] moves in the next release", 0),
        ("# ci-gate: ignore[layering/upward-import]", 1),
    ):
        text = BREACH["shop/repositories/items.py"].replace(
            "import page_size", f"import page_size  {comment}"
        )
        shop.write({"shop/repositories/items.py": text})
        assert run("scan", str(shop.root)).returncode == code


def test_own_rules_judge_tests_and_their_suppressions_hold(shop: GitRepository) -> None:
    rule = """
rules:
  - id: no-print
    languages: [python]
    severity: ERROR
    message: prints
    pattern: print(...)
"""
    config = (shop.root / ".ci-gate.yml").read_text() + "semgrep: {rulesets: [own.yml]}\n"
    reason = "  # ci-gate: ignore[custom/no-print] the runner shows it"
    for comment, code in (("", 1), (reason, 0)):
        text = f"print(1){comment}\n"
        shop.write({"own.yml": rule, ".ci-gate.yml": config, "tests/test_items.py": text})
        assert run("scan", str(shop.root)).returncode == code


def test_select_ignore_severity_and_threshold(shop: GitRepository) -> None:
    shop.write(BREACH)
    assert run("scan", str(shop.root), "--ignore", "layering").returncode == 0
    assert run("scan", str(shop.root), "--select", "layering/upward-import").returncode == 1
    assert run("scan", str(shop.root), "--select", "query, layering/upward-import").returncode == 1
    assert run("scan", str(shop.root), "--ignore", "query,layering").returncode == 0
    assert run("scan", str(shop.root), "--fail-on", "never").returncode == 0
    config = (shop.root / ".ci-gate.yml").read_text() + "severity: {layering: warning}\n"
    shop.write({".ci-gate.yml": config})
    assert run("scan", str(shop.root)).returncode == 0
    assert run("scan", str(shop.root), "--threshold", "warning").returncode == 1


def test_reports_go_to_files_and_stdout_carries_one(shop: GitRepository, tmp_path: Path) -> None:
    shop.write(BREACH)
    outputs = {kind: tmp_path / f"report.{kind}" for kind in ("json", "markdown", "sarif", "junit")}
    flags = [f"--output={kind}={path}" for kind, path in outputs.items()]
    done = run("scan", str(shop.root), "--format", "github", *flags)
    assert done.stdout.startswith("::error file=shop/repositories/items.py,line=9")
    assert json.loads(outputs["json"].read_text())["verdict"] == "blocked"
    assert "layering/upward-import" in outputs["markdown"].read_text()
    assert json.loads(outputs["sarif"].read_text())["version"] == "2.1.0"
    assert "<testsuites" in outputs["junit"].read_text()


def test_change_of_the_configuration_does_not_loosen_its_own_gate(shop: GitRepository) -> None:
    shop.git("switch", "--quiet", "--create", "feature")
    shop.commit({**BREACH, ".ci-gate.yml": "fail_on: never\n"})
    assert run("scan", str(shop.root), "--base", "main").returncode == 1


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["scan", "nowhere"], 2, "nowhere"),
        (["scan", ".", "--select", "layering/upwards-import"], 2, "did you mean"),
        (["scan", ".", "--format", "xml"], 2, "xml"),
        (["scan", ".", "--output", "json"], 2, "FORMAT=FILE"),
        (["explain", "layering/upwards"], 2, "did you mean"),
        (["scan", ".", "--base", "nowhere"], 3, "is not in this clone"),
    ],
)
def test_wrong_use_is_one_clear_line(
    shop: GitRepository, args: list[str], code: int, words: str
) -> None:
    done = run(*args, cwd=shop.root)
    assert done.returncode == code
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_broken_configuration_names_file_line_and_column(shop: GitRepository) -> None:
    shop.write({".ci-gate.yml": "architecture:\n  layer: []\n"})
    done = run("scan", ".", cwd=shop.root)
    assert done.returncode == 2
    assert "ci-gate: .ci-gate.yml:2:3: unknown key 'layer'; did you mean 'layers'?" in done.stderr


def test_one_hostile_line_of_a_manifest_does_not_end_the_run(shop: GitRepository) -> None:
    shop.write({**BREACH, "requirements.txt": f"fastapi\nsqlalchemy; {'(' * 5000}\n"})
    shop.write({"pyproject.toml": f"[tool.x]\nn = {'1' * 5000}\n"})
    done = run("scan", str(shop.root), "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    rules = {f["rule"] for f in report(done)["findings"]}  # type: ignore[attr-defined]
    assert rules == {"layering/upward-import"}


def redirected(how: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ci_gate", *args]
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {how}', "sh", *command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "args", [["scan", "."], ["rules"], ["--help"], ["completion", "bash"]], ids=lambda args: args[0]
)
@pytest.mark.parametrize(
    ("how", "reason"), [(">&-", "it is closed"), (">/dev/full", "No space left on device")]
)
def test_output_that_cannot_be_written_is_told(
    shop: GitRepository, args: list[str], how: str, reason: str
) -> None:
    done = redirected(how, *args, cwd=shop.root)
    assert done.returncode == 3
    assert done.stderr == f"ci-gate: cannot write to standard output: {reason}\n"


@pytest.mark.parametrize("how", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_the_verdict_does_not_need_the_other_streams(shop: GitRepository, how: str) -> None:
    shop.write(BREACH)
    done = redirected(how, "scan", ".", cwd=shop.root)
    assert done.returncode == 1
    assert "layering/upward-import" in done.stdout


def test_a_report_that_cannot_be_written_costs_no_other(shop: GitRepository) -> None:
    shop.write(BREACH)
    outputs = ["--output", "json=nowhere/a.json", "--output", "json=../b.json"]
    done = redirected(">/dev/full", "scan", ".", *outputs, cwd=shop.root)
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "ci-gate: cannot write to standard output: No space left on device",
        "ci-gate: cannot write nowhere/a.json: No such file or directory",
    ]
    assert json.loads((shop.root / "../b.json").read_text())["verdict"] == "blocked"


def test_a_report_that_breaks_off_is_not_left_behind(shop: GitRepository) -> None:
    shop.write({".ci-gate.yml": CLEAN[".ci-gate.yml"] + "semgrep: {enabled: false}\n"})
    limited = 'ulimit -f 1; exec "$@"'
    command = [sys.executable, "-m", "ci_gate", "scan", ".", "--output", "sarif=../out.sarif"]
    done = subprocess.run(
        ["/bin/sh", "-c", limited, "sh", *command],
        cwd=shop.root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr == "ci-gate: cannot write ../out.sarif: File too large\n"
    assert "PASS" in done.stdout
    assert not (shop.root / "../out.sarif").exists()


def test_a_full_disk_is_no_internal_error(shop: GitRepository, tmp_path: Path) -> None:
    code = (
        "import ci_gate.scan\n"
        "def full(*_): raise OSError(28, 'No space left on device')\n"
        "ci_gate.scan.scan = full\n"
        "from ci_gate.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "scan", str(shop.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr == (
        f"ci-gate: No space left on device in the temporary folder {tmp_path}; make room there or "
        "name another by TMPDIR\n"
    )


def test_nothing_to_judge_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello\n")
    done = run("scan", str(tmp_path), "--format", "json")
    assert (done.returncode, report(done)["verdict"]) == (3, "incomplete")
    assert run("scan", str(tmp_path), "--allow-empty").returncode == 0
    library = tmp_path / "lib.py"
    library.write_text("def f():\n    return 1\n")
    assert run("scan", str(tmp_path)).returncode == 3


def test_hostile_files_are_told_and_hide_nothing(shop: GitRepository) -> None:
    shop.write(
        {
            **BREACH,
            "shop/broken.py": "def broken(:\n    pass\n\ndef fine():\n    return 1\n",
            "shop/binary.py": b"\x00\x01",
            "shop/latin.py": b"name = '\xe9'\n",
            "shop/long.py": b"x = [" + b"1," * 4_000_000 + b"]\n",
            "shop/deep.py": "x = " + "[" * 5000 + "]" * 5000 + "\n",
            "shop/empty.py": "",
        }
    )
    (shop.root / "shop/loop.py").symlink_to("loop.py")
    done = run("scan", str(shop.root), "--format", "json")
    data = report(done)
    rules = {f["rule"] for f in data["findings"]}  # type: ignore[attr-defined]
    assert {"layering/upward-import", "startup/syntax-error"} <= rules
    reasons = {s["path"]: s["reason"] for s in data["skipped"]}  # type: ignore[attr-defined]
    assert reasons["shop/long.py"] == "larger than 2 MiB"
    assert reasons["shop/binary.py"] == "binary"
    assert "symbolic link" in reasons["shop/loop.py"]
    assert done.returncode == 1
    assert done.stderr == ""


def test_file_that_hides_from_judgement_in_a_change_is_incomplete(shop: GitRepository) -> None:
    shop.git("switch", "--quiet", "--create", "feature")
    shop.commit({"shop/services/long.py": b"x = [" + b"1," * 4_000_000 + b"]\n"})
    done = run("scan", str(shop.root), "--base", "main")
    assert done.returncode == 3
    assert "shop/services/long.py was not judged: larger than 2 MiB" in done.stdout


def test_shallow_clone_is_incomplete_and_still_reports(shop: GitRepository, tmp_path: Path) -> None:
    shop.git("switch", "--quiet", "--create", "feature")
    shop.commit(BREACH)
    clone = tmp_path / "clone"
    url = shop.root.as_uri()
    shop.git("clone", "--quiet", "--depth=1", "--branch=feature", url, str(clone))
    GitRepository(clone).git("fetch", "--quiet", "--depth=1", "origin", "main:main")
    done = run("scan", str(clone), "--base", "main", "--format", "json")
    data = report(done)
    assert (done.returncode, data["verdict"]) == (3, "incomplete")
    assert "fetch-depth: 0" in " ".join(data["reasons"])  # type: ignore[arg-type]
    assert [f["rule"] for f in data["findings"]] == ["layering/upward-import"]  # type: ignore[attr-defined]


def test_missing_semgrep_is_incomplete(shop: GitRepository) -> None:
    shop.commit({
        "shop/tables.py": "from sqlalchemy import MetaData, Table\n"
        "from sqlalchemy.orm import mapped_column\n"
        "items = Table('items', MetaData())\n"
        "mapped_column\n",
    })  # fmt: skip
    code = (
        "import ci_gate.semgrep as s; s.find_program = lambda: None\n"
        "from ci_gate.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "scan", str(shop.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "install" in done.stdout.lower()


def test_stack_rules_explain_and_completion(shop: GitRepository) -> None:
    found = json.loads(run("stack", str(shop.root), "--format", "json").stdout)
    [service] = found["services"]
    assert (service["frameworks"], service["drivers"]) == (["fastapi"], ["sqlite3"])
    assert {"path": "shop/routes/items.py", "line": 2}.items() <= next(
        e for e in service["evidence"] if e["fact"] == "framework fastapi"
    ).items()
    listed = json.loads(run("rules", "--format", "json").stdout)
    assert {"ast", "semgrep"} == {rule["engine"] for rule in listed}
    page = run("explain", "layering/upward-import").stdout
    assert "Why is this bad?" in page
    group = run("explain", "layering").stdout
    assert "layering/upward-import" in group
    assert "startup/" not in group
    assert "_CI_GATE_COMPLETE" in run("completion", "bash").stdout


def test_init_writes_a_file_that_scan_accepts(shop: GitRepository) -> None:
    assert "exists" in run("init", str(shop.root)).stderr
    assert run("init", str(shop.root), "--force").returncode == 0
    place = shop.root / ".ci-gate.yml"
    place.rename(shop.root / "elsewhere.yml")
    place.symlink_to("nowhere.yml")
    assert "make it a plain file" in run("init", str(shop.root), "--force").stderr
    assert not (shop.root / "nowhere.yml").exists()
    (shop.root / "elsewhere.yml").rename(place)
    assert run("scan", str(shop.root)).returncode == 0


def test_no_color_and_quiet(shop: GitRepository) -> None:
    shop.write(BREACH)
    done = run("scan", str(shop.root), "-q", NO_COLOR="1")
    assert "\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) < 8


def test_the_command_ends_at_once_and_main_returns_to_its_caller(tmp_path: Path) -> None:
    def told(entry: str) -> list[str]:
        code = (
            "import atexit, sys\n"
            "atexit.register(print, 'at the end')\n"
            f"from ci_gate.cli import {entry}\n"
            f"try: {entry}()\n"
            "finally: print('afterwards')\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "scan", str(tmp_path), "--allow-empty", "--quiet"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[1:]

    assert told("program") == ["at the end"]
    assert told("main") == ["afterwards", "at the end"]
