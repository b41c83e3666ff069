"""One comment, whoever runs when."""

from __future__ import annotations

from typing import Any

import pytest

from ci_gate.github import comment
from ci_gate.github.errors import ApiError
from ci_gate.github.marker import Marker, Run, key, read, unmarked
from support.github.fixtures import GitHub
from support.pull_request import HEAD, NUMBER, Stage

KEY = key("Gate", "api")
NEW, LATER = Run(100), Run(101)


def publish(stage: Stage, body: str, run: Run = NEW, **options: Any) -> str | None:
    client = options.pop("client", None) or stage.client()
    known: dict[str, Any] = {"key": KEY, "sha": HEAD, "short": "too long: see the run"} | options
    return comment.publish(client, NUMBER, body, run=run, **known)


def shown(stage: Stage) -> list[str]:
    return [unmarked(str(c["body"])) for c in stage.repository.comments(NUMBER)]


def test_marks() -> None:
    mark = Marker("comment", KEY, Run(12, 3), HEAD)
    assert mark.line() == f"<!-- ci-gate:comment key={KEY} run=12.3 sha={HEAD} -->"
    assert read(mark.mark("text")) == mark
    assert read(mark.mark("text").replace("\n", "\r\n")) == mark
    assert read("text\n" + mark.line()) is None
    assert read("> " + mark.line()) is None
    assert read(None) is None
    assert unmarked(mark.mark("text\nmore")) == "text\nmore"
    assert Run(9, 2) < Run(10, 1) < Run(10, 2)
    assert len({key("a", "b"), key("a", "c"), key("b", "b")}) == 3


def test_what_a_mark_cannot_hold_does_not_end_it() -> None:
    mark = Marker("finding", KEY, NEW, HEAD, finding="a --> <script>")
    assert "<script>" not in mark.line()
    found = read(mark.line())
    assert found is not None
    assert found.finding == "a______script_"


def test_created_once_and_updated_in_place(stage: Stage) -> None:
    first = publish(stage, "blocked")
    again = publish(stage, "passes", LATER)
    assert shown(stage) == ["passes"]
    assert first == again
    assert first is not None
    assert "#issuecomment-" in first


def test_the_same_body_is_not_written_again(stage: Stage) -> None:
    publish(stage, "blocked")
    publish(stage, "blocked")
    assert not stage.asked("issues/update-comment")


def test_no_new_comment_where_none_is_wanted(stage: Stage) -> None:
    assert publish(stage, "passes", create=False) is None
    assert shown(stage) == []
    publish(stage, "blocked")
    assert publish(stage, "passes", LATER, create=False)
    assert shown(stage) == ["passes"]


def test_each_service_and_workflow_has_its_own(stage: Stage) -> None:
    publish(stage, "one")
    publish(stage, "two", key=key("Gate", "worker"))
    publish(stage, "three", key=key("Nightly", "api"))
    publish(stage, "one again", LATER)
    assert shown(stage) == ["one again", "two", "three"]


def test_among_many_comments(stage: Stage) -> None:
    for number in range(250):
        stage.repository.add_comment(NUMBER, f"comment {number}")
    publish(stage, "blocked")
    for number in range(250):
        stage.repository.add_comment(NUMBER, f"comment {number}")
    publish(stage, "passes", LATER)
    assert len(shown(stage)) == 501
    assert shown(stage)[250] == "passes"


def test_a_strangers_comment_with_the_mark_is_not_ours(stage: Stage) -> None:
    mark = Marker("comment", KEY, Run(999_999), HEAD)
    stage.repository.add_comment(NUMBER, mark.mark("all is well"), "mallory")
    stage.repository.add_comment(NUMBER, f"quoted\n{mark.mark('x')}", "github-actions[bot]")
    publish(stage, "blocked")
    assert shown(stage)[0] == "all is well"
    assert shown(stage)[2] == "blocked"


def test_a_token_of_a_person(stage: Stage) -> None:
    publish(stage, "by the bot")
    publish(stage, "by a person", client=stage.client(login="dana"))
    publish(stage, "by a person again", LATER, client=stage.client(login="dana"))
    assert shown(stage) == ["by the bot", "by a person again"]


def test_an_older_run_that_ends_later_changes_nothing(stage: Stage) -> None:
    publish(stage, "newer", Run(200, 1))
    publish(stage, "older", Run(199, 3))
    assert shown(stage) == ["newer"]
    publish(stage, "second attempt", Run(200, 2))
    assert shown(stage) == ["second attempt"]


def test_deleted_by_hand(stage: Stage) -> None:
    publish(stage, "blocked")
    made = stage.repository.comments(NUMBER)[0]
    stage.repository.delete_comment(made["id"])
    publish(stage, "blocked still", LATER)
    assert shown(stage) == ["blocked still"]


def test_deleted_between_look_and_write(stage: Stage) -> None:
    publish(stage, "blocked")
    stage.fault(
        "issues/update-comment", change={"do": "delete_comment", "containing": "ci-gate:comment"}
    )
    publish(stage, "passes", LATER)
    assert shown(stage) == ["passes"]


def test_edited_by_hand(stage: Stage) -> None:
    publish(stage, "blocked")
    made = stage.repository.comments(NUMBER)[0]
    stage.repository.edit_comment(made["id"], str(made["body"]).replace("blocked", "fine"))
    publish(stage, "blocked")
    assert shown(stage) == ["blocked"]
    stage.repository.edit_comment(made["id"], "the mark is gone")
    publish(stage, "blocked", LATER)
    assert shown(stage) == ["the mark is gone", "blocked"]


@pytest.mark.parametrize("runs", [(100, 101), (101, 100), (100, 101, 102, 103)])
def test_runs_at_once_leave_one_comment_of_the_newest(stage: Stage, runs: tuple[int, ...]) -> None:
    stage.fault("issues/create-comment", meet=len(runs))  # all have seen that there is none
    stage.at_once(*(lambda run=run: publish(stage, f"run {run}", Run(run)) for run in runs))
    assert shown(stage) == [f"run {max(runs)}"]
    made = [entry["answer"]["id"] for entry in stage.asked("issues/create-comment")]
    assert [c["id"] for c in stage.repository.comments(NUMBER)] == [min(made)]


def test_an_older_run_that_writes_over_a_newer_is_mended(stage: Stage) -> None:
    """It had looked before the newer one wrote."""
    publish(stage, "first", Run(99))
    older = Marker("comment", KEY, Run(100), HEAD).mark("older")
    written = {"do": "edit_comment", "containing": "ci-gate:comment", "body": older}
    stage.fault("issues/list-comments", change=written, skip=1)
    publish(stage, "newer", Run(101))
    assert shown(stage) == ["newer"]


def test_a_body_beyond_the_limit_is_never_sent(stage: Stage) -> None:
    publish(stage, "x" * 70_000)
    assert shown(stage) == ["too long: see the run"]
    publish(stage, "🌈" * 40_000, LATER)
    assert shown(stage) == ["too long: see the run"]
    assert all(len(e["body"]["body"]) < 1000 for e in stage.asked("issues/create-comment"))
    room = comment.LIMIT - len(Marker("comment", KEY, Run(102), HEAD).mark(""))
    publish(stage, "y" * room, Run(102))
    assert shown(stage) == ["y" * room]


def test_a_body_that_github_refuses_gives_way_to_the_short_one(stage: Stage) -> None:
    stage.fault("issues/create-comment", "unprocessable")
    publish(stage, "of a length that only GitHub knows")
    assert shown(stage) == ["too long: see the run"]


def test_text_that_json_cannot_carry(stage: Stage) -> None:
    publish(stage, "half \ud83d and \0")
    assert shown(stage) == ["half ? and \ufffd"]


@pytest.mark.parametrize("kind", ["bad_gateway", "server_error", "unavailable", "hang_up"])
@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_makes_no_second_comment(stage: Stage, kind: str, after: bool) -> None:
    stage.fault("issues/create-comment", kind, after=after)
    publish(stage, "blocked")
    assert shown(stage) == ["blocked"]
    assert len(stage.asked("issues/create-comment")) == (1 if after else 2)
    stage.fault("issues/update-comment", kind, after=after, times=2)
    publish(stage, "passes", LATER)
    assert shown(stage) == ["passes"]


@pytest.mark.parametrize("kind", ["bad_gateway", "cut_off", "hang_up", "primary_limit"])
def test_trouble_with_reading_passes(stage: Stage, kind: str) -> None:
    stage.fault("issues/list-comments", kind, times=2)
    stage.fault("graphql/viewer", kind, times=1)
    publish(stage, "blocked")
    assert shown(stage) == ["blocked"]


def test_a_secondary_limit_is_waited_for(stage: Stage) -> None:
    stage.fault("issues/create-comment", "secondary_limit", retry_after=42)
    publish(stage, "blocked")
    assert shown(stage) == ["blocked"]
    assert 42 in stage.slept


def test_a_limit_beyond_patience(stage: Stage) -> None:
    stage.fault("issues/create-comment", "secondary_limit", retry_after=300)
    with pytest.raises(ApiError, match="asks for a pause of 300 s; of 120 s of patience 120"):
        publish(stage, "blocked")


def test_a_slow_api(stage: Stage) -> None:
    stage.fault("*", "slow", seconds=0.05, times=None)
    publish(stage, "blocked")
    assert shown(stage) == ["blocked"]


def test_an_api_that_is_too_slow_is_given_up(stage: Stage) -> None:
    stage.fault("issues/list-comments", "slow", seconds=1.4, times=None)
    with pytest.raises(ApiError, match="GitHub did not answer"):
        publish(stage, "blocked", client=stage.client(timeout=1, patience=2))


def test_a_token_that_cannot_write(stage: Stage) -> None:
    reader = stage.client({"metadata": "read", "contents": "read", "pull_requests": "read"})
    with pytest.raises(ApiError) as caught:
        publish(stage, "blocked", client=reader)
    assert caught.value.permission == "pull-requests: write"
    assert "docs/action.md#forks" in str(caught.value)
    assert shown(stage) == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("unauthorized", "does not accept the token"),
        ("not_found", "GitHub finds no such thing"),
        ("forbidden", "lacks `pull-requests: write`"),
    ],
)
def test_refusals(stage: Stage, kind: str, words: str) -> None:
    stage.fault("issues/create-comment", kind, times=None)
    with pytest.raises(ApiError, match=words):
        publish(stage, "blocked")


def test_a_locked_conversation(stage: Stage) -> None:
    stage.repository.pull(NUMBER)["locked"] = True
    with pytest.raises(ApiError, match="issue is locked"):
        publish(stage, "blocked")


def test_on_an_enterprise_server(github_enterprise: GitHub) -> None:
    github_enterprise.repository().add_pull(NUMBER, head=HEAD)
    stage = Stage(github_enterprise)
    publish(stage, "blocked")
    publish(stage, "passes", LATER)
    assert shown(stage) == ["passes"]
    assert [entry["path"] for entry in stage.asked("graphql/viewer")] == ["/api/graphql"] * 2
