"""What the API shows of the state. What a view leaves out, the description fills in neutrally."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .exchange import Request
from .state import BOT, Data, Repository, State

APP: Data = {
    "id": 15368,
    "client_id": "Iv1.05c79e9ad1f6bdfa",
    "slug": "github-actions",
    "node_id": "MDM6QXBwMTUzNjg=",
    "name": "GitHub Actions",
    "description": "Automate your workflow from idea to production",
    "external_url": "https://help.github.com/en/actions",
    "html_url": "https://github.com/apps/github-actions",
    "created_at": "2018-07-30T09:30:17Z",
    "updated_at": "2026-01-10T20:53:35Z",
    "permissions": {"checks": "write", "metadata": "read"},
    "events": [],
}


def user(state: State, request: Request, login: str) -> Data:
    known = state.user(login)
    url = f"{request.base}/users/{login.replace('[', '%5B').replace(']', '%5D')}"
    return known | {
        "node_id": f"U_{known['id']}",
        "url": url,
        "html_url": f"{request.site}/{login.removesuffix('[bot]')}",
        "avatar_url": f"{request.site}/avatars/{known['id']}",
        "gravatar_id": "",
        "site_admin": False,
        **{
            f"{name}_url": f"{url}/{name}"
            for name in (
                *("followers", "following", "gists", "starred", "subscriptions"),
                *("organizations", "repos", "events", "received_events"),
            )
        },
    }


def owner(state: State, request: Request, repository: Repository) -> Data:
    return user(state, request, repository.name.split("/")[0])


def repository_url(request: Request, name: str) -> str:
    return f"{request.base}/repos/{name}"


def association(repository: Repository, login: str) -> str:
    return "NONE" if login.endswith("[bot]") else "CONTRIBUTOR"


def repository(state: State, request: Request, shown: Repository) -> Data:
    url = repository_url(request, shown.name)
    page = f"{request.site}/{shown.name}"
    return {
        "id": shown.data["id"],
        "node_id": f"R_{shown.data['id']}",
        "name": shown.name.split("/")[1],
        "full_name": shown.name,
        "private": shown.data["private"],
        "owner": owner(state, request, shown),
        "url": url,
        "html_url": page,
        "description": None,
        "fork": bool(shown.data.get("fork_of")),
        "default_branch": shown.data["default_branch"],
        "clone_url": f"{page}.git",
        "visibility": "private" if shown.data["private"] else "public",
        "created_at": shown.data["created_at"],
        "updated_at": shown.data["created_at"],
        "pushed_at": shown.data["created_at"],
        "contents_url": f"{url}/contents/{{+path}}",
        "pulls_url": f"{url}/pulls{{/number}}",
        "comments_url": f"{url}/comments{{/number}}",
        "trees_url": f"{url}/git/trees{{/sha}}",
    }


def label(request: Request, in_repository: Repository, name: str) -> Data:
    known: Data = next((x for x in in_repository.data["labels"] if x["name"] == name), {})
    made = {"id": 1, "color": "ededed", "description": None, "default": False} | known
    url = f"{repository_url(request, in_repository.name)}/labels/{quote(name)}"
    return made | {"name": name, "node_id": f"LA_{made['id']}", "url": url}


def comment(state: State, request: Request, in_repository: Repository, shown: Data) -> Data:
    url = repository_url(request, in_repository.name)
    page = f"{request.site}/{in_repository.name}/pull/{shown['number']}"
    return {
        "id": shown["id"],
        "node_id": f"IC_{shown['id']}",
        "url": f"{url}/issues/comments/{shown['id']}",
        "html_url": f"{page}#issuecomment-{shown['id']}",
        "issue_url": f"{url}/issues/{shown['number']}",
        "user": user(state, request, shown["login"]),
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
        "author_association": association(in_repository, shown["login"]),
        "body": shown["body"],
        "performed_via_github_app": app(state, request) if shown["login"] == BOT else None,
    }


def app(state: State, request: Request) -> Data:
    return APP | {"owner": user(state, request, "github")}


def review(state: State, request: Request, in_repository: Repository, shown: Data) -> Data:
    url = f"{repository_url(request, in_repository.name)}/pulls/{shown['pull']}"
    page = f"{request.site}/{in_repository.name}/pull/{shown['pull']}"
    html = f"{page}#pullrequestreview-{shown['id']}"
    made = {
        "id": shown["id"],
        "node_id": f"PRR_{shown['id']}",
        "user": user(state, request, shown["login"]),
        "body": shown["body"],
        "state": shown["state"],
        "html_url": html,
        "pull_request_url": url,
        "author_association": association(in_repository, shown["login"]),
        "_links": {"html": {"href": html}, "pull_request": {"href": url}},
        "commit_id": shown["commit_id"],
    }
    if shown["submitted_at"]:
        made["submitted_at"] = shown["submitted_at"]
    return made


def review_comment(state: State, request: Request, in_repository: Repository, shown: Data) -> Data:
    base = repository_url(request, in_repository.name)
    url, pull = f"{base}/pulls/comments/{shown['id']}", f"{base}/pulls/{shown['pull']}"
    html = f"{request.site}/{in_repository.name}/pull/{shown['pull']}#discussion_r{shown['id']}"
    copied = (
        *("id", "path", "body", "diff_hunk", "commit_id", "original_commit_id"),
        *("created_at", "updated_at", "line", "original_line", "start_line"),
        *("original_start_line", "side", "start_side", "position", "original_position"),
        "subject_type",
    )
    made: dict[str, Any] = {key: shown[key] for key in copied}
    if shown.get("in_reply_to"):
        made["in_reply_to_id"] = shown["in_reply_to"]
    return made | {
        "node_id": f"PRRC_{shown['id']}",
        "pull_request_review_id": shown["review"],
        "url": url,
        "html_url": html,
        "pull_request_url": pull,
        "user": user(state, request, shown["login"]),
        "author_association": association(in_repository, shown["login"]),
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "pull_request": {"href": pull},
        },
    }


def check_run(state: State, request: Request, in_repository: Repository, shown: Data) -> Data:
    url = f"{repository_url(request, in_repository.name)}/check-runs/{shown['id']}"
    page = f"{request.site}/{in_repository.name}/runs/{shown['id']}"
    copied = (
        *("id", "name", "head_sha", "status", "conclusion", "started_at", "completed_at"),
        "external_id",
    )
    return {key: shown[key] for key in copied} | {
        "node_id": f"CR_{shown['id']}",
        "url": url,
        "html_url": page,
        # what a workflow's token asks for is not taken
        "details_url": page if shown["login"] == BOT else shown["details_url"] or page,
        "check_suite": {"id": shown["suite"]},
        "app": app(state, request),
        "pull_requests": [],
        "output": {key: shown["output"].get(key) for key in ("title", "summary", "text")}
        | {
            "annotations_count": len(shown["annotations"]),
            "annotations_url": f"{url}/annotations",
        },
    }
