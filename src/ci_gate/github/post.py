"""The second half of the fork-safe pair: post what a run without write access has found.

It runs on the default branch with a token that can write, and takes nothing on trust: not the
artifact, not which pull request it says it is of. No code of the change is checked out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ci_gate.git import Hunk
from ci_gate.github import bundle, marker
from ci_gate.github.api import field
from ci_gate.github.bundle import Bundle, BundleError
from ci_gate.github.diff import PullDiff, hunks_of
from ci_gate.github.errors import ApiError, Purpose
from ci_gate.github.publish import Place, Published, Target, publish, publish_note
from ci_gate.reports.interface import Context
from ci_gate.reports.report_reader import ReportError
from ci_gate.reports.report_reader import read as read_report
from ci_gate.scorecard.model import Verdict

if TYPE_CHECKING:
    from ci_gate.github.api import Client
    from ci_gate.github.event import Event, TriggeringRun
    from ci_gate.github.runlog import RunLog
    from ci_gate.github.settings import Settings

INCOMPLETE: Final = 3
_MOST: Final = 20  # artifacts of one run
_FIND: Final = Purpose("look for the run's artifacts", "actions: read")
_FETCH: Final = Purpose("fetch the artifact", "actions: read")
_PULL: Final = Purpose("look the pull request up", "pull-requests: read")
_JUDGED: Final = frozenset({"success", "failure"})


class _Refused(Exception):
    """What an artifact says is not true; the sentence says what."""


def post(settings: Settings, event: Event, client: Client | None, log: RunLog) -> int:
    """Post the reports of the run that has ended; 0 if all went through, else 3."""
    run = event.run
    if run is None or run.event != "pull_request" or run.conclusion not in _JUDGED:
        log.notice("The run that ended judged no pull request: nothing to post.")
        return 0
    if client is None:
        log.error("Posting takes a token: pass `token: ${{ github.token }}`.")
        return INCOMPLETE
    try:
        artifacts = _artifacts(client, run, settings.inputs.artifact)
    except ApiError as error:
        log.error(str(error))
        return INCOMPLETE
    if not artifacts:
        log.error(
            f"Run {run.id} has no artifact {settings.inputs.artifact!r}. Its workflow gives the "
            "gate the input `bundle` and uploads that folder by this name (docs/action.md#forks)."
        )
        return INCOMPLETE
    done = [_one(settings, run, client, log, artifact) for artifact in artifacts]
    return 0 if all(done) else INCOMPLETE


def _artifacts(client: Client, run: TriggeringRun, name: str) -> list[int]:
    """The artifact of this name, and those of a matrix (``NAME-api``, ``NAME-web``)."""
    found = [
        field(item, "id", int)
        for item in client.pages(f"actions/runs/{run.id}/artifacts", _FIND, key="artifacts")
        if not item.get("expired")
        and (item.get("name") == name or str(item.get("name")).startswith(f"{name}-"))
    ]
    return found[:_MOST]


def _one(
    settings: Settings, run: TriggeringRun, client: Client, log: RunLog, artifact: int
) -> bool:
    try:
        raw = client.download(f"actions/artifacts/{artifact}/zip", _FETCH, bundle.ARCHIVE_LIMIT)
        brought = bundle.read(raw)
        _check(client, run, brought)
        published = _publish(settings, run, client, brought)
    except (ApiError, BundleError, ReportError, _Refused) as error:
        log.error(f"Artifact {artifact} is not posted: {error}")
        return False
    log.told(published)
    if published.comment_url:
        log.notice(f"Posted: {published.comment_url}")
    return not published.refused


def _check(client: Client, run: TriggeringRun, brought: Bundle) -> None:
    """Is this the pull request whose head the run was started for? The run's own commit and
    repository come from GitHub; the number comes from the artifact and has to fit them."""
    if brought.head_sha != run.head_sha:
        raise _Refused(f"it is of {brought.head_sha[:12]}, the run of {run.head_sha[:12]}")
    change: Any = client.get(f"pulls/{brought.number}", _PULL)
    head = field(change, "head", dict)
    repository = head.get("repo") or {}
    if field(head, "sha", str) != run.head_sha:
        raise _Refused(
            f"the head of pull request #{brought.number} is not {run.head_sha[:12]}: it has moved "
            "on, or the artifact names another's number"
        )
    if repository.get("full_name") != run.head_repository:
        raise _Refused(f"pull request #{brought.number} comes from another repository than the run")
    if change.get("state") != "open":
        raise _Refused(f"pull request #{brought.number} is closed")


def _places(client: Client, brought: Bundle) -> Place:
    """Lines that the pull request's diff shows, as GitHub lists them."""
    changes: dict[str, list[Hunk]] = {}
    for item in client.pages(f"pulls/{brought.number}/files", _PULL):
        if isinstance(item.get("patch"), str):
            changes[str(item.get("filename"))] = hunks_of(item["patch"])
    return PullDiff(changes, brought.shifts).place


def _publish(settings: Settings, run: TriggeringRun, client: Client, brought: Bundle) -> Published:
    from ci_gate.reports.rules import documentation  # noqa: PLC0415
    from ci_gate.rules.catalogue import catalogue  # noqa: PLC0415

    context = Context(
        service=brought.service,
        commit=brought.head_sha,
        run_url=f"{settings.server_url}/{settings.repository}/actions/runs/{run.id}",
        path=brought.path,
        author=brought.author,
        tool_url=settings.tool_url,
    )
    blob = f"{settings.server_url}/{settings.repository}/blob/{brought.head_sha}/"
    context = replace(context, links=blob + quote(context.folder))
    target = Target(
        client=client,
        number=brought.number,
        head=brought.head_sha,
        context=context,
        key=marker.key(settings.workflow, brought.service),
        run=marker.Run(run.id, run.attempt),
        place=_places(client, brought),
    )
    if brought.report is None and run.conclusion != "success":
        sentence = "The run failed although its report says that there was nothing to judge."
        return publish_note("incomplete", sentence, "failure", target, settings.inputs)
    if brought.report is None:
        sentence = "No coding agent is known to have written this change: nothing was judged."
        return publish_note("not judged", sentence, "neutral", target, settings.inputs)
    scorecard = read_report(brought.report)
    if scorecard.verdict is Verdict.PASS and run.conclusion != "success":
        scorecard.verdict = Verdict.INCOMPLETE
        scorecard.reasons.insert(0, "The run failed although its report says pass.")
    rules = documentation(catalogue(), settings.rules_url)
    return publish(scorecard, target, settings.inputs, rules)
