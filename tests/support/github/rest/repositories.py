"""Repositories, users and the rate limit."""

from __future__ import annotations

import time

from .. import views
from ..exchange import Answer, Refusal, Request, not_found, plays
from ..state import Data, State
from .common import commit_of, repository_of
from .pulls import commit


@plays("repos/get")
def get(state: State, request: Request) -> Answer:
    return Answer(200, views.repository(state, request, repository_of(state, request)))


@plays("repos/get-commit")
def get_commit(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    sha = commit_of(repository, request.params["ref"])
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {request.params['ref']}")
    listed = (made for pull in repository.data["pulls"] for made in pull["commits"])
    found = next((made for made in listed if made["sha"] == sha), None)
    known = repository.data["git"]["commits"].get(sha, {})
    unknown: Data = {"sha": sha, "message": "", "name": "dev", "email": "dev@example.org"}
    unknown |= {"date": repository.data["created_at"], "login": None, "parents": []}
    return Answer(200, commit(state, request, repository, found or unknown | known))


@plays("users/get-authenticated")
def get_authenticated(state: State, request: Request) -> Answer:
    """For a person's token; GITHUB_TOKEN and the token of an App are no person's."""
    if not request.token:
        raise Refusal(401, "Requires authentication")
    if request.token["kind"] == "installation":
        raise Refusal(403, "Resource not accessible by integration")
    return Answer(200, _person(state, request, request.login))


@plays("users/get-by-username")
def get_user(state: State, request: Request) -> Answer:
    if request.params["username"] not in state.data["users"]:
        raise not_found()
    return Answer(200, _person(state, request, request.params["username"]))


def _person(state: State, request: Request, login: str) -> dict[str, object]:
    return views.user(state, request, login) | {
        **dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name")),
        **dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
        "user_view_type": "public",
    }


@plays("rate-limit/get")
def rate_limit(state: State, request: Request) -> Answer:
    reset = int(time.time()) + 3600
    left = {"limit": 5000, "remaining": state.data["requests_left"], "reset": reset, "used": 0}
    resources = {"core": left, "search": left, "graphql": left}
    return Answer(200, {"resources": resources, "rate": left})
