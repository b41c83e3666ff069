"""A run of the Action on a real repository, against the double of GitHub's API."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from support.action import TRAILER, Project, fork, mend, posted
from support.github.objects import Objects


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


def test_a_scan_in_parts_is_told_by_the_merge(project: Project) -> None:
    project.open()
    for number in (1, 2, 3):
        part = project.run(shard=f"{number}/3")
        assert part.code == 0, part.log
        assert part.outputs["verdict"] == ""
    assert project.comments == project.checks == []
    merged = project.run(shard="merge")
    assert merged.code == 1, merged.log
    [comment] = project.comments
    assert "query/injection" in comment
    assert "ci-gate-shards" not in comment
    undivided = project.run()
    assert {**undivided.outputs} == {**merged.outputs}

    (project.root / "ci-gate-shards" / "shard-2-of-3.json").unlink()
    torn = project.run(shard="merge")
    assert torn.code == 3
    assert "of 3 parts 2 is not in" in torn.log
    assert torn.outputs["verdict"] == "incomplete"


def test_parts_that_the_change_brings_itself_are_no_verdict(project: Project) -> None:
    project.open()
    project.run(shard="1/1")
    project.git("add", "--force", "ci-gate-shards")
    project.commit(f"All is well{TRAILER}")
    project.push()
    merged = project.run(shard="merge")
    assert merged.code == 3
    assert "is part of the repository" in merged.log


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
