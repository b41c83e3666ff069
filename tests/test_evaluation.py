"""tools/evaluate.py on small corpora, with real scans where the score depends on them."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "evaluate.py"
SERVICE = {
    "requirements.txt": "flask\n",
    "shop/app.py": (
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
        '@app.get("/health")\ndef health():\n    return {"ok": True}\n'
    ),
    "shop/prices.py": "def price(cents):\n    return cents / 100\n",
}
BROKEN = "def price(cents:\n    return cents / 100\n"
HARMLESS = "def price(cents):\n    return round(cents / 100, 2)\n"


def corpus(root: Path) -> Path:
    for name, text in SERVICE.items():
        _write(root / "apps/shop" / name, text)
    (root / "mutants/shop").mkdir(parents=True)
    return root


def mutant(
    root: Path, name: str, text: str, label: dict[str, Any], file: str = "shop/prices.py"
) -> None:
    before = SERVICE[file].splitlines(keepends=True)
    after = text.splitlines(keepends=True)
    patch = "".join(unified_diff(before, after, f"a/{file}", f"b/{file}"))
    _write(root / f"mutants/shop/{name}.patch", patch)
    _write(root / f"mutants/shop/{name}.json", json.dumps(label))


def defect(**changed: Any) -> dict[str, Any]:
    label = {"group": "startup", "cls": "syntax-error", "file": "shop/prices.py", "line": 1,
             "static_detectable": "local"}  # fmt: skip
    return label | changed


def evaluate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_score_of_caught_missed_and_false(tmp_path: Path) -> None:
    root = corpus(tmp_path / "corpus")
    mutant(root, "m01", BROKEN, defect())
    mutant(root, "m02", HARMLESS, defect(group="query", cls="rounded", line=2))
    mutant(root, "m03", BROKEN, defect(group="orm", static_detectable="runtime-only"))
    mutant(root, "d01", HARMLESS, {"looks_like": "query"})
    mutant(root, "d02", BROKEN, {"looks_like": "startup"})
    score = tmp_path / "score.json"
    done = evaluate(root, "--json", score)
    assert done.returncode == 1, done.stderr
    assert "missed (local): shop m02 query/rounded at shop/prices.py:2" in done.stdout
    assert "false alarm: shop d02: startup/syntax-error shop/prices.py:1" in done.stdout
    assert "1 of 2 local and cross-file defects caught (50.0%" in done.stdout
    assert "1 false alarms on 3 harmless trees; 0 scans failed" in done.stdout
    told = json.loads(score.read_text("utf-8"))
    caught = {d["id"]: (d["caught"], d["caught_any_group"]) for d in told["defects"]}
    assert caught == {"m01": (True, True), "m02": (False, False), "m03": (False, True)}
    assert told["recall"] == 0.5
    assert [a["id"] for a in told["false_alarms"]] == ["d02"]


def test_the_wanted_share_and_the_choice_of_groups(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, defect())
    mutant(root, "m02", HARMLESS, defect(group="query"))
    tool = ("--command", _fake(tmp_path, BROKEN_ONLY))
    assert evaluate(root, *tool).returncode == 1
    assert evaluate(root, *tool, "--at-least", "0.5").returncode == 0
    assert evaluate(root, *tool, "--groups", "startup").returncode == 0
    assert (
        evaluate(
            root, *tool, "--languages", "python,typescript", "--groups", "startup,query"
        ).returncode
        == 1
    )


def test_a_service_with_a_configuration_is_scanned_with_it(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    _write(root / "apps/shop/.ci-gate.yml", "version: 1\nignore: [startup]\n")
    mutant(root, "m01", BROKEN, defect())
    assert evaluate(root).returncode == 1


def test_the_gates_sarif_gives_the_same_score(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, defect())
    mutant(root, "d01", HARMLESS, {"looks_like": "startup"})
    gate = f"{shlex.quote(sys.executable)} -m ci_gate scan {{tree}} --format sarif -q"
    done = evaluate(root, "--command", gate)
    assert done.returncode == 0, done.stdout
    assert "1 of 1 local" in done.stdout


#: Reports one finding where prices.py is broken, at the line its command line names.
BROKEN_ONLY = """
import json, pathlib, sys
tree, line = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
broken = "cents:\\n" in (tree / "shop/prices.py").read_text()
place = {"line": line, "column": 1}
finding = {"rule": "startup/x", "group": "startup", "path": "shop/prices.py", "start": place,
           "end": place, "related": [], "blocking": True, "status": "new", "fingerprint": "f"}
print(json.dumps({"findings": [finding] if broken else []}))
"""


@pytest.mark.parametrize(("line", "code"), [("4", 0), ("5", 1)])
def test_three_lines_off_is_near_enough(tmp_path: Path, line: str, code: int) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, defect())
    assert evaluate(root, "--command", f"{_fake(tmp_path, BROKEN_ONLY)} {line}").returncode == code


def test_a_place_that_is_also_right(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    label = defect(file="shop/app.py", also_ok=["shop/app.py:7", "shop/prices.py:1-2"])
    mutant(root, "m01", BROKEN, label)
    assert evaluate(root, "--command", _fake(tmp_path, BROKEN_ONLY)).returncode == 0


RELATED = BROKEN_ONLY.replace(
    '"related": []', '"related": [{"path": "shop/app.py", "line": 1, "message": ""}]'
)


def test_a_related_place_counts(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, defect(file="shop/app.py"))
    assert evaluate(root, "--command", _fake(tmp_path, BROKEN_ONLY)).returncode == 1
    assert evaluate(root, "--command", _fake(tmp_path, RELATED)).returncode == 0


def test_what_the_clean_service_has_is_a_false_alarm_and_catches_nothing(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, defect())
    always = BROKEN_ONLY.replace("if broken else []", "")
    done = evaluate(root, "--command", _fake(tmp_path, always))
    assert done.returncode == 1
    assert "false alarm: shop clean: startup/x" in done.stdout
    assert "0 of 1 local" in done.stdout


def test_sarif_of_another_tool(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, defect())
    sarif = """
import json, pathlib, sys
tree = pathlib.Path(sys.argv[1])
broken = "cents:\\n" in (tree / "shop/prices.py").read_text()
uri = (tree / "shop/prices.py").as_uri()
place = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}}
result = {"ruleId": "startup/E9", "message": {"text": "broken"}, "locations": [place]}
rules = [{"id": "startup/E9"}]
run = {"tool": {"driver": {"name": "t", "rules": rules}}, "results": [result] if broken else []}
print(json.dumps({"version": "2.1.0", "runs": [run]}))
"""
    command = ("--command", _fake(tmp_path, sarif))
    assert evaluate(root, *command).returncode == 1
    assert evaluate(root, *command, "--sarif-level", "warning").returncode == 0


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (
            "import sys; print('no licence', file=sys.stderr); sys.exit(3)",
            "exit code 3: no licence",
        ),
        ("print('[]')", "it printed neither the gate's report nor SARIF"),
        ("", "it printed neither the gate's report nor SARIF"),
        ("import time; time.sleep(30)", "not done after 1 seconds"),
    ],
)
def test_a_failed_scan_is_never_a_pass(tmp_path: Path, program: str, reason: str) -> None:
    root = corpus(tmp_path)
    done = evaluate(root, "--command", _fake(tmp_path, program), "--timeout", "1")
    assert done.returncode == 3
    assert f"scan failed: shop clean: {reason}" in done.stdout


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (defect(file="shop/gone.py"), "m01.json: the patched service has no file shop/gone.py"),
        (defect(file="../shop/app.py"), "has no file ../shop/app.py"),
        (defect(line=99), "m01.json: shop/prices.py has 3 lines"),
        (defect(line="1"), "m01.json: line has to be a line number"),
        (defect(line=3, end_line=1), "m01.json: end_line 1 is before line 3"),
        (defect(also_ok=["shop/app.py"]), "m01.json: also_ok has to be a list of PATH:LINE"),
        (defect(static_detectable="perhaps"), "static_detectable has to be one of local"),
        ({"title": "no group"}, "m01.json: static_detectable has to be a text"),
        ([], "m01.json has to hold one JSON object"),
    ],
)
def test_a_broken_label(tmp_path: Path, label: Any, message: str) -> None:
    root = corpus(tmp_path)
    mutant(root, "m01", BROKEN, label)
    _refused(message, root)


def test_broken_corpora(tmp_path: Path) -> None:
    _refused("nowhere/apps is not a folder", tmp_path / "nowhere")
    root = corpus(tmp_path / "corpus")
    _refused("unknown language cobol", root, "--languages", "cobol")
    _refused("no service in typescript", root, "--languages", "typescript")
    _refused("no label of group sql", root, "--groups", "sql")
    _refused("has to name {tree}", root, "--command", "ci-gate scan .")
    _refused("there is no program", root, "--command", "no-such-program {tree}")
    mutant(root, "m01", BROKEN, defect())
    patch = root / "mutants/shop/m01.patch"
    patch.write_text(patch.read_text().replace("-def price", "-def cost"))
    _refused("m01.patch does not apply to", root)
    patch.with_suffix(".json").write_text("{")
    _refused("m01.json is not JSON", root)
    patch.with_suffix(".json").unlink()
    _refused("m01.patch has no label m01.json beside it", root)
    patch.with_suffix(".json").write_text("{}")
    patch.unlink()
    _refused("there is no m01.patch beside it", root)
    (root / "mutants/other").mkdir()
    (root / "mutants/shop/m01.json").unlink()
    _refused("there is no service apps/other", root)


def _refused(message: str, *arguments: str | Path) -> None:
    done = evaluate(*arguments)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def _fake(folder: Path, program: str) -> str:
    """A command that runs a program instead of the gate."""
    _write(folder / "tool.py", program)
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(folder / 'tool.py'))} {{tree}}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
