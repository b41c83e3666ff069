"""Tokens, limits, threads, git data and artifacts of the double of GitHub."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from support.github import diffs
from support.github.client import ask, query
from support.github.fixtures import GitHub
from support.github.objects import Objects
from support.github.state import BOT, WORKFLOW_PERMISSIONS, Repository, sha_of

ISSUE = "/repos/acme/shop/issues/7"
PULL = "/repos/acme/shop/pulls/7"
GIT = "/repos/acme/shop/git"
OLD, NEW = "a\nb\nc\n", "a\nB\nc\n"
THREADS = """query($after: String) { repository(owner: "acme", name: "shop") {
  pullRequest(number: 7) { headRefOid reviewThreads(first: 2, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id isResolved isOutdated path line viewerCanResolve resolvedBy { login }
      comments(first: 1) { nodes { databaseId body author { __typename login } } } } } } } }"""
RESOLVE = """mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) {
  thread { id isResolved } } }"""
MINIMIZE = """mutation($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
    minimizedComment { isMinimized minimizedReason ... on IssueComment { databaseId } } } }"""


@pytest.fixture
def shop(github: GitHub) -> Repository:
    repository = github.repository()
    repository.add_pull(7, [diffs.change("a.py", OLD, NEW)])
    return repository


def token(github: GitHub, **permissions: str) -> str:
    return github.state.token("ghs_other", permissions)


def review(github: GitHub, *lines: int) -> None:
    comments = [{"path": "a.py", "line": n, "side": "RIGHT", "body": f"at {n}"} for n in lines]
    asked = {"event": "COMMENT", "body": "See below.", "comments": comments}
    assert ask(github, "POST", f"{PULL}/reviews", asked).status == 200


def test_a_token_that_is_not_known_and_none(github: GitHub, shop: Repository) -> None:
    said = ask(github, "GET", PULL, token="ghs_wrong")
    assert (said.status, said.message) == (401, "Bad credentials")
    assert ask(github, "GET", PULL, token="").status == 404  # the repository is private
    shop.data["private"] = False
    assert ask(github, "GET", PULL, token="").status == 200
    assert ask(github, "POST", f"{ISSUE}/comments", {"body": "a"}, token="").status == 401


def test_a_workflow_is_no_user_but_is_a_viewer(github: GitHub, shop: Repository) -> None:
    said = ask(github, "GET", "/user")
    assert (said.status, said.message) == (403, "Resource not accessible by integration")
    assert query(github, "{ viewer { login databaseId } }").body["data"]["viewer"] == {
        "login": BOT,
        "databaseId": 41898282,
    }
    github.state.token("ghp_person", login="dev", kind="user")
    assert ask(github, "GET", "/user", token="ghp_person").body["login"] == "dev"


@pytest.mark.parametrize(
    ("missing", "method", "path", "accepted"),
    [
        ("checks", "POST", "/repos/acme/shop/check-runs", "checks=write"),
        ("pull_requests", "POST", f"{PULL}/reviews", "pull_requests=write"),
        ("contents", "GET", "/repos/acme/shop/contents/a.py", "contents=read"),
    ],
)
def test_a_missing_permission_is_named(
    github: GitHub, shop: Repository, missing: str, method: str, path: str, accepted: str
) -> None:
    bodies = {
        "checks": {"name": "gate", "head_sha": shop.pull(7)["head"]["sha"]},
        "pull_requests": {"event": "COMMENT", "body": "b"},
    }
    less = {k: v for k, v in WORKFLOW_PERMISSIONS.items() if k != missing}
    said = ask(github, method, path, bodies.get(missing), token=token(github, **less))
    assert (said.status, said.message) == (403, "Resource not accessible by integration")
    assert said.headers["X-Accepted-GitHub-Permissions"] == accepted


def test_a_comment_needs_one_of_two_permissions(github: GitHub, shop: Repository) -> None:
    for name in ("issues", "pull_requests"):
        other = token(github, **{name: "write"})
        said = ask(github, "POST", f"{ISSUE}/comments", {"body": name}, token=other)
        assert said.status == 201
    said = ask(
        github, "POST", f"{ISSUE}/comments", {"body": "b"}, token=token(github, issues="read")
    )
    assert said.status == 403
    accepted = said.headers["X-Accepted-GitHub-Permissions"]
    assert accepted == "issues=write; pull_requests=write"


def test_threads_page_by_page(github: GitHub, shop: Repository) -> None:
    review(github, 1, 2, 3)
    first = query(github, THREADS).body["data"]["repository"]["pullRequest"]
    assert first["headRefOid"] == shop.pull(7)["head"]["sha"]
    page = first["reviewThreads"]["pageInfo"]
    assert page["hasNextPage"]
    rest = query(github, THREADS, after=page["endCursor"]).body["data"]["repository"]
    nodes = [*first["reviewThreads"]["nodes"], *rest["pullRequest"]["reviewThreads"]["nodes"]]
    assert [node["line"] for node in nodes] == [1, 2, 3]
    assert nodes[0]["comments"]["nodes"][0] == {
        "databaseId": shop.review_comments(7)[0]["id"],
        "body": "at 1",
        "author": {"__typename": "Bot", "login": "github-actions"},  # without [bot], as GitHub
    }


def test_resolving_a_thread_needs_contents(github: GitHub, shop: Repository) -> None:
    review(github, 2)
    node = f"PRRT_{shop.threads(7)[0]['id']}"
    said = query(github, RESOLVE, id=node)
    assert said.status == 200
    assert said.body["errors"][0]["type"] == "FORBIDDEN"
    assert said.body["errors"][0]["message"] == "Resource not accessible by integration"
    more = token(github, **{**WORKFLOW_PERMISSIONS, "contents": "write"})
    made = query(github, RESOLVE, more, id=node).body["data"]["resolveReviewThread"]
    assert made == {"thread": {"id": node, "isResolved": True}}
    assert shop.threads(7)[0]["resolved_by"] == BOT
    said = query(github, RESOLVE, more, id="PRRT_1")
    assert said.body["errors"][0]["type"] == "NOT_FOUND"


def test_minimizing_a_comment(github: GitHub, shop: Repository) -> None:
    comment = shop.add_comment(7, "old", BOT)
    made = query(github, MINIMIZE, id=f"IC_{comment['id']}").body["data"]["minimizeComment"]
    assert made["minimizedComment"] == {
        "isMinimized": True,
        "minimizedReason": "outdated",
        "databaseId": comment["id"],
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{ viewer { name_of } }", "Cannot query field 'name_of' on type 'User'"),
        ("{ viewer { login }", "Syntax Error"),
        ("{ viewer { bio } }", "the double does not play User.bio"),
        ("mutation { resolveReviewThread(input: {}) { thread { id } } }", "'threadId'"),
    ],
)
def test_a_query_that_the_schema_does_not_have_is_a_violation(
    github: GitHub, shop: Repository, text: str, why: str
) -> None:
    assert query(github, text).body["errors"]
    assert why in github.take_violations()[0]


def test_a_push_outdates_comments_whose_line_is_gone(github: GitHub, shop: Repository) -> None:
    review(github, 1, 2)
    shop.push(7, sha_of("next"), [diffs.change("a.py", OLD, "new\na\nbb\nc\n")], forced=True)
    shown = ask(github, "GET", f"{PULL}/comments").body
    assert [(c["line"], c["original_line"]) for c in shown] == [(2, 1), (None, 2)]
    nodes = query(github, THREADS).body["data"]["repository"]["pullRequest"]["reviewThreads"]
    assert [node["isOutdated"] for node in nodes["nodes"]] == [False, True]


def test_limits(github: GitHub, shop: Repository) -> None:
    github.state.data["writes_per_minute"] = 2
    said = [ask(github, "POST", f"{ISSUE}/comments", {"body": "b"}) for _ in range(3)]
    assert [answer.status for answer in said] == [201, 201, 403]
    assert "secondary rate limit" in said[2].message
    assert said[2].headers["Retry-After"] == "60"
    assert ask(github, "GET", PULL).headers["X-RateLimit-Remaining"] == "4996"
    github.state.data["requests_left"] = 0
    said = ask(github, "GET", PULL)
    assert (said.status, said.headers["X-RateLimit-Remaining"]) == (403, "0")
    assert "API rate limit exceeded" in said.message


@pytest.fixture
def writer(github: GitHub, shop: Repository) -> str:
    Objects(shop).commit_files("main", {"README.md": b"hi", "src/a.py": b"x = 1\n"})
    return token(github, contents="write", actions="read")


def test_objects_are_named_as_git_names_them(tmp_path: Path, writer: str, shop: Repository) -> None:
    objects = Objects(shop)
    (tmp_path / "src").mkdir()
    (tmp_path / "README.md").write_bytes(b"hi")
    (tmp_path / "src" / "a.py").write_bytes(b"x = 1\n")
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    made = subprocess.run(["git", "write-tree"], cwd=tmp_path, check=True, capture_output=True)
    tip = objects.data["refs"]["refs/heads/main"]
    assert objects.data["commits"][tip]["tree"] == made.stdout.decode().strip()


def test_a_branch_of_data_written_by_two(github: GitHub, writer: str, shop: Repository) -> None:
    tip = shop.data["git"]["refs"]["refs/heads/main"]
    base = {"ref": "refs/heads/data", "sha": tip}
    assert ask(github, "POST", f"{GIT}/refs", base, token=writer).status == 201
    said = ask(github, "POST", f"{GIT}/refs", base, token=writer)
    assert (said.status, said.message) == (422, "Reference already exists")
    made = []
    for line in ("one", "two"):
        tree = {
            "base_tree": tip,
            "tree": [{"path": "d/h", "mode": "100644", "type": "blob", "content": line}],
        }
        tree_sha = ask(github, "POST", f"{GIT}/trees", tree, token=writer).body["sha"]
        commit = {"message": line, "tree": tree_sha, "parents": [tip]}
        made.append(ask(github, "POST", f"{GIT}/commits", commit, token=writer).body["sha"])
    ref = f"{GIT}/refs/heads/data"
    assert ask(github, "PATCH", ref, {"sha": made[0]}, token=writer).status == 200
    said = ask(github, "PATCH", ref, {"sha": made[1]}, token=writer)
    assert (said.status, said.message) == (422, "Update is not a fast forward")
    assert Objects(shop).read("data", "d/h") == b"one"
    assert ask(github, "PATCH", ref, {"sha": made[1], "force": True}, token=writer).status == 200
    assert ask(github, "GET", f"{GIT}/ref/heads/none", token=writer).status == 404
    assert ask(github, "POST", f"{GIT}/refs", base).status == 403  # contents: read


def test_a_file_written_by_two(github: GitHub, writer: str, shop: Repository) -> None:
    path = "/repos/acme/shop/contents/d/h.jsonl"
    content = base64.b64encode(b"{}\n").decode()
    new = {"message": "m", "content": content, "branch": "main"}
    made = ask(github, "PUT", path, new, token=writer)
    assert made.status == 201
    assert ask(github, "PUT", path, new, token=writer).status == 422
    known = new | {"sha": made.body["content"]["sha"]}
    assert ask(github, "PUT", path, known, token=writer).status == 200
    content = base64.b64encode(b"{}\n{}\n").decode()
    assert ask(github, "PUT", path, known | {"content": content}, token=writer).status == 200
    assert ask(github, "PUT", path, known, token=writer).status == 409
    shown = ask(github, "GET", path, token=writer).body
    assert base64.b64decode(shown["content"]) == b"{}\n{}\n"
    assert ask(github, "PUT", path, new | {"branch": "none"}, token=writer).status == 404
    listed = ask(github, "GET", "/repos/acme/shop/contents/d", token=writer).body
    assert [entry["name"] for entry in listed] == ["h.jsonl"]


def test_an_artifact_is_on_another_host(github: GitHub, writer: str, shop: Repository) -> None:
    run = shop.add_run(55, head_sha=shop.pull(7)["head"]["sha"])
    made = shop.add_artifact(run["id"], "gate", {"report.json": b"{}"})
    shop.add_artifact(run["id"], "old", b"no zip", expired=True)
    shown = ask(github, "GET", "/repos/acme/shop/actions/runs/55", token=writer).body
    assert [pull["number"] for pull in shown["pull_requests"]] == [7]
    path = "/repos/acme/shop/actions/runs/55/artifacts"
    listed = ask(github, "GET", f"{path}?name=gate", token=writer).body
    assert [item["id"] for item in listed["artifacts"]] == [made["id"]]
    said = ask(github, "GET", listed["artifacts"][0]["archive_download_url"], token=writer)
    assert said.status == 302
    assert ask(github, "GET", said.headers["Location"], token="").body.startswith(b"PK")
    assert ask(github, "GET", said.headers["Location"], token=writer).status == 403
    assert "the token was sent" in github.take_violations()[0]
    old = f"/repos/acme/shop/actions/artifacts/{made['id'] + 1}/zip"
    assert ask(github, "GET", old, token=writer).status == 410


def test_a_run_of_a_fork_names_no_pull_request(github: GitHub, writer: str) -> None:
    shop = github.repository()
    github.repository("mallory/shop", fork_of="acme/shop", private=False)
    shop.add_run(56, head_repository="mallory/shop")
    shown = ask(github, "GET", "/repos/acme/shop/actions/runs/56", token=writer).body
    assert shown["pull_requests"] == []
    assert shown["head_repository"]["full_name"] == "mallory/shop"
