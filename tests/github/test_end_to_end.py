"""The real thing: the example workflows, run by act in Docker on GitHub's own event payload, with
the image built from the Dockerfile. Only GitHub's API is played, by the double."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.act import GIT, Runner
from support.github import diffs
from support.github.fixtures import GitHub
from support.github.state import Repository
from support.image import ROOT, build, need, release

pytestmark = pytest.mark.docker
EXAMPLES = ROOT / ".build/github/node_modules/@octokit/webhooks-examples/api.github.com/index.json"
NUMBER = 7
OVERDUE = "lending/repositories/loans.py"
#: What the four findings' fixes say.
FIXES = {
    "lending/repositories/books.py": [
        ("import select, text", "import select"),
        ("""text(f"books.title LIKE '%{words}%'")""", "Book.title.contains(words)"),
    ],
    OVERDUE: [
        ("        from lending.services.lending import GRACE_PERIOD\n\n", ""),
        ("member_id: int, today: date) -> list", "member_id: int, before: date) -> list"),
        ("Loan.returned is None", "Loan.returned.is_(None)"),
        ("Loan.due < today - GRACE_PERIOD", "Loan.due < before"),
        (
            "    def open_of(",
            "    def count_of(self, member_id: int) -> int:\n"
            "        statement = select(func.count()).where(Loan.member_id == member_id)\n"
            "        with self._sessions() as session:\n"
            "            return session.scalar(statement) or 0\n\n"
            "    def open_of(",
        ),
    ],
    "lending/services/lending.py": [
        ("overdue_of(member_id, today)", "overdue_of(member_id, today - GRACE_PERIOD)"),
        (
            "    def open_loans(",
            "    def number_of_loans(self, member_id: int) -> int:\n"
            "        return self._loans.count_of(member_id)\n\n"
            "    def open_loans(",
        ),
    ],
    "lending/routes/members.py": [
        ("from sqlalchemy import func, select\n", ""),
        ("import Loan, Member", "import Member"),
        (
            '    with current_app.extensions["sessions"]() as session:\n'
            "        statement = select(func.count()).select_from(Loan)"
            ".where(Loan.member_id == member.id)\n"
            "        total = session.scalar(statement)\n"
            "    return jsonify(loans=total)",
            "    return jsonify(loans=lending().number_of_loans(member.id))",
        ),
    ],
}  # fmt: skip
RULES = {
    "layering/data-access-outside-repository", "layering/upward-import", "query/injection",
    "orm/python-operator-in-filter",
}  # fmt: skip


@dataclass
class Checkout:
    """The pull request in a repository, checked out as GitHub does: the trial merge."""

    place: Path
    workflow: str

    def git(self, *command: str) -> str:
        done = subprocess.run(
            [*GIT, *command], cwd=self.place, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def merge(self) -> None:
        self.git("switch", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", "Merge", "copilot/overdue")

    @property
    def files(self) -> list[diffs.File]:
        return diffs.files_of(self.git("diff", "main...copilot/overdue"))


def checked_out(place: Path, *workflows: str, message: str = "Add overdue loans") -> Checkout:
    shutil.copytree(ROOT / "demo" / "base", place)
    checkout = Checkout(place, workflows[0])
    (place / ".github" / "workflows").mkdir(parents=True)
    for workflow in workflows:
        shutil.copy(ROOT / "example_workflows" / workflow, place / ".github" / "workflows")
    checkout.git("init", "--quiet", "--initial-branch=main")
    checkout.git("remote", "add", "origin", "https://github.com/acme/shop")
    checkout.commit("Lend books")
    checkout.git("switch", "--quiet", "--create", "copilot/overdue")
    checkout.git("apply", str(ROOT / "demo" / "pull-request.patch"))
    checkout.commit(message)
    checkout.merge()
    return checkout


def fix(checkout: Checkout) -> str:
    checkout.git("switch", "--quiet", "copilot/overdue")
    for name, replacements in FIXES.items():
        path = checkout.place / name
        text = path.read_text()
        for old, new in replacements:
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        path.write_text(text)
    sha = checkout.commit("Keep the layers")
    checkout.merge()
    return sha


def example(name: str, action: str | None) -> dict[str, Any]:
    """GitHub's own example of an event, in our repository."""
    kinds: list[dict[str, Any]] = json.loads(EXAMPLES.read_text())
    examples = next(kind["examples"] for kind in kinds if kind["name"] == name)
    event: dict[str, Any] = next(e for e in examples if e.get("action") == action)
    event["repository"] |= {"full_name": "acme/shop", "name": "shop", "default_branch": "main"}
    return event


def payload(checkout: Checkout, action: str, repository: str = "acme/shop") -> dict[str, Any]:
    event = example("pull_request", action)
    change = event["pull_request"]
    event["number"] = change["number"] = NUMBER
    change["user"] = {"login": "Copilot", "id": 198982749, "type": "Bot"}
    for side, branch in (("head", "copilot/overdue"), ("base", "main")):
        name = repository if side == "head" else "acme/shop"
        repo = (change[side].get("repo") or {}) | {"full_name": name}
        change[side] |= {"ref": branch, "sha": checkout.git("rev-parse", branch), "repo": repo}
    return event


@pytest.fixture
def runner(github: GitHub, tmp_path: Path) -> Iterator[Runner]:
    need("docker")
    if not EXAMPLES.is_file():
        pytest.skip("GitHub's payloads are not there; .ci/tools fetches them")
    actions = {"org/constraint-gate@v1": release(tmp_path / "action")}
    engine = build()
    yield Runner(tmp_path / "act", github, engine, actions)
    engine.close()


def opened(github: GitHub, checkout: Checkout) -> Repository:
    """The pull request, as the API has it."""
    repository = github.repository("acme/shop")
    repository.add_pull(
        NUMBER, checkout.files, head=checkout.git("rev-parse", "copilot/overdue"),
        base=checkout.git("rev-parse", "main"), author="Copilot",
    )  # fmt: skip
    for path, body in (("repos/acme/shop", None), ("graphql", b'{"query": "{viewer {login}}"}')):
        headers = {"Authorization": f"Bearer {github.token}"}
        request = urllib.request.Request(f"{github.url}/{path}", body, headers)
        urllib.request.urlopen(request).close()  # the double has read GitHub's descriptions now
    return repository


def test_a_change_is_blocked_and_passes_when_mended(
    github: GitHub, runner: Runner, tmp_path: Path
) -> None:
    checkout = checked_out(tmp_path / "shop", "quick-start.yml")
    repository = opened(github, checkout)
    first = checkout.git("rev-parse", "copilot/overdue")

    run = runner.run(checkout.place, checkout.workflow, "pull_request", payload(checkout, "opened"))

    assert run.code == 1, run.log
    assert run.outputs["verdict"] == "blocked", run.log
    assert run.outputs["judged"] == "true"
    assert run.outputs["agent"]
    assert (run.outputs["share-l0"], run.outputs["decay-base"]) == ("1", "0")
    assert float(run.outputs["share-l3"]) < 1
    assert float(run.outputs["decay"]) < 0
    assert (run.outputs["findings"], run.outputs["new-findings"]) == ("4", "4")
    assert all(rule in run.summary for rule in RULES)
    [comment] = repository.comments(NUMBER)
    assert comment["login"] == "github-actions[bot]"
    assert all(rule in comment["body"] for rule in RULES)
    assert run.outputs["comment-url"].endswith(f"#issuecomment-{comment['id']}")
    threads = repository.threads(NUMBER)
    inline = repository.review_comments(NUMBER)
    assert len(threads) == len(inline) == 4
    assert {note["path"] for note in inline} <= set(FIXES)
    assert not any("**Fixed**" in note["body"] for note in inline)
    assert any("```suggestion" in note["body"] for note in inline)
    [check] = repository.check_runs(first)
    assert (check["name"], check["conclusion"]) == ("constraint-gate", "failure")
    assert len(check["annotations"]) >= 4

    second = fix(checkout)
    repository.push(NUMBER, second, checkout.files)
    run = runner.run(
        checkout.place, checkout.workflow, "pull_request", payload(checkout, "synchronize")
    )

    assert run.code == 0, run.log
    assert run.outputs["verdict"] == "pass"
    assert run.outputs["findings"] == "0"
    [same] = repository.comments(NUMBER)
    assert same["id"] == comment["id"]
    assert not any(rule in same["body"] for rule in RULES)
    inline = repository.review_comments(NUMBER)
    assert len(inline) == 4  # none is repeated
    # `contents: read` does not let a token resolve threads: they say that they are settled.
    assert all(f"**Fixed** in {second[:12]}" in note["body"] for note in inline)
    assert all(note["line"] is None for note in inline)  # outdated
    [check] = repository.check_runs(second)
    assert check["conclusion"] == "success"
    [before] = repository.check_runs(first)
    assert before["conclusion"] == "failure"


def test_a_fork_is_judged_and_its_report_posted_by_the_second_workflow(
    github: GitHub, runner: Runner, tmp_path: Path
) -> None:
    checkout = checked_out(tmp_path / "shop", "fork-safe-gate.yml", "fork-safe-post.yml")
    repository = opened(github, checkout)
    head = checkout.git("rev-parse", "copilot/overdue")
    fork = "stranger/shop"
    repository.pull(NUMBER)["head"]["repository"] = fork
    github.state.repository(fork, fork=True)
    github.state.token(github.token, {"metadata": "read", "contents": "read"})
    kept = tmp_path / "kept"
    runner.actions |= {used(checkout, "actions/upload-artifact"): keeper(tmp_path / "upload", kept)}
    runner.binds = {kept: "/kept"}

    run = runner.run(
        checkout.place, "fork-safe-gate.yml", "pull_request", payload(checkout, "opened", fork)
    )

    assert run.code == 1, run.log
    assert repository.comments(NUMBER) == []
    assert github.refused == []  # nothing was tried
    bundle = {path.name: path.read_bytes() for path in kept.iterdir()}
    assert set(bundle) == {"about.json", "report.json"}

    repository.add_run(55, head_sha=head, head_repository=fork, head_branch="copilot/overdue")
    repository.add_artifact(55, "constraint-gate", bundle)
    github.state.token(
        github.token,
        {"metadata": "read", "actions": "read", "checks": "write", "pull_requests": "write"},
    )
    run = runner.run(checkout.place, "fork-safe-post.yml", "workflow_run", ended(head, fork))

    assert run.code == 0, run.log
    [comment] = repository.comments(NUMBER)
    assert all(rule in comment["body"] for rule in RULES)
    [check] = repository.check_runs(head)
    assert check["conclusion"] == "failure"
    assert len(repository.review_comments(NUMBER)) == 4


def test_machines_that_share_a_scan_give_one_verdict(
    github: GitHub, runner: Runner, tmp_path: Path
) -> None:
    checkout = checked_out(tmp_path / "shop", "sharded.yml")
    repository = opened(github, checkout)
    kept = tmp_path / "kept"
    kept.mkdir()
    runner.actions |= {
        used(checkout, "actions/upload-artifact"): stand_in(
            tmp_path / "upload",
            "inputs: {name: {}, path: {}, if-no-files-found: {}, retention-days: {}}",
            'mkdir "/kept/${{ inputs.name }}"; cp "${{ inputs.path }}"* "/kept/${{ inputs.name }}"',
        ),
        used(checkout, "actions/download-artifact"): stand_in(
            tmp_path / "download",
            "inputs: {pattern: {}, path: {}}",
            'mkdir "${{ inputs.path }}"; cp -r /kept/* "${{ inputs.path }}"',
        ),
    }
    runner.binds = {kept: "/kept"}

    run = runner.run(checkout.place, checkout.workflow, "pull_request", payload(checkout, "opened"))

    assert run.code == 1, run.log
    assert {path.name for path in kept.iterdir()} == {
        f"constraint-gate-part-{number}" for number in range(1, 5)
    }
    [comment] = repository.comments(NUMBER)
    assert all(rule in comment["body"] for rule in RULES)
    [check] = repository.check_runs(checkout.git("rev-parse", "copilot/overdue"))
    assert check["conclusion"] == "failure"
    assert len(repository.review_comments(NUMBER)) == 4


def test_a_merge_queue_is_judged(github: GitHub, runner: Runner, tmp_path: Path) -> None:
    # in the queue there is no pull request: the agent is known by its commits
    message = "Add overdue loans\n\nCo-authored-by: Claude <noreply@anthropic.com>"
    checkout = checked_out(tmp_path / "shop", "merge-queue.yml", message=message)
    repository = opened(github, checkout)
    head = checkout.git("rev-parse", "HEAD")
    repository.add_commit(NUMBER, head, "Merge")
    event = example("merge_group", "checks_requested")
    event["merge_group"] |= {
        "head_sha": head, "base_sha": checkout.git("rev-parse", "main"),
        "base_ref": "refs/heads/main",
        "head_ref": f"refs/heads/gh-readonly-queue/main/pr-{NUMBER}-{head}",
    }  # fmt: skip

    run = runner.run(checkout.place, checkout.workflow, "merge_group", event)

    assert run.code == 1, run.log
    assert (run.outputs["verdict"], run.outputs["findings"]) == ("blocked", "4")
    assert repository.comments(NUMBER) == []
    [check] = repository.check_runs(head)
    assert check["conclusion"] == "failure"


def test_services_of_a_monorepo_do_not_get_in_each_others_way(
    github: GitHub, runner: Runner, tmp_path: Path
) -> None:
    whole = checked_out(tmp_path / "whole", "monorepo.yml")
    checkout = Checkout(tmp_path / "shop", whole.workflow)
    services = ("orders", "billing", "catalogue")
    for commit, branch in (("main", "main"), ("copilot/overdue", "copilot/overdue")):
        whole.git("switch", "--quiet", "--detach", commit)
        for service in services:
            if branch == "main" or service == "orders":
                target = checkout.place / "services" / service
                ignored = shutil.ignore_patterns(".git", ".github")
                shutil.copytree(whole.place, target, ignore=ignored, dirs_exist_ok=True)
        if branch == "main":
            shutil.copytree(whole.place / ".github", checkout.place / ".github")
            checkout.git("init", "--quiet", "--initial-branch=main")
            checkout.git("remote", "add", "origin", "https://github.com/acme/shop")
        else:
            checkout.git("switch", "--quiet", "--create", branch)
        checkout.commit("Lend books")
    checkout.merge()
    repository = opened(github, checkout)

    run = runner.run(checkout.place, checkout.workflow, "pull_request", payload(checkout, "opened"))

    assert run.code == 1, run.log
    bodies = [comment["body"] for comment in repository.comments(NUMBER)]
    assert len(bodies) == 3, run.log
    for service in services:
        [body] = [body for body in bodies if service in body.splitlines()[2]]
        assert ("layering/upward-import" in body) is (service == "orders")
    head = checkout.git("rev-parse", "copilot/overdue")
    checks = {check["name"]: check["conclusion"] for check in repository.check_runs(head)}
    assert sorted(checks.values()) == ["failure", "success", "success"]


def test_the_default_branch_keeps_its_history(
    github: GitHub, runner: Runner, tmp_path: Path
) -> None:
    checkout = checked_out(tmp_path / "shop", "scheduled.yml")
    repository = opened(github, checkout)
    checkout.git("switch", "--quiet", "main")
    event = example("push", None) | {
        "ref": "refs/heads/main", "before": "0" * 40, "after": checkout.git("rev-parse", "main"),
    }  # fmt: skip
    github.state.token(github.token, {"metadata": "read", "contents": "write"})
    inputs = "inputs: {sarif_file: {required: true}, category: {required: true}}"
    uploads = used(checkout, "github/codeql-action/upload-sarif").replace("/upload-sarif", "")
    stand_in(tmp_path / "codeql", inputs, "exit 1")
    shutil.copytree(tmp_path / "codeql", tmp_path / "codeql" / "upload-sarif")
    runner.actions |= {uploads: tmp_path / "codeql"}  # not on a push

    run = runner.run(checkout.place, checkout.workflow, "push", event)

    assert run.code == 0, run.log
    assert "refs/heads/constraint-gate-history" in repository.data["git"]["refs"], run.log
    assert github.refused == []


def used(checkout: Checkout, action: str) -> str:
    """The action as the workflow names it, with its commit."""
    text = (checkout.place / ".github/workflows" / checkout.workflow).read_text()
    return next(part for part in text.split() if part.startswith(f"{action}@"))


def keeper(place: Path, kept: Path) -> Path:
    """In place of actions/upload-artifact, whose code is at GitHub: puts the folder where the test
    sees it."""
    kept.mkdir()
    keeps = (
        "inputs: {name: {required: true}, path: {required: true}, retention-days: {default: ''}}"
    )
    return stand_in(place, keeps, 'cp "${{ inputs.path }}"* /kept/')


def stand_in(place: Path, inputs: str, script: str) -> Path:
    place.mkdir()
    (place / "action.yml").write_text(
        f"name: stand-in\ndescription: stand-in\n{inputs}\nruns:\n  using: composite\n"
        f"  steps:\n    - {{shell: bash, run: {json.dumps(script)}}}\n"
    )
    return place


def ended(head: str, fork: str) -> dict[str, Any]:
    event = example("workflow_run", "completed")
    event["workflow_run"] |= {
        "id": 55, "name": "constraint-gate", "event": "pull_request", "conclusion": "failure",
        "head_sha": head, "head_branch": "copilot/overdue",
        "head_repository": event["workflow_run"]["head_repository"] | {"full_name": fork},
    }  # fmt: skip
    return event
