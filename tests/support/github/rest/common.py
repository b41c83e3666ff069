"""What the handlers of several resources need."""

from __future__ import annotations

from ..exchange import Request, not_found
from ..state import Data, Repository, State


def repository_of(state: State, request: Request) -> Repository:
    found = state.find_repository(request.params["owner"], request.params["repo"])
    if found is None:
        raise not_found()
    return found


def pull_of(repository: Repository, number: str) -> Data:
    for pull in repository.data["pulls"]:
        if pull["number"] == int(number):
            return pull
    raise not_found()


def item_of(items: list[Data], number: str) -> Data:
    for item in items:
        if item["id"] == int(number):
            return item
    raise not_found()


def commits_of(repository: Repository) -> set[str]:
    """Every commit that GitHub would have, of pull requests and of the git database."""
    known = set(repository.data["git"]["commits"]) | set(repository.data["git"]["refs"].values())
    for pull in repository.data["pulls"]:
        known |= {pull["head"]["sha"], pull["base"]["sha"], pull["merge_commit_sha"]}
        known |= {commit["sha"] for commit in pull["commits"]}
    return known | {run["head_sha"] for run in repository.data["runs"]}


def commit_of(repository: Repository, name: str) -> str | None:
    """The commit that a SHA, a branch or a tag names."""
    if name in commits_of(repository):
        return name
    refs = repository.data["git"]["refs"]
    for prefix in ("", "refs/", "refs/heads/", "refs/tags/"):
        if prefix + name in refs:
            return str(refs[prefix + name])
    for pull in repository.data["pulls"]:
        if name.removeprefix("heads/") == pull["head"]["ref"]:
            return str(pull["head"]["sha"])
        if name in (f"pull/{pull['number']}/head", f"refs/pull/{pull['number']}/head"):
            return str(pull["head"]["sha"])
    return None
