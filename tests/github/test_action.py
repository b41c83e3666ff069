"""A run of the Action on a real repository, against the double of GitHub's API."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.github import diffs
from support.github.fixtures import GitHub
from support.github.objects import Objects

DEMO = Path(__file__).parents[2] / "demo"
#: The gate's own command, which spaces its writes; here nobody has to be spared.
AT_ONCE = """\
import sys
from ci_gate.github import api, comment, review
api.BETWEEN_WRITES = comment.SETTLING = review.SETTLING = 0
sys.argv = ["ci-gate", "action"]
from ci_gate.cli import main
main()
"""
TRAILER = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
WHO = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "dev", "GIT_AUTHOR_EMAIL": "dev@example.org",
    "GIT_COMMITTER_NAME": "dev", "GIT_COMMITTER_EMAIL": "dev@example.org",
}  # fmt: skip


@dataclass
class Result:
    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass
class Project:
    """The demo's service, its pull request, and what GitHub knows of both."""

    github: GitHub
    root: Path
    home: Path
    runs: int = 0
    secrets: dict[str, str] = field(default_factory=dict)

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=os.environ | WHO, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def files(self) -> list[diffs.File]:
        """What GitHub shows as changed."""
        changed = []
        for path in self.git("diff", "--name-only", "--no-renames", "main...HEAD").splitlines():
            old = subprocess.run(["git", "show", f"main:{path}"], cwd=self.root,
                                 capture_output=True, text=True, check=False).stdout  # fmt: skip
            place = self.root / path
            new = place.read_text() if place.is_file() else ""
            changed.append(diffs.change(path, old, new))
        return changed

    def open(self, **options: Any) -> None:
        base = self.git("rev-parse", "main")
        head = self.git("rev-parse", "HEAD")
        repository = self.github.repository()
        repository.add_pull(7, self.files(), head=head, base=base, **options)

    def push(self) -> None:
        self.github.repository().push(7, self.git("rev-parse", "HEAD"), self.files())

    def payload(self) -> dict[str, Any]:
        pull = self.github.repository().pull(7)
        repository = {"full_name": pull["head"]["repository"]}
        return {
            "action": "synchronize",
            "number": 7,
            "repository": {"full_name": "acme/shop", "default_branch": "main"},
            "pull_request": {
                "number": 7,
                "title": pull["title"],
                "body": pull["body"],
                "draft": False,
                "labels": [],
                "user": {"login": pull["author"], "id": 5, "type": "User"},
                "head": {**pull["head"], "repo": repository},
                "base": pull["base"],
            },
        }

    def run(
        self, event: str = "pull_request", payload: dict[str, Any] | None = None, **inputs: str
    ) -> Result:
        """As the runner starts the Action's container."""
        self.runs += 1
        place = self.home / str(self.runs)
        place.mkdir()
        (place / "event.json").write_text(json.dumps(payload or self.payload()))
        environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
            "PYTHONPATH": str(DEMO.parent / "src"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": self.github.graphql_url,
            "GITHUB_SERVER_URL": f"file://{self.home}/origin",
            "GITHUB_WORKSPACE": str(self.root),
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_SHA": self.git("rev-parse", "HEAD"),
            "GITHUB_REF": "refs/heads/main" if event == "push" else "refs/pull/7/merge",
            "GITHUB_RUN_ID": str(100 + self.runs),
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_WORKFLOW": "constraint-gate",
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_STEP_SUMMARY": str(place / "summary"),
            "INPUT_TOKEN": self.github.token,
            **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
        }
        done = subprocess.run(
            [sys.executable, "-c", AT_ONCE], env=environment, cwd=self.home,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert self.github.token not in done.stdout + done.stderr
        summary = place / "summary"
        return Result(
            done.returncode,
            done.stdout + done.stderr,
            _outputs(place / "output"),
            summary.read_text() if summary.exists() else "",
        )

    @property
    def comments(self) -> list[str]:
        return [comment["body"] for comment in self.github.repository().comments(7)]

    @property
    def checks(self) -> list[tuple[str, str]]:
        head = self.github.repository().pull(7)["head"]["sha"]
        runs = self.github.repository().check_runs(head)
        return [(run["name"], run["conclusion"]) for run in runs]


def _outputs(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    lines = iter(path.read_text().splitlines()) if path.exists() else iter(())
    for line in lines:
        name, _, end = line.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), end))
    return found


@pytest.fixture
def project(tmp_path: Path, github: GitHub) -> Project:
    root = tmp_path / "work"
    shutil.copytree(DEMO / "base", root)
    # the contract's tests have their own tests; here they would only cost time
    (root / ".ci-gate.yml").write_text("architecture: layered\nsemgrep: {enabled: false}\n")
    made = Project(github, root, tmp_path)
    made.git("init", "-q", "-b", "main")
    made.commit("Lend books")
    made.git("switch", "-q", "-c", "claude/overdue-loans")
    made.git("apply", str(DEMO / "pull-request.patch"))
    made.commit(f"Add overdue loans{TRAILER}")
    return made


def mend(project: Project) -> None:
    """The second push: the defects are gone."""
    project.git("rm", "-rqf", ".")
    project.git("checkout", "-q", "main", "--", ".")
    (project.root / "NOTES.md").write_text("Overdue loans come later.\n")
    project.commit(f"Take it back{TRAILER}")


def test_an_agents_pull_request_is_blocked_and_then_mended(project: Project) -> None:
    project.open()
    first = project.run(json_file="out/report.json", sarif_file="out/report.sarif")
    assert first.code == 1, first.log
    assert first.outputs["verdict"] == "blocked"
    assert first.outputs["agent"] == "Claude Code"
    assert int(first.outputs["findings"]) >= 3
    assert float(first.outputs["decay"]) < 0
    assert json.loads((project.root / "out/report.json").read_text())["verdict"] == "blocked"
    assert json.loads((project.root / "out/report.sarif").read_text())["runs"]
    [comment] = project.comments
    assert "query/injection" in comment
    assert "Claude Code" in comment
    assert "query/injection" in first.summary
    assert project.checks == [("constraint-gate", "failure")]
    threads = project.github.repository().threads(7)
    assert len(threads) >= 3
    assert not any(thread["resolved_by"] for thread in threads)

    mend(project)
    project.push()
    second = project.run()
    assert second.code == 0, second.log
    [comment] = project.comments
    assert "pass" in comment
    assert "query/injection" not in comment
    assert project.checks == [("constraint-gate", "success")]
    # resolving takes `contents: write`, which the token does not have
    remarks = project.github.repository().review_comments(7)
    assert all("**Fixed** in" in remark["body"] for remark in remarks)


def test_the_same_findings_are_not_said_twice(project: Project) -> None:
    project.open()
    project.run()
    before = len(project.github.repository().review_comments(7))
    (project.root / "NOTES.md").write_text("Nothing.\n")
    project.commit(f"Notes{TRAILER}")
    project.push()
    assert project.run().code == 1
    assert len(project.github.repository().review_comments(7)) == before
    assert len(project.comments) == 1


def test_people_are_left_alone_unless_all_are_judged(project: Project) -> None:
    project.git("commit", "-q", "--amend", "-m", "Add overdue loans")
    project.git("branch", "-q", "-m", "overdue-loans")
    project.open()
    spared = project.run()
    assert spared.code == 0, spared.log
    assert (spared.outputs["verdict"], spared.outputs["judged"]) == ("pass", "false")
    assert project.comments == []
    assert project.checks == [("constraint-gate", "neutral")]
    assert project.run(mode="all").code == 1
    assert len(project.comments) == 1


@pytest.mark.parametrize("lacking", ["pull_requests", "checks", "issues"])
def test_a_refusal_never_changes_the_verdict(project: Project, lacking: str) -> None:
    project.open()
    permissions = {"metadata": "read", "contents": "read", "pull_requests": "write",
                   "issues": "write", "checks": "write"}  # fmt: skip
    del permissions[lacking]
    project.github.state.token(project.github.token, permissions)
    done = project.run()
    assert done.code == 1, done.log
    assert done.outputs["verdict"] == "blocked"


def test_without_any_right_to_write_the_findings_are_in_the_log(project: Project) -> None:
    project.open()
    project.github.state.token(project.github.token, {"metadata": "read", "contents": "read"})
    done = project.run()
    assert done.code == 1
    assert "::error file=lending/" in done.log
    assert "pull-requests: write" in done.log
    assert "checks: write" in done.log
    assert "query/injection" in done.summary


def test_without_a_token_the_verdict_stands(project: Project) -> None:
    project.open()
    done = project.run(token="")
    assert done.code == 1, done.log
    assert "::error file=lending/" in done.log


def test_a_gate_that_loosens_itself_is_judged_by_the_base(project: Project) -> None:
    (project.root / ".ci-gate.yml").write_text("fail_on: never\n")
    project.commit("Loosen")
    project.open()
    done = project.run()
    assert done.code == 1
    assert "edits .ci-gate.yml" in project.comments[0].replace("`", "")


def test_a_broken_configuration_replaces_a_green_comment(project: Project) -> None:
    mend(project)
    project.open()
    assert project.run().code == 0
    done = project.run(config_from="head", config="NOTES.md")
    assert done.code == 2, done.log
    [comment] = project.comments
    assert "incomplete" in comment
    assert ("constraint-gate", "failure") in project.checks


def test_a_merge_is_kept_in_the_history_and_shown_on_the_next_pull_request(
    project: Project,
) -> None:
    project.github.state.token(
        project.github.token,
        {"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write",
         "checks": "write"},
    )  # fmt: skip
    project.open()
    before = project.git("rev-parse", "main")
    payload = {
        "ref": "refs/heads/main",
        "before": before,
        "after": project.git("rev-parse", "HEAD"),
        "repository": {"full_name": "acme/shop", "default_branch": "main"},
    }
    merged = project.run("push", payload, history_branch="constraint-gate")
    assert merged.code == 1, merged.log
    again = project.run(history_branch="constraint-gate")
    assert again.code == 1, again.log
    assert "Claude Code: 1 earlier merge here, 0 without a blocking finding" in project.comments[0]


def test_merges_of_people_are_kept_and_block_nothing(project: Project) -> None:
    project.git("commit", "-q", "--amend", "-m", "Add overdue loans")
    project.github.state.token(project.github.token, {"metadata": "read", "contents": "write"})
    payload = {
        "ref": "refs/heads/main",
        "before": project.git("rev-parse", "main"),
        "after": project.git("rev-parse", "HEAD"),
        "repository": {"full_name": "acme/shop", "default_branch": "main"},
    }
    project.open()
    merged = project.run("push", payload, history_branch="scores", check="false")
    assert merged.code == 0, merged.log
    assert (merged.outputs["verdict"], merged.outputs["judged"]) == ("pass", "true")
    kept = Objects(project.github.repository()).read("scores", "scorecard/history.jsonl")
    assert kept is not None
    assert json.loads(kept)["agents"] == []


def fork(project: Project) -> bytes:
    """The first half: judged with a token that can only read; what the artifact holds."""
    project.open()
    pull = project.github.repository().pull(7)
    pull["head"]["repository"] = project.github.repository("stranger/shop").name
    project.github.state.token(project.github.token, {"metadata": "read", "contents": "read"})
    judged = project.run(bundle="out", mode="all", comment="off", review="off", check="false")
    assert judged.code == 1, judged.log
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((project.root / "out").iterdir()):
            archive.write(path, path.name)
    return stream.getvalue()


def posted(project: Project, artifact: bytes, **changes: Any) -> Result:
    """The second half, on the default branch."""
    project.github.state.token(
        project.github.token,
        {"metadata": "read", "actions": "read", "pull_requests": "write", "issues": "write",
         "checks": "write"},
    )  # fmt: skip
    repository = project.github.repository()
    head = repository.pull(7)["head"]
    run = {
        "id": 55, "run_attempt": 1, "event": "pull_request", "conclusion": "failure",
        "head_sha": head["sha"], "head_branch": "feature",
        "head_repository": {"full_name": head["repository"]},
    } | changes  # fmt: skip
    repository.add_run(55, head_sha=head["sha"], head_repository=head["repository"])
    repository.add_artifact(55, "constraint-gate", artifact)
    payload = {
        "action": "completed",
        "workflow_run": run,
        "repository": {"full_name": "acme/shop", "default_branch": "main"},
    }
    return project.run("workflow_run", payload)


def test_a_forks_report_is_posted_by_the_second_workflow(project: Project) -> None:
    done = posted(project, fork(project))
    assert done.code == 0, done.log
    [comment] = project.comments
    assert "query/injection" in comment
    assert project.checks == [("constraint-gate", "failure")]
    assert project.github.repository().threads(7)


@pytest.mark.parametrize("lie", ["number", "head_sha", "bomb", "empty", "pass"])
def test_a_lying_artifact_is_not_posted(project: Project, lie: str) -> None:
    with zipfile.ZipFile(io.BytesIO(fork(project))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    about, report = json.loads(files["about.json"]), json.loads(files["report.json"])
    if lie == "number":
        about["number"] = 8
        project.github.repository().add_pull(8)
    elif lie == "head_sha":
        about["head_sha"] = "b" * 40
    elif lie == "pass":
        report |= {"verdict": "pass", "findings": []}
    files["about.json"] = json.dumps(about).encode()
    files["report.json"] = b"\0" * 300_000_000 if lie == "bomb" else json.dumps(report).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if lie != "empty" else ():
            archive.writestr(name, data)
    done = posted(project, stream.getvalue())
    if lie == "pass":  # the run itself failed: what is posted is not green
        assert ("constraint-gate", "success") not in project.checks
    else:
        assert done.code == 3
        assert project.comments == []
        assert project.checks == []
        assert project.github.repository().comments(8) == []


def test_a_template_that_is_not_there_is_said_in_the_comment(project: Project) -> None:
    project.open()
    project.run(comment_template=".github/comment.md")
    [comment] = project.comments
    assert "`.github/comment.md` is not there on the base branch" in comment
    assert "query/injection" in comment
