"""The double of GitHub refuses what GitHub refuses, and what GitHub does not describe."""

from __future__ import annotations

from typing import Any

import pytest

from support.github import diffs
from support.github.client import ask, query
from support.github.fixtures import GitHub
from support.github.state import BOT, Repository, sha_of

OLD = "".join(f"line {number}\n" for number in range(1, 41))
NEW = OLD.replace("line 10\n", "changed 10\nadded 11\n").replace("line 30\n", "changed 30\n")
ISSUE = "/repos/acme/shop/issues/7"
PULL = "/repos/acme/shop/pulls/7"
CHECKS = "/repos/acme/shop/check-runs"
HEAD = sha_of("a head")


@pytest.fixture
def shop(github: GitHub) -> Repository:
    """A pull request that changes lines 10, 11 and 31 of one file."""
    repository = github.repository()
    repository.add_pull(7, [diffs.change("shop/orders.py", OLD, NEW)], head=HEAD)
    return repository


def review(**options: Any) -> dict[str, Any]:
    comment = {"path": "shop/orders.py", "line": 10, "side": "RIGHT", "body": "No."} | options
    return {"event": "COMMENT", "body": "See below.", "comments": [comment]}


def check(**output: Any) -> dict[str, Any]:
    made = {"title": "Blocked", "summary": "One finding"} | output
    return {"name": "gate", "head_sha": HEAD, "conclusion": "failure", "output": made}


def annotations(count: int) -> list[dict[str, Any]]:
    one = {"path": "a.py", "start_line": 1, "end_line": 1, "message": "No."}
    return [one | {"annotation_level": "failure"}] * count


@pytest.mark.parametrize(
    ("method", "path", "body", "why"),
    [
        ("POST", f"{ISSUE}/comments", {"text": "hi"}, "'body' is a required property"),
        ("POST", f"{ISSUE}/comments", {"body": 3}, "3 is not of type 'string'"),
        ("POST", f"{ISSUE}/comments", {"body": "a", "event": "b"}, "'event' is not in the desc"),
        ("GET", f"{ISSUE}/comments?pages=2", None, "'pages' is not in the description"),
        ("GET", f"{ISSUE}/comments?per_page=all", None, "'all' is not of type 'integer'"),
        ("GET", f"{ISSUE}/remarks", None, "no such operation"),
        ("PUT", f"{ISSUE}/comments", {"body": "a"}, "no such operation"),
        ("POST", f"{PULL}/reviews", {"event": "REJECT"}, "'REJECT' is not one of"),
        ("POST", f"{PULL}/reviews", {"comments": [{"line": 1, "body": "b"}]}, "'path' is a req"),
        ("POST", CHECKS, {"name": "gate", "head_sha": HEAD, "output": {"summary": ""}}, "'title'"),
        ("GET", "/repos/acme/shop/pages", None, "the double does not play repos/get-pages"),
    ],
)
def test_what_the_description_does_not_have_is_a_violation(
    github: GitHub, shop: Repository, method: str, path: str, body: Any, why: str
) -> None:
    assert ask(github, method, path, body).status in (404, 500)
    (violation,) = github.take_violations()
    assert why in violation
    assert github.refused == []


def test_an_answer_that_the_description_does_not_have_is_a_violation(
    github: GitHub, shop: Repository
) -> None:
    shop.add_comment(7, "hi")["created_at"] = "yesterday"
    said = ask(github, "GET", f"{ISSUE}/comments")
    assert said.status == 500
    assert "'yesterday' is not a 'date-time'" in github.take_violations()[0]


def test_comments_are_kept_changed_and_removed(github: GitHub, shop: Repository) -> None:
    made = ask(github, "POST", f"{ISSUE}/comments", {"body": "one"})
    assert (made.status, made.body["user"]["login"]) == (201, BOT)
    assert ask(github, "PATCH", made.body["url"], {"body": "two"}).body["body"] == "two"
    assert [c["body"] for c in shop.comments(7)] == ["two"]
    assert ask(github, "DELETE", made.body["url"]).status == 204
    assert ask(github, "PATCH", made.body["url"], {"body": "three"}).status == 404
    assert ask(github, "GET", f"{ISSUE}/comments").body == []


def test_a_comment_of_somebody_else_is_not_the_apps_to_edit(
    github: GitHub, shop: Repository
) -> None:
    theirs = shop.add_comment(7, "mine")
    path = f"/repos/acme/shop/issues/comments/{theirs['id']}"
    assert ask(github, "PATCH", path, {"body": "x"}).status == 403
    assert ask(github, "DELETE", path).status == 403


def test_a_body_of_65536_characters_is_the_longest(github: GitHub, shop: Repository) -> None:
    assert ask(github, "POST", f"{ISSUE}/comments", {"body": "x" * 65_536}).status == 201
    said = ask(github, "POST", f"{ISSUE}/comments", {"body": "x" * 65_537})
    assert said.status == 422
    assert "Body is too long" in said.body["errors"][0]["message"]
    assert ask(github, "POST", f"{PULL}/reviews", review(body="x" * 65_537)).status == 422
    assert len(github.refused) == 2


def test_pages_are_linked(github: GitHub, shop: Repository) -> None:
    for number in range(500):
        shop.add_comment(7, f"comment {number}")
    first = ask(github, "GET", f"{ISSUE}/comments")
    assert len(first.body) == 30
    assert 'rel="prev"' not in first.headers["Link"]
    seen, url = [], f"{github.url}{ISSUE}/comments?per_page=100"
    while url:
        said = ask(github, "GET", url)
        seen += [c["body"] for c in said.body]
        links = dict(part.split("; ")[::-1] for part in said.headers["Link"].split(", "))
        url = links.get('rel="next"', "")[1:-1]
    assert seen == [f"comment {number}" for number in range(500)]
    assert len(github.requests("issues/list-comments")) == 6


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ({"line": 20}, "Line could not be resolved"),
        ({"line": 400}, "Line could not be resolved"),
        ({"line": 11, "side": "LEFT", "path": "other.py"}, "Path could not be resolved"),
        ({"start_line": 2}, "Start line could not be resolved"),
        ({"start_line": 10}, "Start line must precede the end line."),
        ({"line": 31, "start_line": 10}, "Start line must be part of the same hunk as the line."),
    ],
)
def test_a_review_comment_stands_on_a_line_of_the_diff(
    github: GitHub, shop: Repository, where: dict[str, Any], why: str
) -> None:
    said = ask(github, "POST", f"{PULL}/reviews", review(**where))
    assert (said.status, said.body["errors"]) == (422, [why])
    assert shop.reviews(7) == []
    alone = {"commit_id": HEAD, "path": "shop/orders.py", "side": "RIGHT", "body": "b"} | where
    if "start_line" not in where:
        said = ask(github, "POST", f"{PULL}/comments", alone)
        assert said.status == 422
        assert said.body["errors"][0]["message"] == "could not be resolved"


def test_lines_of_the_diff_with_their_context(github: GitHub, shop: Repository) -> None:
    asked = review()
    places = [(7, 7), (10, 12), (14, 14), (28, 31), (34, 34)]
    asked["comments"] = [
        {"path": "shop/orders.py", "line": end, "body": "b", "side": "RIGHT"}
        | ({"start_line": start, "start_side": "RIGHT"} if start < end else {})
        for start, end in places
    ]
    assert ask(github, "POST", f"{PULL}/reviews", asked).status == 200
    shown = ask(github, "GET", f"{PULL}/comments").body
    assert [(c["start_line"] or c["line"], c["line"]) for c in shown] == places
    assert shown[1]["diff_hunk"].split("\n")[-3:] == ["+changed 10", "+added 11", " line 11"]
    assert len(shop.threads(7)) == len(places)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"event": "COMMENT"}, "Body can't be blank"),
        ({"event": "REQUEST_CHANGES"}, "Body can't be blank"),
        ({"event": "COMMENT", "body": "b", "commit_id": "0" * 40}, "commit_id is not part of"),
    ],
)
def test_a_review_that_says_nothing_or_is_of_another_commit(
    github: GitHub, shop: Repository, asked: dict[str, Any], why: str
) -> None:
    said = ask(github, "POST", f"{PULL}/reviews", asked)
    assert said.status == 422
    assert why in said.body["errors"][0]


def test_nobody_requests_changes_of_his_own_pull_request(github: GitHub, shop: Repository) -> None:
    shop.pull(7)["author"] = BOT
    said = ask(github, "POST", f"{PULL}/reviews", {"event": "REQUEST_CHANGES", "body": "No."})
    assert said.body["errors"] == ["Can not request changes on your own pull request"]


def test_only_a_request_for_changes_is_dismissed(github: GitHub, shop: Repository) -> None:
    comment = ask(github, "POST", f"{PULL}/reviews", review()).body["id"]
    asked = {"event": "REQUEST_CHANGES", "body": "No."}
    changes = ask(github, "POST", f"{PULL}/reviews", asked).body["id"]
    done = {"message": "Fixed."}
    assert ask(github, "PUT", f"{PULL}/reviews/{comment}/dismissals", done).status == 422
    said = ask(github, "PUT", f"{PULL}/reviews/{changes}/dismissals", done)
    assert said.body["state"] == "DISMISSED"
    assert ask(github, "PUT", f"{PULL}/reviews/{changes}/dismissals", done).status == 422


def test_fifty_annotations_a_request_and_they_add_up(github: GitHub, shop: Repository) -> None:
    said = ask(github, "POST", CHECKS, check(annotations=annotations(51)))
    assert said.status == 422
    assert "No more than 50 items are allowed; 51 were supplied" in said.message
    made = ask(github, "POST", CHECKS, check(annotations=annotations(50)))
    assert made.body["conclusion"] == "failure"
    assert made.body["status"] == "completed"
    more = {"output": {"title": "Blocked", "summary": "More", "annotations": annotations(7)}}
    said = ask(github, "PATCH", f"{CHECKS}/{made.body['id']}", more)
    assert said.body["output"]["annotations_count"] == 57
    listed = ask(github, "GET", f"{CHECKS}/{made.body['id']}/annotations?per_page=100")
    assert len(listed.body) == 57
    assert len(shop.check_runs(HEAD)) == 1


@pytest.mark.parametrize(
    ("key", "text", "refused", "kept"),
    [
        ("summary", "x" * 65_535, "", 65_535),
        ("summary", "x" * 65_536, "Only 65535 characters are allowed; 65536 were", 0),
        ("summary", "é" * 32_768, "summary exceeds a maximum bytesize of 65535", 0),
        ("text", "x" * 65_535, "", 65_535),
        ("text", "x" * 65_536, "Only 65535 characters", 0),
        ("text", "é" * 65_535, "", 32_767),  # cut without a word
        ("text", "\N{GRINNING FACE}" * 32_767, "", 16_383),
        ("text", "\N{GRINNING FACE}" * 32_768, "Only 65535 characters", 0),
    ],
    ids=range(8),
)
def test_how_long_an_output_is(
    github: GitHub, shop: Repository, key: str, text: str, refused: str, kept: int
) -> None:
    """As measured on GitHub in 2026-09."""
    said = ask(github, "POST", CHECKS, check(**{key: text}))
    assert said.status == (422 if refused else 201)
    assert (refused in said.message) if refused else len(said.body["output"][key]) == kept


def test_an_output_is_replaced_as_a_whole(github: GitHub, shop: Repository) -> None:
    asked = check(text="long") | {"details_url": "https://example.org/run"}
    made = ask(github, "POST", CHECKS, asked).body
    assert made["details_url"] == made["html_url"]  # a workflow's token cannot set it
    path = f"{CHECKS}/{made['id']}"
    shown = ask(github, "PATCH", path, {"output": {"title": "t", "summary": "s"}}).body
    assert (shown["output"]["text"], shown["conclusion"]) == (None, "failure")
    assert ask(github, "PATCH", path, {"name": "gate"}).body["output"]["summary"] == "s"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"end_line": 0}, "end_line"),
        ({"end_line": 2, "start_column": 1}, "start_column"),
        ({"title": "x" * 256}, "title"),
        ({"message": "x" * 70_000}, "message"),
    ],
)
def test_annotations_that_github_refuses(
    github: GitHub, shop: Repository, change: dict[str, Any], why: str
) -> None:
    said = ask(github, "POST", CHECKS, check(annotations=[annotations(1)[0] | change]))
    assert (said.status, said.body["errors"][0]["field"]) == (422, why)


def test_a_check_needs_a_commit_and_a_conclusion(github: GitHub, shop: Repository) -> None:
    said = ask(github, "POST", CHECKS, check() | {"head_sha": "0" * 40})
    assert (said.status, said.message) == (422, f"No commit found for SHA: {'0' * 40}")
    unfinished = {"name": "gate", "head_sha": HEAD, "status": "completed"}
    assert ask(github, "POST", CHECKS, unfinished).status == 422
    shop.add_branch("main", "1" * 40)
    pushed = check() | {"head_sha": "1" * 40}
    assert [ask(github, "POST", CHECKS, made).status for made in (check(), pushed)] == [201, 201]
    listed = ask(github, "GET", f"/repos/acme/shop/commits/{HEAD}/check-runs?check_name=gate")
    assert listed.body["total_count"] == 1


def test_files_and_commits_of_a_pull_request_are_capped(github: GitHub) -> None:
    shop = github.repository()
    many = [diffs.change(f"f{number}.py", None, "x\n") for number in range(3010)]
    shop.add_pull(7, many)
    for number in range(260):
        shop.add_commit(7, sha_of(number))
    last = ask(github, "GET", f"{PULL}/files?per_page=100&page=30")
    assert len(last.body) == 100
    assert 'rel="next"' not in last.headers["Link"]
    assert ask(github, "GET", f"{PULL}/files?per_page=100&page=31").body == []
    commits = ask(github, "GET", f"{PULL}/commits?per_page=100&page=3")
    assert len(commits.body) == 50
    assert ask(github, "GET", PULL).body["changed_files"] == 3010
    said = ask(github, "GET", PULL, accept="application/vnd.github.diff")
    assert (said.status, "exceeded the maximum number of files" in said.message) == (406, True)


def test_the_diff_itself(github: GitHub, shop: Repository) -> None:
    said = ask(github, "GET", PULL, accept="application/vnd.github.diff")
    assert diffs.files_of(said.body.decode()) == shop.pull(7)["files"]


def test_labels(github: GitHub, shop: Repository) -> None:
    said = ask(github, "POST", f"{ISSUE}/labels", {"labels": ["gate: blocked"]})
    assert [label["name"] for label in said.body] == ["gate: blocked"]
    assert ask(github, "DELETE", f"{ISSUE}/labels/gate:%20blocked").body == []
    assert ask(github, "DELETE", f"{ISSUE}/labels/gate:%20blocked").status == 404
    made = {"name": "gate", "color": "ff0000"}
    assert ask(github, "POST", "/repos/acme/shop/labels", made).status == 201
    assert ask(github, "POST", "/repos/acme/shop/labels", made).status == 422


def test_server_of_an_enterprise(github_enterprise: GitHub) -> None:
    shop = github_enterprise.repository()
    shop.add_pull(7, [diffs.change("shop/orders.py", OLD, NEW)], head=HEAD)
    assert ask(github_enterprise, "GET", PULL).body["url"].startswith(github_enterprise.url)
    assert ask(github_enterprise, "POST", f"{ISSUE}/comments", {"body": "a"}).status == 201
    assert ask(github_enterprise, "POST", f"{PULL}/reviews", review()).status == 200
    assert ask(github_enterprise, "GET", f"{PULL}/comments").body[0]["line"] == 10
    assert ask(github_enterprise, "POST", CHECKS, check()).status == 201
    assert query(github_enterprise, "{ viewer { login } }").body["data"]["viewer"]["login"] == BOT
