"""Check runs, their annotations, and commit statuses."""

from __future__ import annotations

from typing import Any

from .. import views
from ..exchange import Answer, Refusal, Request, invalid, page, plays
from ..state import BOT, Data, Repository, State, now
from .common import commit_of, item_of, repository_of

MOST_ANNOTATIONS = 50
LONGEST_OUTPUT = 65_535


def _check_output(output: Data) -> None:
    annotations = output.get("annotations", [])
    if len(annotations) > MOST_ANNOTATIONS:
        count = len(annotations)
        message = f"No more than {MOST_ANNOTATIONS} items are allowed; {count} were supplied."
        raise Refusal(422, f"Invalid request.\n\n{message}")
    for key in ("summary", "text"):
        size = len((output.get(key) or "").encode("utf-16-le")) // 2
        if size > LONGEST_OUTPUT:
            message = f"Only {LONGEST_OUTPUT} characters are allowed; {size} were supplied."
            raise Refusal(422, f"Invalid request.\n\n{message}")
    if len((output.get("summary") or "").encode()) > LONGEST_OUTPUT:
        raise Refusal(422, f"summary exceeds a maximum bytesize of {LONGEST_OUTPUT}")
    for annotation in annotations:
        one_line = annotation["start_line"] == annotation["end_line"]
        if annotation["end_line"] < annotation["start_line"]:
            raise invalid("CheckAnnotation", "end_line", "invalid")
        if not one_line and ("start_column" in annotation or "end_column" in annotation):
            raise invalid("CheckAnnotation", "start_column", "invalid")
        if len(annotation.get("title") or "") > 255:
            raise invalid("CheckAnnotation", "title", "too_long")
        for key in ("message", "raw_details"):
            if len((annotation.get(key) or "").encode()) > 64 * 1024:
                raise invalid("CheckAnnotation", key, "too_long")


def _take(state: State, repository: Repository, run: Data, asked: dict[str, Any]) -> None:
    output = asked.get("output") or {}
    _check_output(output)
    for key in ("name", "details_url", "external_id", "status", "started_at", "completed_at"):
        if key in asked:
            run[key] = asked[key]
    if asked.get("status") == "completed" and not asked.get("conclusion"):
        raise invalid("CheckRun", "conclusion", "missing_field")
    if asked.get("conclusion"):
        run |= {"conclusion": asked["conclusion"], "status": "completed"}
        run["completed_at"] = asked.get("completed_at") or now()
    elif "status" in asked:
        run |= {"conclusion": None, "completed_at": None}
    if output:  # all of it is replaced, except the annotations, which add up
        run["output"] = {key: output.get(key) for key in ("title", "summary", "text")}
        text = (output.get("text") or "").encode()
        if len(text) > LONGEST_OUTPUT:  # cut without a word
            run["output"]["text"] = text[:LONGEST_OUTPUT].decode(errors="ignore")
    run["annotations"] += output.get("annotations", [])


@plays("checks/create")
def create(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    asked = request.body
    if commit_of(repository, asked["head_sha"]) is None:
        raise Refusal(422, f"No commit found for SHA: {asked['head_sha']}")
    suites = [run["suite"] for run in repository.check_runs(asked["head_sha"])]
    run: Data = {
        "id": state.new_id(),
        "suite": suites[0] if suites else state.new_id(),
        "login": request.login,
        "head_sha": asked["head_sha"],
        "details_url": None,
        "external_id": "",
        "status": "queued",
        "conclusion": None,
        "started_at": now(),
        "completed_at": None,
        "output": {},
        "annotations": [],
    }
    _take(state, repository, run, asked)
    repository.data["check_runs"].append(run)
    return Answer(201, views.check_run(state, request, repository, run))


@plays("checks/get")
def get(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    run = item_of(repository.data["check_runs"], request.params["check_run_id"])
    return Answer(200, views.check_run(state, request, repository, run))


@plays("checks/update")
def update(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    run = item_of(repository.data["check_runs"], request.params["check_run_id"])
    if run["login"] != request.login:
        raise Refusal(403, "Invalid app_id `15368` - check run can only be modified by its app.")
    _take(state, repository, run, request.body or {})
    return Answer(200, views.check_run(state, request, repository, run))


@plays("checks/list-annotations")
def list_annotations(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    run = item_of(repository.data["check_runs"], request.params["check_run_id"])
    empty = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    blob = f"{request.site}/{repository.name}/blob/{run['head_sha']}"
    shown, headers = page(request, run["annotations"])
    body = [empty | {"blob_href": f"{blob}/{item['path']}"} | item for item in shown]
    return Answer(200, body, headers)


@plays("checks/list-for-ref")
def list_for_ref(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    sha = commit_of(repository, request.params["ref"])
    found = [run for run in repository.check_runs() if run["head_sha"] == sha]
    if "check_name" in request.query:
        found = [run for run in found if run["name"] == request.query["check_name"]]
    if "status" in request.query:
        found = [run for run in found if run["status"] == request.query["status"]]
    if "app_id" in request.query:
        wanted = int(request.query["app_id"]) == views.APP["id"]
        found = [run for run in found if (run["login"] == BOT) == wanted]
    if request.query.get("filter", "latest") == "latest":
        found = list({(run["name"], run["suite"]): run for run in found}.values())
    shown, headers = page(request, found[::-1])
    runs = [views.check_run(state, request, repository, run) for run in shown]
    return Answer(200, {"total_count": len(found), "check_runs": runs}, headers)


@plays("repos/create-commit-status")
def create_status(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    sha = commit_of(repository, request.params["sha"])
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {request.params['sha']}")
    made: Data = {"id": state.new_id(), "sha": sha, "context": "default", "description": None}
    made |= {"target_url": None, "login": request.login, "created_at": now(), **request.body}
    repository.data["statuses"].append(made)
    url = f"{views.repository_url(request, repository.name)}/statuses/{sha}"
    shown = {key: made[key] for key in ("id", "state", "description", "target_url", "context")}
    creator = views.user(state, request, request.login)
    shown |= {"url": url, "node_id": f"SC_{made['id']}", "creator": creator}
    shown |= {"created_at": made["created_at"], "updated_at": made["created_at"]}
    return Answer(201, shown | {"avatar_url": creator["avatar_url"]})
