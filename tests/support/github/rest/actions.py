"""Workflow runs and their artifacts."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from .. import views
from ..exchange import Answer, Refusal, Request, page, plays
from ..state import Data, Repository, State
from .common import item_of, repository_of

_RUN_URLS = ("jobs", "logs", "cancel", "rerun", "artifacts")


def _run(state: State, request: Request, repository: Repository, made: Data) -> Data:
    api = views.repository_url(request, repository.name)
    url = f"{api}/actions/runs/{made['id']}"
    copied = (
        *("id", "name", "event", "status", "conclusion", "head_branch", "head_sha", "path"),
        *("run_attempt", "created_at"),
    )
    # Empty for a pull request from a fork, as in reality: the commit is in another repository.
    pulls = [
        {
            "id": pull["id"],
            "number": pull["number"],
            "url": f"{api}/pulls/{pull['number']}",
            "head": _side(request, repository, pull["head"]),
            "base": _side(request, repository, pull["base"]),
        }
        for pull in repository.data["pulls"]
        if made["head_repository"] == repository.name and pull["head"]["sha"] == made["head_sha"]
    ]
    owner, name = (made["head_repository"] or repository.name).split("/")
    head = state.find_repository(owner, name) or repository
    person = {"name": "dev", "email": "dev@example.org"}
    commit = {"id": made["head_sha"], "tree_id": made["head_sha"], "message": "Work"}
    commit |= {"timestamp": made["created_at"], "author": person, "committer": person}
    return {key: made[key] for key in copied} | {
        "node_id": f"WFR_{made['id']}",
        "run_number": 1,
        "display_title": "Work",
        "workflow_id": 1,
        "url": url,
        "html_url": f"{request.site}/{repository.name}/actions/runs/{made['id']}",
        "updated_at": made["created_at"],
        **{f"{what}_url": f"{url}/{what}" for what in _RUN_URLS},
        "check_suite_url": f"{api}/check-suites/1",
        "workflow_url": f"{api}/actions/workflows/1",
        "head_commit": commit,
        "repository": views.repository(state, request, repository),
        "head_repository": views.repository(state, request, head),
        "pull_requests": pulls,
    }


def _side(request: Request, repository: Repository, side: Data) -> Data:
    url = views.repository_url(request, repository.name)
    short = {"id": repository.data["id"], "url": url, "name": repository.name.split("/")[1]}
    return {"ref": side["ref"], "sha": side["sha"], "repo": short}


def _artifact(request: Request, repository: Repository, state: State, made: Data) -> Data:
    api = views.repository_url(request, repository.name)
    url = f"{api}/actions/artifacts/{made['id']}"
    run = next((r for r in repository.data["runs"] if r["id"] == made["run"]), None)
    content = base64.b64decode(state.data["artifact_files"][str(made["id"])])
    return {
        "id": made["id"],
        "node_id": f"A_{made['id']}",
        "name": made["name"],
        "size_in_bytes": made["size"],
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": made["expired"],
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
        "expires_at": made["created_at"],
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "workflow_run": run
        and {
            "id": run["id"],
            "repository_id": repository.data["id"],
            "head_repository_id": repository.data["id"],
            "head_branch": run["head_branch"],
            "head_sha": run["head_sha"],
        },
    }


@plays("actions/get-workflow-run")
def get_run(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    made = item_of(repository.data["runs"], request.params["run_id"])
    return Answer(200, _run(state, request, repository, made))


@plays("actions/list-workflow-runs-for-repo")
def list_runs(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    found = repository.data["runs"][::-1]
    for name in ("head_sha", "event"):
        if name in request.query:
            found = [run for run in found if run[name] == request.query[name]]
    if "branch" in request.query:
        found = [run for run in found if run["head_branch"] == request.query["branch"]]
    if "status" in request.query:
        wanted = request.query["status"]
        found = [run for run in found if wanted in (run["status"], run["conclusion"])]
    part, headers = page(request, found)
    runs = [_run(state, request, repository, made) for made in part]
    return Answer(200, {"total_count": len(found), "workflow_runs": runs}, headers)


def _listed(state: State, request: Request, repository: Repository, found: list[Data]) -> Answer:
    if "name" in request.query:
        found = [made for made in found if made["name"] == request.query["name"]]
    part, headers = page(request, found[::-1])
    shown = [_artifact(request, repository, state, made) for made in part]
    return Answer(200, {"total_count": len(found), "artifacts": shown}, headers)


@plays("actions/list-workflow-run-artifacts")
def list_of_run(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    run = item_of(repository.data["runs"], request.params["run_id"])
    found = [made for made in repository.data["artifacts"] if made["run"] == run["id"]]
    return _listed(state, request, repository, found)


@plays("actions/list-artifacts-for-repo")
def list_of_repository(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    return _listed(state, request, repository, repository.data["artifacts"])


@plays("actions/get-artifact")
def get_artifact(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    made = item_of(repository.data["artifacts"], request.params["artifact_id"])
    return Answer(200, _artifact(request, repository, state, made))


@plays("actions/download-artifact")
def download(state: State, request: Request) -> Answer:
    """To a store on another host, which takes no token."""
    repository = repository_of(state, request)
    made = item_of(repository.data["artifacts"], request.params["artifact_id"])
    if made["expired"]:
        raise Refusal(410, "Artifact has expired")
    host = urlsplit(request.base).hostname
    address = f"http://{host}:{state.store_port}/_double/artifacts/{made['id']}"
    return Answer(302, None, {"Location": f"{address}?sig=signed"})
