"""Reviews of a pull request and their comments on lines of its diff."""

from __future__ import annotations

from .. import diffs, views
from ..exchange import Answer, Refusal, Request, not_found, page, plays
from ..state import Data, Repository, State, now
from .comments import LONGEST_BODY, check_body
from .common import item_of, pull_of, repository_of

_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}

#: The review that GitHub makes around a comment which is posted alone.
_ALONE: Data = {"body": "", "state": "COMMENTED"}


def unprocessable(*errors: str) -> Refusal:
    return Refusal(422, "Unprocessable Entity", errors)


def _commit(repository: Repository, pull: Data, asked: str | None) -> str:
    commit = asked or pull["head"]["sha"]
    if commit not in {pull["head"]["sha"], *(c["sha"] for c in pull["commits"])}:
        raise unprocessable("commit_id is not part of the pull request")
    return str(commit)


def _place(pull: Data, asked: Data) -> Data:
    """Where a comment stands; refused, in GitHub's words, where the diff has no such line."""
    patches = diffs.placed(pull["files"])
    if asked["path"] not in patches:
        raise unprocessable("Path could not be resolved")
    patch = patches[asked["path"]]
    if "line" not in asked:
        return _place_by_position(patch, asked)
    side = asked.get("side") or "RIGHT"
    end = diffs.line_at(patch, asked["line"], side)
    if end is None:
        raise unprocessable("Line could not be resolved")
    start = asked.get("start_line")
    start_side = asked.get("start_side") or side
    if start is not None:
        first = diffs.line_at(patch, start, start_side)
        if first is None:
            raise unprocessable("Start line could not be resolved")
        if first.position >= end.position:
            raise unprocessable("Start line must precede the end line.")
        if first.hunk != end.hunk:
            raise unprocessable("Start line must be part of the same hunk as the line.")
    return {
        "line": asked["line"],
        "side": side,
        "start_line": start,
        "start_side": start_side if start is not None else None,
        "position": end.position,
        "diff_hunk": diffs.hunk_until(patch, end.position),
    }


def _place_by_position(patch: str, asked: Data) -> Data:
    for line in diffs.lines(patch):
        if line.position == asked.get("position"):
            side = "LEFT" if line.kind == "-" else "RIGHT"
            return {
                "line": line.left if side == "LEFT" else line.right,
                "side": side,
                "start_line": None,
                "start_side": None,
                "position": line.position,
                "diff_hunk": diffs.hunk_until(patch, line.position),
            }
    raise unprocessable("Position could not be resolved")


def _add(
    state: State, repository: Repository, pull: Data, login: str, commit: str, known: Data
) -> Data:
    """A review's comment, in a thread of its own unless it is a reply."""
    made: Data = {
        "id": state.new_id(),
        "pull": pull["number"],
        "login": login,
        "commit_id": commit,
        "original_commit_id": commit,
        "original_line": known["line"],
        "original_start_line": known["start_line"],
        "original_position": known["position"],
        "created_at": now(),
        "updated_at": now(),
        "subject_type": "line",
    } | known
    repository.data["review_comments"].append(made)
    if "in_reply_to" not in known:
        thread = {"id": state.new_id(), "pull": pull["number"], "resolved_by": None}
        repository.data["threads"].append(thread | {"comments": []})
        made["thread"] = repository.data["threads"][-1]["id"]
    item_of(repository.data["threads"], made["thread"])["comments"].append(made["id"])
    return made


def _add_review(
    state: State, repository: Repository, pull: Data, login: str, commit: str, known: Data
) -> Data:
    made = {
        "id": state.new_id(),
        "pull": pull["number"],
        "login": login,
        "commit_id": commit,
        "submitted_at": None if known["state"] == "PENDING" else now(),
    } | known
    repository.data["reviews"].append(made)
    return made


@plays("pulls/list-reviews")
def list_reviews(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    found = [
        review
        for review in repository.reviews(pull["number"])
        if review["state"] != "PENDING" or review["login"] == request.login
    ]
    shown, headers = page(request, found)
    return Answer(200, [views.review(state, request, repository, r) for r in shown], headers)


@plays("pulls/create-review")
def create_review(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    asked = request.body or {}
    commit = _commit(repository, pull, asked.get("commit_id"))
    event, text = asked.get("event"), asked.get("body") or ""
    comments = asked.get("comments") or []
    if len(text) > LONGEST_BODY or any(len(c["body"]) > LONGEST_BODY for c in comments):
        raise unprocessable(f"Body is too long (maximum is {LONGEST_BODY} characters)")
    if event in ("REQUEST_CHANGES", "APPROVE") and request.login == pull["author"]:
        word = "approve" if event == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {word} your own pull request")
    if not text.strip() and (event == "REQUEST_CHANGES" or (event == "COMMENT" and not comments)):
        raise unprocessable("Body can't be blank")
    if event is None and any(
        r["state"] == "PENDING" and r["login"] == request.login
        for r in repository.reviews(pull["number"])
    ):
        raise unprocessable("User can only have one pending review per pull request")
    placed = [_place(pull, comment) for comment in comments]
    review_state = _STATES[event] if event else "PENDING"
    known = {"body": text, "state": review_state}
    made = _add_review(state, repository, pull, request.login, commit, known)
    for comment, place in zip(comments, placed, strict=True):
        known = place | {"review": made["id"], "path": comment["path"], "body": comment["body"]}
        _add(state, repository, pull, request.login, commit, known)
    return Answer(200, views.review(state, request, repository, made))


def _review(state: State, request: Request) -> tuple[Repository, Data]:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    found = item_of(repository.reviews(pull["number"]), request.params["review_id"])
    return repository, found


@plays("pulls/get-review")
def get_review(state: State, request: Request) -> Answer:
    repository, found = _review(state, request)
    return Answer(200, views.review(state, request, repository, found))


@plays("pulls/update-review")
def update_review(state: State, request: Request) -> Answer:
    repository, found = _review(state, request)
    if found["login"] != request.login:
        raise unprocessable("Can not edit a review of another user")
    found["body"] = request.body["body"]
    return Answer(200, views.review(state, request, repository, found))


@plays("pulls/submit-review")
def submit_review(state: State, request: Request) -> Answer:
    repository, found = _review(state, request)
    if found["state"] != "PENDING":
        raise unprocessable("Could not submit a review that is not pending")
    text = request.body.get("body") or found["body"]
    submitted = {"state": _STATES[request.body["event"]], "body": text, "submitted_at": now()}
    found |= submitted
    return Answer(200, views.review(state, request, repository, found))


@plays("pulls/delete-pending-review")
def delete_review(state: State, request: Request) -> Answer:
    repository, found = _review(state, request)
    if found["state"] != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    repository.data["reviews"].remove(found)
    return Answer(200, views.review(state, request, repository, found))


@plays("pulls/dismiss-review")
def dismiss_review(state: State, request: Request) -> Answer:
    repository, found = _review(state, request)
    if found["state"] not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable(f"Can not dismiss a {found['state'].lower()} pull request review")
    found |= {"state": "DISMISSED", "dismissal": request.body["message"]}
    return Answer(200, views.review(state, request, repository, found))


def _shown(state: State, request: Request, repository: Repository, found: list[Data]) -> Answer:
    shown, headers = page(request, found)
    body = [views.review_comment(state, request, repository, c) for c in shown]
    return Answer(200, body, headers)


@plays("pulls/list-comments-for-review")
def list_comments_for_review(state: State, request: Request) -> Answer:
    repository, found = _review(state, request)
    comments = [c for c in repository.data["review_comments"] if c["review"] == found["id"]]
    return _shown(state, request, repository, comments)


@plays("pulls/list-review-comments")
def list_review_comments(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    comments = repository.review_comments(pull["number"])
    if request.query.get("direction") == "desc" and "sort" in request.query:
        comments = comments[::-1]
    return _shown(state, request, repository, comments)


@plays("pulls/create-review-comment")
def create_review_comment(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    asked = request.body
    if asked["commit_id"] not in {pull["head"]["sha"], *(c["sha"] for c in pull["commits"])}:
        raise _place_refused("commit_id", "is not part of the pull request")
    try:
        place = _place(pull, asked)
    except Refusal as refusal:
        field = {"Path": "path", "Position": "position"}.get(str(refusal.errors)[2:].split()[0])
        name = f"pull_request_review_thread.{field or 'line'}"
        raise _place_refused(name, "could not be resolved") from None
    text = check_body(asked["body"], "PullRequestReviewComment")
    commit = asked["commit_id"]
    review = _add_review(state, repository, pull, request.login, commit, dict(_ALONE))
    known = place | {"review": review["id"], "path": asked["path"], "body": text}
    made = _add(state, repository, pull, request.login, commit, known)
    return Answer(201, views.review_comment(state, request, repository, made))


def _place_refused(field: str, message: str) -> Refusal:
    error = {
        "resource": "PullRequestReviewComment",
        "code": "custom",
        "field": field,
        "message": message,
    }
    return Refusal(422, "Validation Failed", [error])


@plays("pulls/create-reply-for-review-comment")
def reply(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    first = item_of(repository.review_comments(pull["number"]), request.params["comment_id"])
    if first.get("in_reply_to"):
        raise not_found()
    text = check_body(request.body["body"], "PullRequestReviewComment")
    commit = pull["head"]["sha"]
    review = _add_review(state, repository, pull, request.login, commit, dict(_ALONE))
    copied = (
        *("path", "line", "side", "start_line", "start_side", "position", "diff_hunk"),
        *("original_line", "original_start_line", "original_position", "thread"),
    )
    known = {key: first[key] for key in copied}
    known |= {"review": review["id"], "body": text, "in_reply_to": first["id"]}
    made = _add(state, repository, pull, request.login, commit, known)
    return Answer(201, views.review_comment(state, request, repository, made))


def _comment(state: State, request: Request) -> tuple[Repository, Data]:
    repository = repository_of(state, request)
    return repository, item_of(repository.data["review_comments"], request.params["comment_id"])


@plays("pulls/get-review-comment")
def get_review_comment(state: State, request: Request) -> Answer:
    repository, found = _comment(state, request)
    return Answer(200, views.review_comment(state, request, repository, found))


@plays("pulls/update-review-comment")
def update_review_comment(state: State, request: Request) -> Answer:
    repository, found = _comment(state, request)
    if found["login"] != request.login:
        raise Refusal(403, "Resource not accessible by integration")
    text = check_body(request.body["body"], "PullRequestReviewComment")
    found |= {"body": text, "updated_at": now()}
    return Answer(200, views.review_comment(state, request, repository, found))


@plays("pulls/delete-review-comment")
def delete_review_comment(state: State, request: Request) -> Answer:
    repository, found = _comment(state, request)
    if found["login"] != request.login:
        raise Refusal(403, "Resource not accessible by integration")
    repository.data["review_comments"].remove(found)
    thread = item_of(repository.data["threads"], found["thread"])
    thread["comments"].remove(found["id"])
    if not thread["comments"]:
        repository.data["threads"].remove(thread)
    return Answer(204)
