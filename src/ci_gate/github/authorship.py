"""Who wrote the change: a coding agent or not, and what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Final

from ci_gate.config_agents import Agent, Marks, build, merged
from ci_gate.data import dataclass
from ci_gate.github.checkout import Commit
from ci_gate.github.event import Actor, Event
from ci_gate.regex import regex


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mark. ``strong`` marks decide alone; weak ones never do, however many.

    ``text`` holds nothing of the pull request's own words but what equals the mark.
    """

    agent: str
    kind: str  # login, author, committer, trailer, branch, label, line
    text: str  # a sentence part: "trailer `Co-authored-by: … <noreply@…>` in 3 of 4 commits"
    strong: bool


@dataclass(frozen=True, slots=True)
class Authorship:
    """``agents``: those with a strong mark, the best shown first; empty: no agent is known."""

    agents: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def by_agent(self) -> bool:
        return bool(self.agents)


#: Trailers that name who wrote; others (Reviewed-by, Signed-off-by) do not say so.
_WRITERS: Final = frozenset({"co-authored-by", "assisted-by", "generated-by"})
_NOREPLY: Final = regex(r"\d+\+(.+@users\.noreply\.github\.com)")
_TRAILER: Final = regex(r" {0,3}([A-Za-z][A-Za-z0-9-]{0,60}) ?:\s+(.+)")
_ADDRESS: Final = regex(r"<([^<>\s]{3,320})>\s*$")
_COMMENT: Final = regex(r"<!--(?!.*-->)")  # one that goes on after the line
_FENCE: Final = regex(r" {0,3}(```+|~~~+)")
_NOT_OWN: Final = regex(r"\s{0,3}>|\t| {4}")
_BEFORE: Final = regex(r"^[^\w\[`'\"(/]+")  # pictures, bullets, the start of a comment
_MAX_LINE: Final = 1_000


def judge(
    event: Event, commits: Sequence[Commit], own: Mapping[str, Agent | None] | None = None
) -> Authorship:
    """Which agents left a mark on the change. ``own`` is the configuration's ``agents:``."""
    change = event.pull_request
    messages = [_Message(commit) for commit in commits]
    described = _lines_of(change.body) if change else ()
    found: list[tuple[Evidence, int]] = []
    for key, agent in merged(known_agents(), own or {}).items():
        name = agent.name or key
        proven: set[str] = set()  # kinds of marks: beside proof a weak one of its kind says nothing
        for strong, marks in ((True, agent.strong), (False, agent.weak)):
            seen = list(_in_commits(marks, messages))
            if change is not None:
                seen += _on_pull_request(marks, change.author, change.head_ref, change.labels)
                seen += (
                    ("line", f"line `{mark} …` in the description", 0)
                    for mark in marks.lines
                    if _starts(described, mark)
                )
            found += (
                (Evidence(name, kind, text, strong), count)
                for kind, text, count in seen
                if kind not in proven
            )
            proven.update(kind for kind, _, _ in seen)
    return Authorship(_ranked(found), tuple(item for item, _ in found))


def sentences(author: Authorship) -> tuple[str, ...]:
    """Who wrote the change and what shows it, a sentence for each agent; of several marks that do
    not decide, one sentence for all."""
    said = []
    for agent in author.agents:
        marks = [item.text for item in author.evidence if item.agent == agent and item.strong]
        said.append(f"{agent}: {'; '.join(marks)}.")
    if not said and author.evidence:
        marks = [f"{item.text} ({item.agent})" for item in author.evidence]
        said.append(
            f"No coding agent is sure to have written this; weak marks: {'; '.join(marks)}."
        )
    return tuple(said)


@cache
def known_agents() -> Mapping[str, Agent]:
    """The agents that are known without any configuration."""
    import yaml  # noqa: PLC0415  loaded only where it is needed

    text = resources.files("ci_gate.github").joinpath("agents.yml").read_text("utf-8")
    return {key: agent for key, agent in build(yaml.safe_load(text)).items() if agent}


def _ranked(found: Iterable[tuple[Evidence, int]]) -> tuple[str, ...]:
    """Who opened the pull request, then who wrote most of the commits."""
    weight: dict[str, tuple[bool, int, int]] = {}
    for item, count in found:
        if item.strong:
            login, commits, marks = weight.get(item.agent, (False, 0, 0))
            weight[item.agent] = (
                login or item.kind == "login", max(commits, count), marks + 1
            )  # fmt: skip
    return tuple(sorted(weight, key=lambda agent: (*(-value for value in weight[agent]), agent)))


#: Kind, sentence part, number of commits.
_Seen = tuple[str, str, int]


def _on_pull_request(
    marks: Marks, author: Actor, branch: str, labels: Sequence[str]
) -> Iterator[_Seen]:
    logins = {author.login.lower(), f"{author.app}[bot]".lower() if author.app else ""}
    yield from (("login", f"opened by `{login}`", 0)
                for login in marks.logins if login.lower() in logins)  # fmt: skip
    for pattern in marks.branches:
        if fnmatchcase(branch.lower(), pattern.lower()):
            yield "branch", f"branch named `{pattern}`", 0
            break
    present = {label.lower() for label in labels}
    yield from (("label", f"label `{label}`", 0)
                for label in marks.labels if label.lower() in present)  # fmt: skip


class _Message:
    """A commit with its text read once for all agents."""

    def __init__(self, commit: Commit) -> None:
        self.author = _addresses(commit.author_email)
        self.committer = _addresses(commit.committer_email)
        self.trailers: list[tuple[str, str]] = []
        self.writers: set[str] = set()
        lines = list(_own_lines(commit.message))
        self.lines = frozenset(_start(line) for line in lines)
        for line in lines:
            if match := _TRAILER.fullmatch(line):
                key, value = match[1].lower(), match[2].strip()
                self.trailers.append((key, value.lower()))
                if key in _WRITERS and (address := _ADDRESS.search(value)):
                    self.writers |= _addresses(address[1])

    def has_trailer(self, mark: str) -> bool:
        key, _, value = mark.lower().partition(":")
        return any(name == key and text.startswith(value.strip()) for name, text in self.trailers)


def _in_commits(marks: Marks, commits: Sequence[_Message]) -> Iterator[_Seen]:
    total = len(commits)
    for email in marks.emails:
        address = email.lower()
        authors = sum(address in commit.author for commit in commits)
        committers = sum(
            address in commit.committer and address not in commit.author for commit in commits
        )
        writers = sum(address in commit.writers for commit in commits)
        if authors:
            yield "author", f"author `{email}` of {_share(authors, total)}", authors
        if committers:
            yield "committer", f"committer `{email}` of {_share(committers, total)}", committers
        if writers:
            yield ("trailer", f"trailer `Co-authored-by: … <{email}>` in {_share(writers, total)}",
                   writers)  # fmt: skip
    for mark in marks.trailers:
        if count := sum(commit.has_trailer(mark) for commit in commits):
            shown = mark if ":" in mark else f"{mark}: …"
            yield "trailer", f"trailer `{shown}` in {_share(count, total)}", count
    for mark in marks.lines:
        if count := sum(_starts(commit.lines, mark) for commit in commits):
            yield "line", f"line `{mark} …` in the message of {_share(count, total)}", count


def _share(count: int, total: int) -> str:
    return f"{count} of {total} commit{'' if total == 1 else 's'}"


def _addresses(email: str) -> frozenset[str]:
    """The address, and GitHub's noreply address without the account's number."""
    address = email.strip().lower()
    match = _NOREPLY.fullmatch(address)
    return frozenset({address, match[1]} if match else {address})


def _lines_of(text: str) -> frozenset[str]:
    return frozenset(_start(line) for line in _own_lines(text))


def _starts(lines: Iterable[str], mark: str) -> bool:
    return any(line.startswith(mark.lower()) for line in lines)


def _start(line: str) -> str:
    """The line as it is compared: no emphasis, nothing before its first word."""
    return _BEFORE.sub("", line.replace("*", ""), count=1).lower()


def _own_lines(text: str) -> Iterator[str]:
    """The lines that the writer says as their own: not those in a code block, in a quotation, or
    in a comment that runs over several lines (a template's hints). A code block or comment that
    never ends is none."""
    lines = [line[:_MAX_LINE] for line in text.splitlines()]
    endless: dict[str, int] = {}  # how an opening starts -> the shortest that finds no end
    at = 0
    while at < len(lines):
        line, end = lines[at], None
        opening = _FENCE.match(line)
        mark = opening[1] if opening else "<!--" if _COMMENT.search(line) else ""
        if mark and len(mark) < endless.get(mark[0], _MAX_LINE):
            end = next((place for place in range(at + 1, len(lines)) if _ends(lines[place], mark)),
                       None)  # fmt: skip
            if end is None:
                endless[mark[0]] = len(mark)
        if end is not None:
            at = end
        elif not _NOT_OWN.match(line):
            yield line
        at += 1


def _ends(line: str, mark: str) -> bool:
    if mark == "<!--":
        return "-->" in line
    return line.strip().startswith(mark) and not line.strip(f" \t{mark[0]}")
