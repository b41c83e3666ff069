"""The check run: its conclusion first, then the annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ci_gate.github import check_run
from ci_gate.github.check_run import Annotation, CheckRun, CheckText
from ci_gate.github.errors import ApiError
from ci_gate.github.marker import Run, key
from support.github.state import Data
from support.pull_request import HEAD, Stage

KEY = key("Gate", "api")
FIRST = Run(100)
NAME = "constraint-gate (api)"
TEXT = CheckText("Blocked: 2 findings", "**Blocked**", "details")


def remark(line: int, **options: Any) -> Annotation:
    known: dict[str, Any] = {"level": "failure", "title": "orm/n-plus-one", "message": "why"}
    return Annotation("a.py", line, **{"end_line": line} | known | options)


def publish(
    stage: Stage,
    annotations: Sequence[Annotation] = (),
    run: Run = FIRST,
    text: CheckText = TEXT,
    **options: Any,
) -> CheckRun:
    client = options.pop("client", None) or stage.client()
    known: dict[str, Any] = {"key": KEY, "details_url": "https://github.test/run/100"} | options
    conclusion = known.pop("conclusion", "failure")
    return check_run.publish(client, NAME, HEAD, conclusion, text, annotations, run=run, **known)


def runs(stage: Stage) -> list[Data]:
    return stage.repository.check_runs(HEAD)


def test_a_check_run_on_the_head(stage: Stage) -> None:
    done = publish(stage, [remark(1), remark(2, end_line=9)])
    (made,) = runs(stage)
    assert done.url
    assert done.annotations == 2
    assert (made["name"], made["status"], made["conclusion"]) == (NAME, "completed", "failure")
    assert made["output"] == {"title": TEXT.title, "summary": TEXT.summary, "text": TEXT.text}
    assert made["details_url"] == "https://github.test/run/100"
    assert made["external_id"] == f"{KEY}/100.1"
    assert [(a["start_line"], a["end_line"]) for a in made["annotations"]] == [(1, 1), (2, 9)]


@pytest.mark.parametrize("conclusion", ["success", "failure", "neutral"])
def test_conclusions(stage: Stage, conclusion: str) -> None:
    publish(stage, conclusion=conclusion)
    assert runs(stage)[0]["conclusion"] == conclusion


def test_fifty_to_a_request(stage: Stage) -> None:
    publish(stage, [remark(line) for line in range(1, 121)])
    (made,) = runs(stage)
    assert [a["start_line"] for a in made["annotations"]] == list(range(1, 121))
    assert made["conclusion"] == "failure"
    sent = stage.asked("checks/create", "checks/update")
    assert [len(e["body"]["output"]["annotations"]) for e in sent] == [50, 50, 20]
    assert made["output"]["text"] == TEXT.text


def test_no_more_than_can_be_sent_in_good_time(stage: Stage) -> None:
    done = publish(stage, [remark(line) for line in range(1, 701)])
    assert (done.annotations, done.left) == (500, 200)


def test_limits_are_kept(stage: Stage) -> None:
    long = CheckText("t" * 300, "🌈" * 70_000, "é" * 70_000)
    publish(stage, [remark(0, end_line=-5, title="x" * 400, message="ü" * 50_000)], text=long)
    (made,) = runs(stage)
    for part in ("summary", "text"):
        assert len(made["output"][part].encode()) <= 65_535
        assert made["output"][part].endswith("(the rest is in the job summary)")
    assert len(made["output"]["title"].encode()) <= 255
    (annotation,) = made["annotations"]
    assert (annotation["start_line"], annotation["end_line"]) == (1, 1)
    assert len(annotation["message"].encode()) <= 65_535
    assert len(annotation["title"].encode()) <= 255


def test_a_later_run_has_a_check_of_its_own(stage: Stage) -> None:
    publish(stage)
    publish(stage, run=Run(100, 2), conclusion="success")
    assert [run["conclusion"] for run in runs(stage)] == ["failure", "success"]


def test_an_older_run_that_ends_later_says_nothing(stage: Stage) -> None:
    publish(stage, run=Run(101), conclusion="success")
    done = publish(stage, run=Run(100, 5))
    assert done.newer
    assert [run["conclusion"] for run in runs(stage)] == ["success"]
    publish(stage, run=Run(100), key=key("Gate", "worker"))
    assert len(runs(stage)) == 2


@pytest.mark.parametrize("kind", ["bad_gateway", "hang_up", "cut_off"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("on", ["checks/create", "checks/update"])
def test_a_lost_answer_doubles_nothing(stage: Stage, kind: str, after: bool, on: str) -> None:
    stage.fault(on, kind, after=after)
    publish(stage, [remark(line) for line in range(1, 121)])
    (made,) = runs(stage)
    assert [a["start_line"] for a in made["annotations"]] == list(range(1, 121))


def test_a_token_that_cannot_write(stage: Stage) -> None:
    with pytest.raises(ApiError) as caught:
        publish(stage, client=stage.client({"metadata": "read", "pull_requests": "write"}))
    assert caught.value.permission == "checks: write"
    assert caught.value.yaml == "permissions:\n  contents: read\n  checks: write"


def test_the_conclusion_stands_where_annotations_fail(stage: Stage) -> None:
    stage.fault("checks/update", "unprocessable", times=None)
    with pytest.raises(ApiError, match="could not write the check run"):
        publish(stage, [remark(line) for line in range(1, 121)])
    (made,) = runs(stage)
    assert (made["conclusion"], len(made["annotations"])) == ("failure", 50)


def test_a_commit_that_is_not_there(stage: Stage) -> None:
    stage.repository.push(7, "b" * 40, forced=True)
    with pytest.raises(ApiError, match="422"):
        publish(stage)


@pytest.mark.parametrize("kind", ["primary_limit", "secondary_limit", "unavailable"])
def test_trouble_passes(stage: Stage, kind: str) -> None:
    stage.fault("*", kind, times=2)
    publish(stage)
    assert runs(stage)[0]["conclusion"] == "failure"
