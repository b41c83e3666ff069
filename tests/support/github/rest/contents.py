"""Files of a branch, read and written one at a time."""

from __future__ import annotations

import base64
import binascii

from .. import views
from ..exchange import Answer, Refusal, Request, not_found, plays
from ..objects import Objects
from ..state import Data, Repository, State
from .common import commit_of, repository_of
from .git import git_commit, url
from .pulls import commit as listed_commit

#: Beyond this the API leaves the content out.
LARGEST_CONTENT = 1024 * 1024


def _place(request: Request, repository: Repository, path: str, ref: str, kind: str) -> Data:
    api = views.repository_url(request, repository.name)
    word = "tree" if kind == "dir" else "blob"
    return {
        "name": path.rsplit("/", maxsplit=1)[-1],
        "path": path,
        "type": kind,
        "url": f"{api}/contents/{path}?ref={ref}",
        "html_url": f"{request.site}/{repository.name}/{word}/{ref}/{path}",
    }


def _entry(
    request: Request, repository: Repository, path: str, ref: str, sha: str, size: int
) -> Data:
    made = _place(request, repository, path, ref, "file")
    raw = f"{request.site}/{repository.name}/raw/{ref}/{path}"
    git_url = url(request, repository, f"blobs/{sha}")
    links = {"self": made["url"], "git": git_url, "html": made["html_url"]}
    more = {"sha": sha, "size": size, "git_url": git_url, "download_url": raw, "_links": links}
    return made | more


def _folder(request: Request, repository: Repository, path: str, ref: str) -> Data:
    made = _place(request, repository, path, ref, "dir")
    git_url = url(request, repository, f"trees/{ref}")
    links = {"self": made["url"], "git": git_url, "html": made["html_url"]}
    more = {"sha": ref, "size": 0, "git_url": git_url, "download_url": None, "_links": links}
    return made | more


@plays("repos/get-content")
def get(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    objects = Objects(repository)
    ref = request.query.get("ref", repository.data["default_branch"])
    commit = objects.data["commits"].get(commit_of(repository, ref) or "")
    if commit is None:
        known = bool(objects.data["refs"])
        raise Refusal(404, f"No commit found for the ref {ref}" if known else "Not Found")
    path = request.params["path"].strip("/")
    files = objects.files(commit["tree"])
    if path not in files:
        return _list(request, repository, path, ref)
    sha = files[path][1]
    content = objects.blob(sha) or b""
    if "raw" in request.accept:
        return Answer(200, content, {"Content-Type": "application/vnd.github.raw"})
    shown = _entry(request, repository, path, ref, sha, len(content))
    if len(content) > LARGEST_CONTENT:
        return Answer(200, shown | {"content": "", "encoding": "none"})
    text = base64.encodebytes(content).decode()
    return Answer(200, shown | {"content": text, "encoding": "base64"})


def _list(request: Request, repository: Repository, path: str, ref: str) -> Answer:
    objects = Objects(repository)
    files = objects.files(objects.data["commits"][commit_of(repository, ref)]["tree"])
    prefix = f"{path}/" if path else ""
    shown: dict[str, Data] = {}
    for name, (_, sha) in files.items():
        if name.startswith(prefix):
            first, below, _ = name.removeprefix(prefix).partition("/")
            size = len(objects.blob(sha) or b"")
            shown[first] = (
                _folder(request, repository, prefix + first, ref)
                if below
                else _entry(request, repository, name, ref, sha, size)
            )
    if not shown:
        raise not_found()
    return Answer(200, list(shown.values()))


def _branch(repository: Repository, asked: Data) -> tuple[str, str | None]:
    """The branch to write, and its tip; an empty repository has none."""
    branch = str(asked.get("branch", repository.data["default_branch"]))
    tip: str | None = repository.data["git"]["refs"].get(f"refs/heads/{branch}")
    if tip is None and repository.data["git"]["refs"]:
        raise Refusal(404, f"Branch {branch} not found")
    return branch, tip


def _current(repository: Repository, tip: str | None, path: str) -> str | None:
    objects = Objects(repository)
    if tip not in objects.data["commits"]:
        return None
    entry = objects.files(objects.data["commits"][tip]["tree"]).get(path)
    return entry[1] if entry else None


def _who(state: State, request: Request, asked: Data) -> Data:
    writer = state.user(request.login)
    email = f"{writer['id']}+{writer['login']}@users.noreply.github.com"
    own = {"name": writer["login"], "email": email}
    return {"author": own | asked.get("author", {}), "committer": asked.get("committer")}


def _check(path: str, current: str | None, given: str | None) -> None:
    if current is not None and given is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if given is not None and current != given:
        raise Refusal(409, f"{path} does not match {given}")


@plays("repos/create-or-update-file-contents")
def put(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    objects, asked, path = Objects(repository), request.body, request.params["path"]
    branch, tip = _branch(repository, asked)
    current = _current(repository, tip, path)
    _check(path, current, asked.get("sha"))
    try:
        content = base64.b64decode(asked["content"], validate=True)
    except binascii.Error:
        raise Refusal(422, "content is not valid Base64") from None
    who = _who(state, request, asked)
    made = objects.commit_files(branch, {path: content}, asked["message"], **who)
    sha = objects.add_blob(content)
    body = {
        "content": _entry(request, repository, path, branch, sha, len(content)),
        "commit": git_commit(request, repository, objects.data["commits"][made]),
    }
    return Answer(201 if current is None else 200, body)


@plays("repos/delete-file")
def delete(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    objects, asked, path = Objects(repository), request.body, request.params["path"]
    branch, tip = _branch(repository, asked)
    current = _current(repository, tip, path)
    if current is None:
        raise not_found()
    _check(path, current, asked["sha"])
    who = _who(state, request, asked)
    made = objects.commit_files(branch, {path: None}, asked["message"], **who)
    commit = git_commit(request, repository, objects.data["commits"][made])
    return Answer(200, {"content": None, "commit": commit})


@plays("repos/get-branch")
def get_branch(state: State, request: Request) -> Answer:
    repository = repository_of(state, request)
    name = request.params["branch"]
    sha = repository.data["git"]["refs"].get(f"refs/heads/{name}")
    if sha is None:
        raise Refusal(404, "Branch not found")
    made = repository.data["git"]["commits"][sha]
    api = f"{views.repository_url(request, repository.name)}/branches/{name}"
    body = {
        "name": name,
        "commit": listed_commit(state, request, repository, made),
        "_links": {"self": api, "html": f"{request.site}/{repository.name}/tree/{name}"},
        "protected": False,
        "protection": {"enabled": False},
        "protection_url": f"{api}/protection",
    }
    return Answer(200, body)
