"""Who wrote the change. The marks and the false matches are those seen in real repositories."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ci_gate.config import parse, schema
from ci_gate.github.authorship import Authorship, Evidence, judge, known_agents, sentences
from ci_gate.github.checkout import Commit
from ci_gate.github.event import Actor, Event, PullRequest

PERSON = "ada@example.org"
CLAUDE = "Co-Authored-By: Claude Opus 4.6 (1M context) <noreply@anthropic.com>"


def commit(message: str = "Add orders", author: str = PERSON, committer: str = PERSON) -> Commit:
    return Commit("a" * 40, author, committer, message)


def event(author: Actor | None = None, **fields: Any) -> Event:
    change = PullRequest(7, author or Actor("ada", 1), "a" * 40, fields.pop("branch", "orders"),
                         "octo/app", "main", "b" * 40, **fields)  # fmt: skip
    return Event("pull_request", "octo/app", "main", change, base="b" * 40)


def agents(*commits: Commit, **fields: Any) -> tuple[str, ...]:
    return judge(event(**fields), commits).agents


def test_evidence_is_told_in_words() -> None:
    commits = [commit(f"Add orders\n\n{CLAUDE}")] * 3 + [commit()]
    found = judge(event(branch="claude/orders-1a2b3c"), commits)
    address = "noreply@anthropic.com"
    assert found == Authorship(
        ("Claude Code",),
        (
            Evidence("Claude Code", "trailer",
                     f"trailer `Co-authored-by: … <{address}>` in 3 of 4 commits", True),
            Evidence("Claude Code", "branch", "branch named `claude/*`", True),
        ),
    )  # fmt: skip
    assert found.by_agent
    assert not judge(event(), [commit()]).by_agent


def test_sentences() -> None:
    trailer = "trailer `Co-authored-by: … <noreply@anthropic.com>` in 1 of 1 commit"
    marked = judge(event(branch="cursor-x"), [commit(f"x\n\n{CLAUDE}")])
    assert sentences(marked) == (f"Claude Code: {trailer}.",)
    weak = judge(event(branch="cursor-x"), [commit()])
    assert sentences(weak) == (
        "No coding agent is sure to have written this; weak marks: branch named `cursor-*` "
        "(Cursor).",
    )
    assert sentences(judge(event(), [commit()])) == ()


@pytest.mark.parametrize(
    ("trailer", "agent"),
    [
        ("Co-authored-by: Claude <noreply@anthropic.com>", "Claude Code"),
        ("co-authored-by: whatever <NOREPLY@anthropic.com>", "Claude Code"),
        ("Claude-Session: https://claude.ai/code/session_01", "Claude Code"),
        ("Co-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>", "Copilot"),
        ("Co-authored-by: Copilot <copilot@github.com>", "Copilot"),
        ("Agent-Logs-Url: https://github.com/octo/app/sessions/1", "Copilot"),
        ("Co-authored-by: Cursor <cursoragent@cursor.com>", "Cursor"),
        ("Made-with: Cursor", "Cursor"),
        ("Co-authored-by: Codex <noreply@openai.com>", "Codex"),
        ("Co-authored-by: aider (gpt-5) <aider@aider.chat>", "Aider"),
        ("Co-authored-by: openhands <openhands@all-hands.dev>", "OpenHands"),
        ("Amp-Thread-ID: https://ampcode.com/threads/T-1", "Amp"),
        ("Assisted-by: Crush <crush@charm.land>", "Crush"),
        ("Generated-By: PostHog Code", "PostHog Code"),
        ("Replit-Commit-Author: Agent", "Replit Agent"),
        ("Co-Authored-By: Oz <oz-agent@warp.dev>", "Warp"),
        ("Co-Authored-By: gemini-cli <218195315+gemini-cli@users.noreply.github.com>",
         "Gemini CLI"),
        ("Co-Authored-By: claude[bot] <41898282+claude[bot]@users.noreply.github.com>",
         "Claude Code"),
    ],
)  # fmt: skip
def test_trailers(trailer: str, agent: str) -> None:
    assert agents(commit(f"Add orders\n\nWhy.\n\n{trailer}\n")) == (agent,)


@pytest.mark.parametrize(
    ("address", "agent"),
    [
        ("noreply@anthropic.com", "Claude Code"),
        ("41898282+claude[bot]@users.noreply.github.com", "Claude Code"),
        ("209825114+claude[bot]@users.noreply.github.com", "Claude Code"),
        ("198982749+Copilot@users.noreply.github.com", "Copilot"),
        ("131295404+codegen-sh[bot]@users.noreply.github.com", "Codegen"),
        ("158243242+devin-ai-integration[bot]@users.noreply.github.com", "Devin"),
        ("161369871+google-labs-jules[bot]@users.noreply.github.com", "Jules"),
        ("gemini-cli[bot]@users.noreply.github.com", "Gemini CLI"),
        ("138933559+factory-droid[bot]@users.noreply.github.com", "Factory Droid"),
    ],
)
def test_authors_and_committers(address: str, agent: str) -> None:
    assert agents(commit(author=address)) == (agent,)
    assert agents(commit(committer=address)) == (agent,)


@pytest.mark.parametrize(
    "found",
    [
        commit(author="someone@anthropic.com"),  # people work there
        commit("Fix\n\nCo-authored-by: Claude <claude@example.org>"),  # a name is no mark
        commit(author="41898282+github-actions[bot]@users.noreply.github.com"),
        commit(author="agent@example.com"),
        commit(author="49699333+dependabot[bot]@users.noreply.github.com"),
        commit("x\n\nSigned-off-by: dependabot[bot] <support@github.com>"),
        commit(author="29139614+renovate[bot]@users.noreply.github.com"),
        commit(committer="noreply@github.com"),  # merged in the browser
        commit("x\n\nCo-authored-by: gemini-code-assist[bot] "
               "<176961590+gemini-code-assist[bot]@users.noreply.github.com>"),
        commit("x\n\nCo-authored-by: Copilot Autofix powered by AI "
               "<62310815+github-advanced-security[bot]@users.noreply.github.com>"),
        commit("x\n\nCo-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>"),
        commit("x\n\nReviewed-by: Claude <noreply@anthropic.com>"),
        commit("x\n\nReplit-Commit-Author: Deployment"),
        commit("Strip `Co-Authored-By: Claude <noreply@anthropic.com>` from messages"),
        commit(f"Explain trailers\n\n    {CLAUDE}\n"),
        commit(f"Explain trailers\n\n> {CLAUDE}\n"),
        commit(f"Explain trailers\n\n```\n{CLAUDE}\n```\n"),
        commit("Wait for the agent\n\nClaude-Sessions: many"),
    ],
)  # fmt: skip
def test_commits_that_show_no_agent(found: Commit) -> None:
    assert agents(found) == ()


@pytest.mark.parametrize(
    ("branch", "agent"),
    [
        ("codex/add-orders", "Codex"),
        ("claude/issue-4221-20260818-1112", "Claude Code"),
        ("copilot/fix-73f8aaa3", "Copilot"),
        ("devin/1760116875-add-tests", "Devin"),
        ("cursor/add-orders-9546", "Cursor"),
        ("codegen-bot/3710bb0b", "Codegen"),
        ("openhands-fix-issue-12", "OpenHands"),
        ("posthog-code/orders", "PostHog Code"),
    ],
)
def test_branches(branch: str, agent: str) -> None:
    found = judge(event(branch=branch), [commit()])
    assert found.agents == (agent,)
    assert [item.kind for item in found.evidence] == ["branch"]


@pytest.mark.parametrize(
    "branch",
    ["cursor-claude", "cursor/pagination", "ai/search", "agent/logs", "worktree-api-v1",
     "devin/orders", "seer/fix-n-plus-one", "codegen-client"],
)  # fmt: skip
def test_ambiguous_branches_are_told_and_decide_nothing(branch: str) -> None:
    found = judge(event(branch=branch), [commit()])
    assert found.agents == ()
    assert [item.strong for item in found.evidence] == [False]


@pytest.mark.parametrize("branch", ["fix/codex/x", "claudette", "codex", "feature/claude"])
def test_other_branches(branch: str) -> None:
    assert judge(event(branch=branch), [commit()]) == Authorship()


def test_many_weak_marks_are_not_a_strong_one() -> None:
    suggested = "x\n\nCo-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>"
    found = judge(event(branch="cursor-x", labels=("codex",)), [commit(suggested)] * 5)
    assert len(found.evidence) == 3
    assert found.agents == ()


@pytest.mark.parametrize(
    ("author", "agent"),
    [
        (Actor("Copilot", 198982749, "Bot", "copilot-swe-agent"), ("Copilot",)),
        (Actor("devin-ai-integration[bot]", 1, "Bot"), ("Devin",)),
        (Actor("seer-by-sentry[bot]", 1, "Bot"), ("Seer",)),
        (Actor("app-of-ours", 1, "Bot", "claude"), ("Claude Code",)),
        (Actor("dependabot[bot]", 49699333, "Bot", "dependabot"), ()),
        (Actor("claude", 2, "User"), ()),
        (Actor("ghost"), ()),
    ],
)
def test_openers(author: Actor, agent: tuple[str, ...]) -> None:
    assert agents(commit(), author=author) == agent


@pytest.mark.parametrize(
    ("line", "agent"),
    [
        ("🤖 Generated with [Claude Code](https://claude.com/claude-code)", "Claude Code"),
        ("🤖 Generated with [Claude Code](https://claude.ai/code)", "Claude Code"),
        ("*Generated with Claude Code*", "Claude Code"),
        ("[Codex Task](https://chatgpt.com/codex/tasks/task_e_1)", "Codex"),
        ("<!-- START COPILOT CODING AGENT TIPS -->", "Copilot"),
        ("<!-- CURSOR_AGENT_PR_BODY_BEGIN -->", "Cursor"),
        ("**Link to Devin run:** https://app.devin.ai/sessions/d94f", "Devin"),
        ("*PR created automatically by Jules for task [1](https://jules.google.com/task/1)*",
         "Jules"),
        ("Automatic fix generated by [OpenHands](https://github.com/All-Hands-AI/OpenHands/) 🙌",
         "OpenHands"),
    ],
)  # fmt: skip
def test_descriptions(line: str, agent: str) -> None:
    assert agents(commit(), body=f"Adds orders.\r\n\r\n---\r\n{line}\r\n") == (agent,)
    assert agents(commit(), body=f"Adds orders.\n```\nopen, never closed\n{line}\n") == (agent,)


@pytest.mark.parametrize(
    "body",
    [
        "> 🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nWho wrote this?",
        "```md\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n```",
        "~~~~\n```\nGenerated with Claude Code\n~~~~\n",
        "    Generated with Claude Code",
        "`Generated with Claude Code` is gone from commits.",
        "We no longer write 'Generated with Claude Code'.",
        "<!-- Hint: keep the line\nGenerated with Claude Code\nif it applies -->\nAdds orders.",
        "Fixes what Claude Code wrote.",
    ],
)
def test_what_is_quoted_in_the_description_is_no_mark(body: str) -> None:
    assert judge(event(body=body), [commit()]) == Authorship()


def test_commits_squashed_into_one() -> None:
    message = f"Orders (#7)\n\n* Add orders\n\n{CLAUDE}\n\n* Fix them\n\nBy hand.\n"
    assert agents(commit(message)) == ("Claude Code",)


def test_the_best_shown_comes_first() -> None:
    cursor = "x\n\nCo-authored-by: Cursor <cursoragent@cursor.com>"
    commits = [commit(f"x\n\n{CLAUDE}"), commit(cursor), commit(cursor)]
    assert agents(*commits) == ("Cursor", "Claude Code")
    opener = Actor("claude[bot]", 1, "Bot", "claude")
    assert agents(*commits, author=opener) == ("Claude Code", "Cursor")


def test_commits_alone_tell_in_a_merge_queue() -> None:
    queued = Event("merge_group", "octo/app", "main", base="b" * 40)
    assert judge(queued, [commit(f"x\n\n{CLAUDE}")]).agents == ("Claude Code",)


def test_own_agents_and_agents_switched_off() -> None:
    config = parse(
        b"""
agents:
  cursor: false
  claude-code: {branches: ["robot/*"]}
  porter:
    name: Porter
    emails: [porter@example.com]
    weak: {labels: [automated]}
""",
        ".ci-gate.yml",
    )
    cursor = commit("x\n\nMade-with: Cursor")
    found = judge(event(branch="robot/x", labels=("Automated",)), [cursor], config.agents)
    assert found.agents == ("Claude Code",)
    assert [item.text for item in found.evidence] == ["branch named `robot/*`", "label `automated`"]
    ours = commit(author="Porter@example.com")
    assert judge(event(), [ours], config.agents).agents == ("Porter",)


def test_shipped_agents_are_written_as_users_write_theirs() -> None:
    text = resources.files("ci_gate.github").joinpath("agents.yml").read_text("utf-8")
    Draft202012Validator(schema()).validate({"agents": yaml.safe_load(text)})
    assert len(known_agents()) == text.count("\n  name: ")


def test_known_agents_are_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs/authorship.md").read_text("utf-8")
    listed = page.partition("Keys of the known ones")[2].partition("##")[0]
    assert re.findall(r"`([a-z-]+)`", listed) == sorted(known_agents())
    example = page.partition("```yaml\n")[2].partition("```")[0]
    assert set(parse(example.encode(), "authorship.md").agents) == {"porter", "claude-code",
                                                                    "cursor"}  # fmt: skip


def test_marks_are_told_apart() -> None:
    """No strong mark belongs to two agents."""
    owners: dict[tuple[str, str], str] = {}
    for key, agent in known_agents().items():
        for kind in agent.strong.__slots__:
            for mark in getattr(agent.strong, kind):
                assert owners.setdefault((kind, mark.lower()), key) == key


_TEXT = st.text(st.sampled_from("`~<!-->\n* :aCo-authored-by"), max_size=400)


@given(message=_TEXT, body=_TEXT, branch=st.text(max_size=20), email=st.text(max_size=30))
def test_any_text_is_judged(message: str, body: str, branch: str, email: str) -> None:
    found = judge(event(branch=branch, body=body), [commit(message, email, email)])
    json.dumps([item.text for item in found.evidence])


@pytest.mark.parametrize("line", ["<!--", "```x", "~~~~", "`" * 50, "<!-- -->", "> ", "a: <"])
def test_long_texts_take_no_long_time(line: str) -> None:
    text = f"{line}\n" * (65_536 // (len(line) + 1))
    assert judge(event(body=text), [commit(text)] * 3).agents == ()
    growing = "\n".join("`" * length + "x" for length in range(360, 3, -1))
    assert judge(event(body=growing), [commit(growing)]).agents == ()
