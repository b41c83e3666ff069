"""Pull requests: themselves, their files and their commits."""

from __future__ import annotations

from .. import diffs, views
from ..exchange import Answer, Refusal, Request, page, plays
from ..state import Data, Repository, State
from .common import pull_of, repository_of

MOST_FILES = 3000
MOST_FILES_OF_A_DIFF = 300
MOST_COMMITS = 250


def _side(state: State, request: Request, side: Data, author: str) -> Data:
    found = state.find_repository(*side["repository"].split("/")) if side["repository"] else None
    login = side["repository"].split("/")[0] if side["repository"] else author
    return {
        "label": f"{login}:{side['ref']}",
        "ref": side["ref"],
        "sha": side["sha"],
        "user": views.user(state, request, login),
        "repo": views.repository(state, request, found) if found else None,
    }


def shown(state: State, request: Request, repository: Repository, pull: Data) -> Data:
    api = views.repository_url(request, repository.name)
    url, issue = f"{api}/pulls/{pull['number']}", f"{api}/issues/{pull['number']}"
    page_url = f"{request.site}/{repository.name}/pull/{pull['number']}"
    links = {
        "url": url,
        "html_url": page_url,
        "diff_url": f"{page_url}.diff",
        "patch_url": f"{page_url}.patch",
        "issue_url": issue,
        "comments_url": f"{issue}/comments",
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{api}/pulls/comments{{/number}}",
        "statuses_url": f"{api}/statuses/{pull['head']['sha']}",
    }
    named = {
        "self": "url",
        "html": "html_url",
        "issue": "issue_url",
        "comments": "comments_url",
        "review_comments": "review_comments_url",
        "review_comment": "review_comment_url",
        "commits": "commits_url",
        "statuses": "statuses_url",
    }
    copied = (
        *("id", "number", "title", "body", "state", "draft", "created_at", "updated_at"),
        "merge_commit_sha",
    )
    files = pull["files"]
    return (
        {key: pull[key] for key in copied}
        | links
        | {
            "_links": {name: {"href": links[key]} for name, key in named.items()},
            "node_id": f"PR_{pull['id']}",
            "locked": pull.get("locked", False),
            "user": views.user(state, request, pull["author"]),
            "labels": [views.label(request, repository, name) for name in pull["labels"]],
            "head": _side(state, request, pull["head"], pull["author"]),
            "base": _side(state, request, pull["base"], pull["author"]),
            "author_association": views.association(repository, pull["author"]),
            "merged": False,
            "mergeable": True,
            "mergeable_state": "clean",
            "comments": len(repository.comments(pull["number"])),
            "review_comments": len(repository.review_comments(pull["number"])),
            "commits": len(pull["commits"]),
            "additions": sum(f["additions"] for f in files),
            "deletions": sum(f["deletions"] for f in files),
            "changed_files": len(files),
        }
    )


def commit(state: State, request: Request, repository: Repository, made: Data) -> Data:
    url = f"{views.repository_url(request, repository.name)}/commits/{made['sha']}"
    api = f"{views.repository_url(request, repository.name)}/git"
    person = {"name": made["name"], "email": made["email"], "date": made["date"]}
    login = made["login"]
    author = views.user(state, request, login) if login else None
    return {
        "sha": made["sha"],
        "node_id": f"C_{made['sha']}",
        "url": url,
        "html_url": f"{request.site}/{repository.name}/commit/{made['sha']}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{api}/commits/{made['sha']}",
            "author": person,
            "committer": person,
            "message": made["message"],
            "comment_count": 0,
            "tree": {"sha": made["sha"], "url": f"{api}/trees/{made['sha']}"},
        },
        "author": author,
        "committer": author,
        "parents": [{"sha": sha, "url": url} for sha in made["parents"]],
    }


def _text(data: str) -> Answer:
    return Answer(200, data.encode(), {"Content-Type": "application/vnd.github.diff"})


@plays("pulls/get")
def get(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    if "diff" in request.accept or "patch" in request.accept:
        if len(pull["files"]) > MOST_FILES_OF_A_DIFF:
            message = (
                "Sorry, the diff exceeded the maximum number of files "
                f"({MOST_FILES_OF_A_DIFF}). Consider using 'List pull requests files' API "
                "or locally cloning the repository instead."
            )
            error = {"resource": "PullRequest", "field": "diff", "code": "too_large"}
            raise Refusal(406, message, [error])
        return _text(diffs.unified(pull["files"]))
    return Answer(200, shown(state, request, repository, pull))


@plays("pulls/list")
def list_pulls(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    wanted = request.query.get("state", "open")
    found = [p for p in repository.data["pulls"] if wanted in ("all", p["state"])]
    if "head" in request.query:
        found = [p for p in found if _label(p) == request.query["head"]]
    if "base" in request.query:
        found = [p for p in found if p["base"]["ref"] == request.query["base"]]
    part, headers = page(request, found[::-1])
    return Answer(200, [shown(state, request, repository, p) for p in part], headers)


def _label(pull: Data) -> str:
    return f"{(pull['head']['repository'] or '/').split('/')[0]}:{pull['head']['ref']}"


@plays("repos/list-pull-requests-associated-with-commit")
def list_of_commit(state: State, request: Request) -> Answer:
    """Empty for a commit of a fork, as in reality: the commit is in another repository."""
    repository = repository_of(state, request)
    sha = request.params["commit_sha"]
    found = [
        pull
        for pull in repository.data["pulls"]
        if pull["head"]["repository"] == repository.name
        and sha in {pull["head"]["sha"], *(c["sha"] for c in pull["commits"])}
    ]
    part, headers = page(request, found)
    return Answer(200, [shown(state, request, repository, p) for p in part], headers)


@plays("pulls/list-files")
def list_files(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    part, headers = page(request, pull["files"][:MOST_FILES])
    sha = pull["head"]["sha"]
    page_url = f"{request.site}/{repository.name}"
    api = views.repository_url(request, repository.name)
    body = [
        {
            **entry,
            "blob_url": f"{page_url}/blob/{sha}/{entry['filename']}",
            "raw_url": f"{page_url}/raw/{sha}/{entry['filename']}",
            "contents_url": f"{api}/contents/{entry['filename']}?ref={sha}",
        }
        for entry in part
    ]
    return Answer(200, body, headers)


@plays("pulls/list-commits")
def list_commits(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    pull = pull_of(repository, request.params["pull_number"])
    part, headers = page(request, pull["commits"][:MOST_COMMITS])
    return Answer(200, [commit(state, request, repository, made) for made in part], headers)
