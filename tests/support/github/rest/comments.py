"""Comments and labels of a pull request (an issue to this part of the API)."""

from __future__ import annotations

from .. import views
from ..exchange import Answer, Refusal, Request, invalid, not_found, page, plays
from ..state import Data, Repository, State, now
from .common import item_of, pull_of, repository_of

LONGEST_BODY = 65_536


def check_body(body: object, resource: str) -> str:
    text = str(body)
    if not text.strip():
        raise invalid(resource, "body", "missing_field")
    if len(text) > LONGEST_BODY:
        message = f"Body is too long (maximum is {LONGEST_BODY} characters)"
        raise invalid(resource, "data", "unprocessable", message)
    return text


def may_edit(state: State, request: Request, comment: Data) -> None:
    """An App's token edits what the App wrote; of others it needs more than write."""
    if comment["login"] != request.login:
        raise Refusal(403, "Resource not accessible by integration")


@plays("issues/list-comments")
def list_comments(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    number = pull_of(repository, request.params["issue_number"])["number"]
    since = request.query.get("since", "")
    found = [c for c in repository.comments(number) if c["updated_at"] >= since]
    shown, headers = page(request, found)
    body = [views.comment(state, request, repository, c) for c in shown]
    return Answer(200, body, headers)


@plays("issues/create-comment")
def create_comment(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["issue_number"])
    if pull.get("locked"):
        raise Refusal(403, "Unable to create comment because issue is locked.")
    text = check_body(request.body["body"], "IssueComment")
    made = repository.add_comment(pull["number"], text, request.login)
    shown = views.comment(state, request, repository, made)
    return Answer(201, shown, {"Location": shown["url"]})


@plays("issues/get-comment")
def get_comment(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    found = item_of(repository.data["comments"], request.params["comment_id"])
    return Answer(200, views.comment(state, request, repository, found))


@plays("issues/update-comment")
def update_comment(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    found = item_of(repository.data["comments"], request.params["comment_id"])
    may_edit(state, request, found)
    text = check_body(request.body["body"], "IssueComment")
    found |= {"body": text, "updated_at": now()}
    return Answer(200, views.comment(state, request, repository, found))


@plays("issues/delete-comment")
def delete_comment(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    found = item_of(repository.data["comments"], request.params["comment_id"])
    may_edit(state, request, found)
    repository.delete_comment(found["id"])
    return Answer(204)


def _labels(request: Request, repository: Repository, names: list[str]) -> list[Data]:
    return [views.label(request, repository, name) for name in names]


def _asked(request: Request) -> list[str]:
    body = request.body or []
    items = body.get("labels", []) if isinstance(body, dict) else body
    return [item if isinstance(item, str) else item["name"] for item in items]


@plays("issues/list-labels-on-issue")
def list_labels(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["issue_number"])
    shown, headers = page(request, pull["labels"])
    return Answer(200, _labels(request, repository, shown), headers)


@plays("issues/add-labels")
def add_labels(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["issue_number"])
    pull["labels"] += [name for name in _asked(request) if name not in pull["labels"]]
    return Answer(200, _labels(request, repository, pull["labels"]))


@plays("issues/set-labels")
def set_labels(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["issue_number"])
    pull["labels"] = _asked(request)
    return Answer(200, _labels(request, repository, pull["labels"]))


@plays("issues/remove-label")
def remove_label(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["issue_number"])
    if request.params["name"] not in pull["labels"]:
        raise not_found()
    pull["labels"].remove(request.params["name"])
    return Answer(200, _labels(request, repository, pull["labels"]))


@plays("issues/create-label")
def create_label(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    name = request.body["name"]
    if any(known["name"] == name for known in repository.data["labels"]):
        raise invalid("Label", "name", "already_exists")
    made = {"color": "ededed", "description": None, **request.body, "id": state.new_id()}
    repository.data["labels"].append(made | {"default": False})
    return Answer(201, views.label(request, repository, name))


@plays("issues/get-label")
def get_label(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    if all(known["name"] != request.params["name"] for known in repository.data["labels"]):
        raise not_found()
    return Answer(200, views.label(request, repository, request.params["name"]))
