"""A scan in parts, and its merge: the same scorecard as from one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_gate.config import Config, SemgrepConfig
from ci_gate.reports import Style, render
from ci_gate.rules import all_rules
from ci_gate.scan import Options, merge, scan, scan_shard
from ci_gate.scorecard.model import Scorecard
from ci_gate.shards import Shard, ShardError, read, write
from support.repositories import GitRepository

ROOT = Path(__file__).parent.parent
TREES = sorted(tree for tree in (ROOT / "tests/rules").glob("*/*/bad_*"))
SHOP: Mapping[str, str] = {
    "requirements.txt": "flask\nsqlalchemy\n",
    "app.py": """
import subprocess
from flask import Flask, request
from sqlalchemy import create_engine, text
app = Flask(__name__)
engine = create_engine("sqlite:///shop.db")

@app.get("/items")
def items():
    with engine.connect() as connection:
        name = request.args["q"]
        found = connection.execute(text(f"SELECT name FROM items WHERE name = '{name}'"))
        return [row.name for row in found]
""",
}
GROWN = {"app.py": SHOP["app.py"] + '\n@app.get("/all")\ndef all_items():\n    return items()\n'}


def whole(scorecard: Scorecard) -> Any:
    """The report, but for the seconds that engines took."""
    timeless = [replace(run, seconds=0.0) for run in scorecard.engines]
    return json.loads(render(replace(scorecard, engines=timeless), "json", Style()))


def in_parts(options: Options, count: int, folder: Path) -> Scorecard:
    for index in range(count, 0, -1):
        write(folder, scan_shard(options, Shard(index, count)))
    return merge(options, read(folder))


def files_of(trees: Sequence[Path]) -> dict[str, bytes]:
    return {
        f"{tree.parent.name}_{tree.name}/{path.relative_to(tree).as_posix()}".replace(
            "-", "_"
        ): path.read_bytes()
        for tree in trees
        for path in sorted(tree.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    before=st.lists(st.sampled_from(TREES), min_size=1, max_size=3, unique=True),
    after=st.lists(st.sampled_from(TREES), min_size=1, max_size=4, unique=True),
    count=st.integers(1, 5),
    against_base=st.booleans(),
)
def test_parts_make_the_scorecard_of_an_undivided_scan(
    before: list[Path],
    after: list[Path],
    count: int,
    against_base: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("shards")
    repository = GitRepository(folder / "tree", files_of(before))
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit(files_of(after))
    config = Config(semgrep=SemgrepConfig(enabled=False))
    options = Options(repository.root, config, "main" if against_base else None)
    assert whole(in_parts(options, count, folder / "parts")) == whole(scan(options))


def test_semgrep_s_files_are_divided(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "shop", SHOP)
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({**GROWN, "orders/app.py": GROWN["app.py"], "bills/app.py": GROWN["app.py"]})
    options = Options(repository.root, Config(), "main")
    alone, together = scan(options), in_parts(options, 3, tmp_path / "parts")
    assert {run.name for run in alone.engines} == {"ast", "semgrep"}
    assert whole(together) == whole(alone)
    shares = [part.head.engines for part in read(tmp_path / "parts")]
    seen = [run.files for engines in shares for run in engines if run.name == "semgrep"]
    assert sum(seen) == 3
    assert max(seen) < 3


def test_every_rule_runs_in_one_part() -> None:
    chosen = all_rules()
    for count in (1, 2, 4, 9):
        ran = [rule.id for i in range(count) for rule in Shard(i + 1, count).rules(chosen)]
        assert sorted(ran) == sorted(rule.id for rule in chosen)


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ci_gate", *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return GitRepository(tmp_path / "shop", SHOP).root


def test_on_the_command_line(shop: Path) -> None:
    for index in (1, 2):
        done = run("scan", "--shard", f"{index}/2", "--shard-dir", "../parts", cwd=shop)
        assert done.returncode == 0, done.stderr
        assert f"../parts/shard-{index}-of-2.json: part {index}/2" in done.stdout
    alone = run("scan", cwd=shop)
    merged = run("merge", "--shard-dir", "../parts", "--output", "sarif=../out.sarif", cwd=shop)
    assert alone.returncode == merged.returncode == 1
    assert "query/injection" in merged.stdout
    assert json.loads((shop / "../out.sarif").read_text())["runs"][0]["results"]


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("none", "holds no part of a scan"),
        ("missing", "of 2 parts 2 is not in ../parts: a shard failed or was not run"),
        ("torn", "shard-2-of-2.json is no part of a scan"),
        ("pipe", "shard-2-of-2.json is a pipe; make it a plain file"),
        ("link", "shard-2-of-2.json is a symbolic link; make it a plain file"),
        ("other tree", "of another tree, base or configuration"),
        ("other shard", "are not of one scan"),
        ("other options", "of another tree, base or configuration"),
    ],
)
def test_parts_that_do_not_fit_are_no_verdict(shop: Path, harm: str, words: str) -> None:
    parts, options = shop.parent / "parts", ["--shard-dir", "../parts"]
    if harm != "none":
        for index in ("1/2", "2/2"):
            run("scan", "--shard", index, *options, cwd=shop)
    second = parts / "shard-2-of-2.json"
    match harm:
        case "missing":
            second.unlink()
        case "torn":
            second.write_text(second.read_text()[:200])
        case "pipe":
            second.unlink()
            os.mkfifo(second)
        case "link":
            second.unlink()
            second.symlink_to("/dev/zero")
        case "other tree":
            (shop / "more.py").write_text("x = 1\n")
        case "other shard":
            (shop / "more.py").write_text("x = 1\n")
            run("scan", "--shard", "2/2", *options, cwd=shop)
        case "other options":
            options += ["--ignore", "query"]
    done = run("merge", *options, cwd=shop)
    assert done.returncode == 3
    assert words in done.stderr
    assert not done.stdout


def test_what_a_part_could_not_judge_leaves_the_merge_incomplete(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = next(rule for rule in all_rules() if rule.id == "startup/undeclared-dependency")

    def broken(*_args: object) -> list[Any]:
        raise RuntimeError("lost its way")

    monkeypatch.setattr(rule, "check", broken)
    options = Options(shop, Config(semgrep=SemgrepConfig(enabled=False)))
    scorecard = in_parts(options, 3, shop.parent / "parts")
    assert scorecard.verdict.value == "incomplete" or scorecard.blocking
    errors = [error for run_ in scorecard.engines for error in run_.errors]
    assert errors == ["rule startup/undeclared-dependency failed: RuntimeError: lost its way"]


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/0", "a/b", "1/999", "01/2", "1/2/3"])
def test_a_part_that_makes_no_sense_is_a_usage_error(shop: Path, text: str) -> None:
    done = run("scan", "--shard", text, cwd=shop)
    assert done.returncode == 2
    assert "is not INDEX/COUNT, such as 2/4" in done.stderr


def test_a_part_has_no_report_of_its_own(shop: Path) -> None:
    done = run("scan", "--shard", "1/2", "--format", "json", cwd=shop)
    assert done.returncode == 2
    assert "give --format and --output to `ci-gate merge`" in done.stderr


def test_a_part_that_cannot_be_written_whole_leaves_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_data: object, stream: Any) -> None:
        stream.write("{")
        raise OSError(28, "No space left on device")

    part = scan_shard(Options(shop, Config(semgrep=SemgrepConfig(enabled=False))), Shard(1, 1))
    monkeypatch.setattr("ci_gate.shards.json.dump", full)
    with pytest.raises(ShardError, match=r"cannot write .*: No space left on device"):
        write(shop.parent / "parts", part)
    assert list((shop.parent / "parts").iterdir()) == []


def test_a_folder_that_cannot_be_written_to(shop: Path) -> None:
    (shop.parent / "parts").write_text("")
    with pytest.raises(ShardError, match="cannot write"):
        write(shop.parent / "parts", scan_shard(Options(shop, Config()), Shard(1, 1)))
