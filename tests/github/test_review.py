"""Threads on changed lines: posted once, settled when the finding is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ci_gate.github import review
from ci_gate.github.errors import ApiError
from ci_gate.github.marker import Run, key, unmarked
from ci_gate.github.review import Review, ReviewComment
from support.github.state import Data
from support.pull_request import HEAD, NUMBER, Stage

KEY = key("Gate", "api")
MAY_RESOLVE = {"contents": "write", "pull_requests": "write", "metadata": "read"}
NEXT = "b" * 40


def remark(line: int, path: str = "b.py", **options: Any) -> ReviewComment:
    known: dict[str, Any] = {"fingerprint": f"{path[0]}{line:04}"} | options
    return ReviewComment(path, line, f"finding at {line}", **known)


def publish(
    stage: Stage, comments: Sequence[ReviewComment], run: int = 100, **options: Any
) -> Review:
    client = options.pop("client", None) or stage.client()
    known: dict[str, Any] = {
        "present": frozenset(comment.fingerprint for comment in comments),
        "blocked": bool(comments),
        "complete": True,
        "request_changes": False,
        "summary": "**Blocked**",
        "head_sha": HEAD,
        "key": KEY,
    } | options
    return review.publish(client, NUMBER, comments, run=Run(run), **known)


def comments(stage: Stage) -> list[Data]:
    return stage.repository.review_comments(NUMBER)


def threads(stage: Stage) -> list[tuple[str, bool]]:
    """Text of each thread's first comment, and whether it is resolved."""
    bodies = {c["id"]: unmarked(str(c["body"])) for c in comments(stage)}
    return [
        (bodies[t["comments"][0]], t["resolved_by"] is not None)
        for t in stage.repository.threads(NUMBER)
    ]


def states(stage: Stage) -> list[str]:
    return [str(r["state"]) for r in stage.repository.reviews(NUMBER)]


def test_comments_stand_at_their_lines(stage: Stage) -> None:
    done = publish(stage, [remark(21, "a.py"), remark(25, "a.py", start_line=20), remark(5)])
    assert done == Review(posted=3)
    assert [(c["path"], c["start_line"], c["line"]) for c in comments(stage)] == [
        ("a.py", None, 21),
        ("a.py", 20, 25),
        ("b.py", None, 5),
    ]
    assert states(stage) == ["COMMENTED"]


def test_nothing_to_say_is_nothing_said(stage: Stage) -> None:
    assert publish(stage, []) == Review()
    assert states(stage) == []


def test_the_next_push_repeats_nothing(stage: Stage) -> None:
    publish(stage, [remark(5), remark(6)])
    done = publish(stage, [remark(5), remark(6), remark(7)], 101)
    assert (done.posted, done.known, done.settled) == (1, 2, 0)
    assert [line for line, _ in threads(stage)] == [f"finding at {n}" for n in (5, 6, 7)]


def test_each_service_has_its_own_threads(stage: Stage) -> None:
    publish(stage, [remark(5)])
    publish(stage, [remark(5)], key=key("Gate", "worker"))
    publish(stage, [], 101, client=stage.client(MAY_RESOLVE))
    assert [resolved for _, resolved in threads(stage)] == [True, False]


def test_thirty_to_a_request_and_a_hundred_in_all(stage: Stage) -> None:
    done = publish(stage, [remark(line) for line in range(1, 131)])
    assert done.posted == 100
    assert done.left == [f"b{line:04}" for line in range(101, 131)]
    sent = [len(e["body"]["comments"]) for e in stage.asked("pulls/create-review")]
    assert sent == [30, 30, 30, 10]
    more = publish(stage, [remark(line) for line in range(50, 151)], 101)
    assert more.posted == 0
    assert len(more.left) == 50


def test_a_line_that_github_does_not_show(stage: Stage) -> None:
    hidden = [remark(50, "a.py"), remark(3, "gone.py")]
    done = publish(stage, [remark(n) for n in range(1, 8)] + hidden + [remark(21, "a.py")])
    assert done.posted == 8
    assert sorted(done.left) == ["a0050", "g0003"]
    assert len(comments(stage)) == 8


def test_when_github_shows_none_of_the_lines(stage: Stage) -> None:
    done = publish(stage, [remark(n, "gone.py") for n in range(1, 91)])
    assert done.posted == 0
    assert len(done.left) == 90
    assert len(stage.asked("pulls/create-review")) < 30


def test_a_fixed_finding_resolves_its_thread(stage: Stage) -> None:
    publish(stage, [remark(5), remark(6)])
    done = publish(stage, [remark(6)], 101, client=stage.client(MAY_RESOLVE))
    assert done.settled == 1
    assert not done.notes
    assert threads(stage) == [("finding at 5", True), ("finding at 6", False)]


def test_without_the_permission_the_comment_says_so(stage: Stage) -> None:
    body = "bad\n\n```suggestion\ngood\n```"
    fixed = [ReviewComment("b.py", line, body, f"fp{line}") for line in (5, 6)]
    publish(stage, fixed)
    stage.repository.push(NUMBER, NEXT)
    done = publish(stage, [], 101, head_sha=NEXT)
    assert done.settled == 2
    assert "contents: write" in done.notes[0]
    for text, resolved in threads(stage):
        assert text.startswith(f"**Fixed** in {NEXT[:12]}.")
        assert "```text\ngood" in text  # no suggestion that could be applied any more
        assert not resolved
    assert len(stage.asked("graphql/resolveReviewThread")) == 1
    again = publish(stage, [], 102, head_sha=NEXT)
    assert again.settled == 0


def test_a_finding_that_comes_back(stage: Stage) -> None:
    for client in (stage.client(MAY_RESOLVE), stage.client()):
        publish(stage, [remark(5)], 100)
        publish(stage, [], 101, client=client)
        done = publish(stage, [remark(5)], 102, client=client)
        assert (done.posted, done.known) == (0, 1)
        assert threads(stage) == [("finding at 5", False)]


def test_what_a_person_resolved_stays_resolved(stage: Stage) -> None:
    publish(stage, [remark(5)])
    stage.repository.threads(NUMBER)[0]["resolved_by"] = "dev"
    done = publish(stage, [remark(5)], 101, client=stage.client(MAY_RESOLVE))
    assert (done.posted, done.known) == (0, 1)
    assert threads(stage) == [("finding at 5", True)]


def test_still_there_but_no_longer_in_the_diff(stage: Stage) -> None:
    publish(stage, [remark(5)])
    done = publish(stage, [], 101, present=frozenset(["b0005"]), blocked=True)
    assert done.settled == 0
    assert threads(stage) == [("finding at 5", False)]


def test_a_run_that_could_not_judge_all_settles_nothing(stage: Stage) -> None:
    publish(stage, [remark(5)], request_changes=True)
    done = publish(stage, [], 101, complete=False, request_changes=True)
    assert done.settled == 0
    assert threads(stage) == [("finding at 5", False)]
    assert states(stage) == ["CHANGES_REQUESTED"]


def test_changes_are_requested_once_and_the_request_withdrawn(stage: Stage) -> None:
    publish(stage, [remark(n) for n in range(1, 41)], request_changes=True)
    assert states(stage) == ["CHANGES_REQUESTED", "COMMENTED"]
    assert "**Blocked**" in stage.repository.reviews(NUMBER)[0]["body"]
    publish(stage, [remark(n) for n in range(1, 42)], 101, request_changes=True)
    assert states(stage) == ["CHANGES_REQUESTED", "COMMENTED", "COMMENTED"]
    publish(stage, [], 102)
    assert states(stage) == ["DISMISSED", "COMMENTED", "COMMENTED"]
    publish(stage, [], 103, blocked=True, request_changes=True)
    assert states(stage)[-1] == "CHANGES_REQUESTED"


def test_requests_of_others_stand(stage: Stage) -> None:
    publish(stage, [remark(5)], request_changes=True, client=stage.client(login="dana"))
    publish(stage, [remark(6)], request_changes=True, key=key("Gate", "worker"))
    publish(stage, [], 101)
    assert states(stage) == ["CHANGES_REQUESTED", "CHANGES_REQUESTED"]


@pytest.mark.parametrize("found", [[5], []])
def test_nobody_requests_changes_on_a_pull_request_of_their_own(
    stage: Stage, found: list[int]
) -> None:
    stage.repository.pull(NUMBER)["author"] = "github-actions[bot]"
    done = publish(stage, [remark(n) for n in found], blocked=True, request_changes=True)
    assert done.posted == len(found)
    assert "of their own" in done.notes[0]
    assert states(stage) == ["COMMENTED"] * len(found)


def test_nothing_is_posted_on_an_old_head(stage: Stage) -> None:
    stage.repository.push(NUMBER, NEXT)
    assert publish(stage, [remark(5)]) == Review(moved=True)
    assert not stage.asked("pulls/create-review", "graphql/pullRequest")


def test_a_force_push_in_between(stage: Stage) -> None:
    stage.fault(
        "pulls/create-review", change={"do": "push", "number": 7, "sha": NEXT, "forced": True}
    )
    done = publish(stage, [remark(5), remark(6)])
    assert done.moved
    assert done.posted == 0
    assert not comments(stage)


@pytest.mark.parametrize("kind", ["bad_gateway", "hang_up", "cut_off"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("request_changes", [False, True])
def test_a_lost_answer_posts_nothing_twice(
    stage: Stage, kind: str, after: bool, request_changes: bool
) -> None:
    stage.fault("pulls/create-review", kind, after=after, skip=1)
    found = [remark(n) for n in range(1, 41)]
    done = publish(stage, found, request_changes=request_changes)
    assert done.posted == 40
    assert len(comments(stage)) == 40
    stage.fault("pulls/create-review", kind, after=after)
    other = key("Gate", "worker")
    publish(stage, [remark(50)], request_changes=True, key=other)
    assert len(comments(stage)) == 41
    assert states(stage).count("CHANGES_REQUESTED") == 1 + request_changes


def test_two_runs_at_once(stage: Stage) -> None:
    stage.fault("pulls/create-review", meet=2)
    found = [remark(5), remark(6)]
    stage.at_once(lambda: publish(stage, found, 100), lambda: publish(stage, found, 101))
    assert sorted(threads(stage)) == [("finding at 5", False), ("finding at 6", False)]


def test_a_second_thread_that_somebody_answered_stays(stage: Stage) -> None:
    publish(stage, [remark(5)])
    first = comments(stage)[0]
    publish(stage, [remark(5)], key=key("x", "y"))
    second = comments(stage)[1]
    second["body"] = first["body"]
    state = stage.repository
    state.data["review_comments"].append(second | {"id": 99, "in_reply_to": second["id"]})
    state.threads(NUMBER)[1]["comments"].append(99)
    publish(stage, [remark(5), remark(6)], 101)
    assert len(comments(stage)) == 4


def test_a_strangers_comment_with_the_mark_is_not_ours(stage: Stage) -> None:
    publish(stage, [remark(5)])
    comments(stage)[0]["login"] = "dev"
    done = publish(stage, [remark(5)], 101)
    assert (done.posted, done.known) == (1, 0)


def test_deleted_by_hand(stage: Stage) -> None:
    publish(stage, [remark(5), remark(6)])
    stage.fault("pulls/update-review-comment", "not_found", times=None)
    done = publish(stage, [], 101)
    assert done.settled == 2


def test_more_than_a_page_of_threads(stage: Stage) -> None:
    for number in range(3):
        publish(stage, [remark(n) for n in range(1, 81)], key=key("Gate", str(number)))
    done = publish(stage, [remark(n) for n in range(1, 81)], 101, key=key("Gate", "2"))
    assert (done.posted, done.known) == (0, 80)


def test_a_token_that_cannot_write(stage: Stage) -> None:
    with pytest.raises(ApiError) as caught:
        publish(stage, [remark(5)], client=stage.client({"metadata": "read"}))
    assert caught.value.permission == "pull-requests: write"
    assert caught.value.yaml == "permissions:\n  contents: read\n  pull-requests: write"


@pytest.mark.parametrize("kind", ["primary_limit", "secondary_limit", "unavailable"])
def test_trouble_passes(stage: Stage, kind: str) -> None:
    stage.fault("*", kind, times=2, skip=1)
    publish(stage, [remark(5)])
    assert threads(stage) == [("finding at 5", False)]
