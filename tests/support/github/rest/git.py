"""The git database: refs, commits, trees and blobs."""

from __future__ import annotations

import base64
import binascii

from .. import views
from ..exchange import Answer, Refusal, Request, invalid, not_found, page, plays
from ..objects import Objects, kind
from ..state import Data, Repository, State
from .common import commits_of, repository_of


def url(request: Request, repository: Repository, what: str) -> str:
    return f"{views.repository_url(request, repository.name)}/git/{what}"


def _ref(request: Request, repository: Repository, name: str, sha: str) -> Data:
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": url(request, repository, name),
        "object": {
            "type": "commit",
            "sha": sha,
            "url": url(request, repository, f"commits/{sha}"),
        },
    }


def _refs(repository: Repository) -> dict[str, str]:
    refs: dict[str, str] = repository.data["git"]["refs"]
    return refs


def _not_empty(repository: Repository) -> None:
    if not _refs(repository) and not repository.data["pulls"]:
        raise Refusal(409, "Git Repository is empty.")


@plays("git/get-ref")
def get_ref(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    _not_empty(repository)
    name = "refs/" + request.params["ref"]
    if name not in _refs(repository):
        raise not_found()
    return Answer(200, _ref(request, repository, name, _refs(repository)[name]))


@plays("git/list-matching-refs")
def list_matching_refs(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    prefix = "refs/" + request.params["ref"]
    found = [item for item in sorted(_refs(repository).items()) if item[0].startswith(prefix)]
    return Answer(200, [_ref(request, repository, *item) for item in found])


@plays("git/create-ref")
def create_ref(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    _not_empty(repository)
    name, sha = request.body["ref"], request.body["sha"]
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refusal(422, f"Reference name '{name}' is not valid.")
    if name in _refs(repository):
        raise Refusal(422, "Reference already exists")
    if sha not in commits_of(repository):
        raise Refusal(422, "Object does not exist")
    _refs(repository)[name] = sha
    return Answer(201, _ref(request, repository, name, sha))


@plays("git/update-ref")
def update_ref(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    name, sha = "refs/" + request.params["ref"], request.body["sha"]
    if name not in _refs(repository):
        raise Refusal(422, "Reference does not exist")
    if sha not in commits_of(repository):
        raise Refusal(422, "Object does not exist")
    forced = request.body.get("force", False)
    if not forced and not Objects(repository).leads_to(_refs(repository)[name], sha):
        raise Refusal(422, "Update is not a fast forward")
    _refs(repository)[name] = sha
    return Answer(200, _ref(request, repository, name, sha))


@plays("git/delete-ref")
def delete_ref(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    name = "refs/" + request.params["ref"]
    if name not in _refs(repository):
        raise Refusal(422, "Reference does not exist")
    del _refs(repository)[name]
    return Answer(204)


def git_commit(request: Request, repository: Repository, made: Data) -> Data:
    page_url = f"{request.site}/{repository.name}/commit"
    return {
        "sha": made["sha"],
        "node_id": f"C_{made['sha']}",
        "url": url(request, repository, f"commits/{made['sha']}"),
        "html_url": f"{page_url}/{made['sha']}",
        "author": made["author"],
        "committer": made["committer"],
        "message": made["message"],
        "tree": {"sha": made["tree"], "url": url(request, repository, f"trees/{made['tree']}")},
        "parents": [
            {
                "sha": sha,
                "url": url(request, repository, f"commits/{sha}"),
                "html_url": f"{page_url}/{sha}",
            }
            for sha in made["parents"]
        ],
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }


@plays("git/get-commit")
def get_commit(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    made = repository.data["git"]["commits"].get(request.params["commit_sha"])
    if made is None:
        raise not_found()
    return Answer(200, git_commit(request, repository, made))


@plays("git/create-commit")
def create_commit(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    asked, objects = request.body, Objects(repository)
    if asked["tree"] not in objects.data["trees"]:
        raise Refusal(422, "Tree SHA does not exist")
    parents = asked.get("parents", [])
    if not set(parents) <= commits_of(repository):
        raise Refusal(422, "Parent SHA does not exist or is not a commit object")
    writer = state.user(request.login)
    email = f"{writer['id']}+{writer['login']}@users.noreply.github.com"
    author = {"name": writer["login"], "email": email} | asked.get("author", {})
    committer = asked.get("committer", {})
    sha = objects.add_commit(asked["tree"], parents, asked["message"], author, committer)
    return Answer(201, git_commit(request, repository, objects.data["commits"][sha]))


def _tree(request: Request, repository: Repository, sha: str, deep: bool) -> Data:
    objects = Objects(repository)
    entries: list[tuple[str, str, str]] = (
        [(path, *known) for path, known in objects.files(sha).items()]
        if deep
        else [(path, mode, name) for path, mode, name in objects.data["trees"][sha]]
    )
    shown = []
    for path, mode, name in entries:
        entry: Data = {"path": path, "mode": mode, "type": kind(mode), "sha": name}
        entry["url"] = url(request, repository, f"{kind(mode)}s/{name}")
        content = objects.blob(name)
        shown.append(entry | ({"size": len(content)} if content is not None else {}))
    tree_url = url(request, repository, f"trees/{sha}")
    return {"sha": sha, "url": tree_url, "truncated": False, "tree": shown}


@plays("git/get-tree")
def get_tree(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    git = repository.data["git"]
    name = request.params["tree_sha"]
    name = git["refs"].get(f"refs/heads/{name}", name)
    name = git["commits"][name]["tree"] if name in git["commits"] else name
    if name not in git["trees"]:
        raise not_found()
    return Answer(200, _tree(request, repository, name, "recursive" in request.query))


@plays("git/create-tree")
def create_tree(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    objects, asked = Objects(repository), request.body
    base = asked.get("base_tree")
    base = objects.data["commits"].get(base, {}).get("tree", base)
    if base is not None and base not in objects.data["trees"]:
        raise Refusal(422, "base_tree is not a valid tree oid")
    files = objects.files(base) if base else {}
    for entry in asked["tree"]:
        path, mode = entry["path"], entry.get("mode", "100644")
        if path.startswith("/") or ".." in path.split("/") or ".git" in path.split("/"):
            raise Refusal(422, "tree.path contains a malformed path component")
        if "content" in entry and "sha" in entry:
            raise Refusal(422, "Must supply either tree.sha or tree.content")
        if "content" in entry:
            files[path] = (mode, objects.add_blob(entry["content"].encode()))
        elif entry.get("sha") is None:
            if path not in files:
                raise Refusal(422, "GitRPC::BadObjectState")
            del files[path]
        elif mode == "040000" and entry["sha"] in objects.data["trees"]:
            files |= objects.files(entry["sha"], f"{path}/")
        elif objects.has(entry["sha"]):
            files[path] = (mode, entry["sha"])
        else:
            raise Refusal(422, f"tree.sha {entry['sha']} is not a valid {kind(mode)}")
    return Answer(201, _tree(request, repository, objects.add_tree(files), deep=False))


@plays("git/create-blob")
def create_blob(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    content = request.body["content"].encode()
    if request.body.get("encoding", "utf-8") == "base64":
        try:
            content = base64.b64decode(content, validate=False)
        except binascii.Error:
            raise invalid("Blob", "content", "invalid") from None
    sha = Objects(repository).add_blob(content)
    return Answer(201, {"sha": sha, "url": url(request, repository, f"blobs/{sha}")})


@plays("git/get-blob")
def get_blob(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    sha = request.params["file_sha"]
    content = Objects(repository).blob(sha)
    if content is None:
        raise not_found()
    if "raw" in request.accept:
        return Answer(200, content, {"Content-Type": "application/vnd.github.raw"})
    shown = {
        "sha": sha,
        "node_id": f"B_{sha}",
        "url": url(request, repository, f"blobs/{sha}"),
        "size": len(content),
        "content": base64.encodebytes(content).decode(),
        "encoding": "base64",
    }
    return Answer(200, shown)


@plays("repos/list-branches")
def list_branches(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    heads = {
        name.removeprefix("refs/heads/"): sha
        for name, sha in sorted(_refs(repository).items())
        if name.startswith("refs/heads/")
    }
    part, headers = page(request, list(heads))
    shown = []
    for name in part:
        commit = {"sha": heads[name], "url": url(request, repository, f"commits/{heads[name]}")}
        shown.append({"name": name, "commit": commit, "protected": False})
    return Answer(200, shown, headers)
