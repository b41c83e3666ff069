"""The Action's inputs: what is read, what is refused, and that no token stays behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_gate.github.settings import Inputs, SettingsError, read
from ci_gate.shards import Shard

SHA = "a" * 40


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    workspace = tmp_path / "workspace"
    (workspace / "backend").mkdir(parents=True)
    (workspace / "gate.yml").write_text("version: 1\n")
    return {
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "octo/app",
        "GITHUB_SHA": SHA,
        "GITHUB_RUN_ID": "17",
        "INPUT_TOKEN": "ghs_secret",
    }


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(environ)
    return list(caught.value.problems)


def test_defaults(environ: dict[str, str]) -> None:
    settings = read(environ)
    assert settings.inputs == Inputs()
    assert settings.api_url == "https://api.github.com"
    assert settings.graphql_url == "https://api.github.com/graphql"
    assert settings.run_url == "https://github.com/octo/app/actions/runs/17"
    assert settings.run_attempt == 1
    assert settings.output_path is None
    assert settings.root == settings.workspace


def test_enterprise_server_has_its_own_graphql_address(environ: dict[str, str]) -> None:
    environ["GITHUB_API_URL"] = "https://git.example.com/api/v3/"
    assert read(environ).graphql_url == "https://git.example.com/api/graphql"


def test_every_input(environ: dict[str, str]) -> None:
    environ |= {
        "INPUT_PATH": "backend/",
        "INPUT_CONFIG": "gate.yml",
        "INPUT_CONFIG_FROM": "head",
        "INPUT_BASE": "release/1.x",
        "INPUT_MODE": "all",
        "INPUT_FAIL-ON": "never",
        "INPUT_THRESHOLD": "warning",
        "INPUT_CONTRACT": "off",
        "INPUT_COMMENT": "findings",
        "INPUT_COMMENT_TEMPLATE": ".github/comment.md",
        "INPUT_REVIEW": "request-changes",
        "INPUT_CHECK": "FALSE",
        "INPUT_ANNOTATIONS": "on",
        "INPUT_SUMMARY": "False",
        "INPUT_SARIF-FILE": "out/gate.sarif",
        "INPUT_JSON_FILE": "./out/gate.json",
        "INPUT_MARKDOWN_FILE": "gate.md",
        "INPUT_SHARD": "2/3",
        "INPUT_SHARD-DIR": "parts",
        "INPUT_BUNDLE": "bundle",
        "INPUT_ARTIFACT": "gate-report",
        "INPUT_HISTORY_BRANCH": "ci-gate-history",
    }
    assert read(environ).inputs == Inputs(
        path="backend",
        name="backend",
        config="gate.yml",
        config_from="head",
        base="release/1.x",
        mode="all",
        fail_on="never",
        threshold="warning",
        contract="off",
        comment="findings",
        comment_template=".github/comment.md",
        review="request-changes",
        check=False,
        annotations="on",
        summary=False,
        sarif_file="out/gate.sarif",
        json_file="out/gate.json",
        markdown_file="gate.md",
        shard=Shard(2, 3),
        shard_dir="parts",
        bundle="bundle",
        artifact="gate-report",
        history_branch="ci-gate-history",
    )


def test_all_mistakes_at_once(environ: dict[str, str]) -> None:
    environ |= {
        "INPUT_FAIL-ON": "nwe",
        "INPUT_MODE": "Agents",
        "INPUT_CHECK": "yes",
        "INPUT_PATH": "../elsewhere",
        "INPUT_NAME": "a\nb",
        "INPUT_BASE": "--upload-pack=touch x",
    }
    assert problems(environ) == [
        "input 'path': '../elsewhere' is outside of the workspace; give it relative to the root of "
        "the checkout",
        "input 'name': 'a\\nb' is not one line of at most 80 characters",
        "input 'base': '--upload-pack=touch x' is not the name of a branch, a tag or a commit",
        "input 'mode': 'Agents' is not one of agents, all; did you mean 'agents'?",
        "input 'fail-on': 'nwe' is not one of new, all, never; did you mean 'new'?",
        "input 'check': 'yes' is neither true nor false",
    ]


@pytest.mark.parametrize("value", ["/etc/passwd", "..", "backend/../../x", "/github/workspace/x"])
@pytest.mark.parametrize("name", ["path", "config", "comment-template", "sarif-file", "bundle"])
def test_paths_stay_in_the_workspace(environ: dict[str, str], name: str, value: str) -> None:
    environ[f"INPUT_{name.upper()}"] = value
    assert [line for line in problems(environ) if f"input '{name}'" in line and "outside" in line]


def test_absolute_path_in_the_workspace(environ: dict[str, str]) -> None:
    environ["INPUT_PATH"] = f"{environ['GITHUB_WORKSPACE']}/backend"
    assert read(environ).inputs.path == "backend"


def test_links_are_followed_before_paths_are_judged(environ: dict[str, str]) -> None:
    workspace = Path(environ["GITHUB_WORKSPACE"])
    (workspace / "out").symlink_to("/tmp")
    (workspace / "inner").symlink_to("backend")
    environ["INPUT_SARIF_FILE"] = "out/x.sarif"
    environ["INPUT_JSON_FILE"] = "inner/x.json"
    environ["INPUT_MARKDOWN_FILE"] = ".git/hooks/post-checkout"
    assert [line.split(";")[0] for line in problems(environ)] == [
        "input 'sarif-file': 'out/x.sarif' is outside of the workspace",
        "input 'json-file': 'inner/x.json' goes through a symbolic link",
        "input 'markdown-file': '.git/hooks/post-checkout' is not a place to write a report to",
    ]


def test_workspace_behind_a_link(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(environ["GITHUB_WORKSPACE"])
    environ |= {"GITHUB_WORKSPACE": str(tmp_path / "link"), "INPUT_JSON_FILE": "x.json"}
    assert read(environ).inputs.json_file == "x.json"


def test_nothing_checked_out(environ: dict[str, str]) -> None:
    environ["INPUT_PATH"] = "gone"
    assert "actions/checkout" in problems(environ)[0]
    environ["GITHUB_EVENT_NAME"] = "workflow_run"
    assert read(environ | {"INPUT_TOKEN": "t"}).inputs.path == "gone"


def test_outside_of_actions() -> None:
    with pytest.raises(SettingsError, match=r"GITHUB_RUN_ID are not set; elsewhere use `ci-gate"):
        read({"HOME": "/root"})


def test_variables_of_the_runner_are_checked(environ: dict[str, str]) -> None:
    environ |= {"GITHUB_SHA": "main", "GITHUB_RUN_ID": "x", "GITHUB_SERVER_URL": "ftp://x"}
    assert [line.split(":")[0] for line in problems(environ)] == [
        "GITHUB_SHA",
        "GITHUB_RUN_ID",
        "GITHUB_SERVER_URL",
    ]


def test_token_leaves_the_environment(environ: dict[str, str]) -> None:
    environ |= {
        "GITHUB_TOKEN": "ghs_other",
        "MY_COPY": "ghs_secret",
        "ACTIONS_RUNTIME_TOKEN": "eyJ",
        "COPY_OF_RUNTIME": "eyJ",
        "HOME": "/root",
    }
    settings = read(environ)
    assert settings.token == "ghs_secret"
    assert "ghs_secret" not in repr(settings)
    assert not [key for key, value in environ.items() if "ghs_" in value or "eyJ" in value]
    assert environ["HOME"] == "/root"


def test_empty_token_takes_nothing_away(environ: dict[str, str]) -> None:
    environ |= {"INPUT_TOKEN": "", "GITHUB_TOKEN": "", "EMPTY": ""}
    assert read(environ).token is None
    assert "EMPTY" in environ


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: prctl(2)")
def test_memory_is_private() -> None:
    """A process that is not dumpable shows its memory and first environment to nobody else."""
    dumpable = "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # PR_GET_DUMPABLE
    program = f"""
import ctypes, sys
sys.path[:] = {sys.path!r}
from ci_gate.github.settings import keep_memory_private
{dumpable}
keep_memory_private()
{dumpable}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["1", "0"]


@given(st.dictionaries(st.sampled_from(["path", "base", "name", "config", "artifact", "mode"]),
                       st.text(st.characters(exclude_characters="\0"))))  # fmt: skip
def test_any_text_is_read_or_refused(inputs: dict[str, str]) -> None:
    environ = {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
    environ |= {
        "GITHUB_WORKSPACE": "/",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": "/x",
        "GITHUB_REPOSITORY": "octo/app",
        "GITHUB_SHA": SHA,
        "GITHUB_RUN_ID": "1",
    }
    try:
        settings = read(environ)
    except SettingsError as error:
        assert all("\n" not in line for line in error.problems)
    else:
        assert (settings.workspace / settings.inputs.path).is_dir()


def test_a_path_too_long_for_the_system_is_no_folder(environ: dict[str, str]) -> None:
    (problem,) = problems(environ | {"INPUT_PATH": "a" * 5000})
    assert problem.startswith("input 'path': 'aaa")
    assert "is no folder of the workspace" in problem
    assert len(problem) < 1000


def test_where_the_action_is_from(environ: dict[str, str]) -> None:
    assert (read(dict(environ)).tool_url, read(dict(environ)).rules_url) == ("", "")
    environ |= {"GITHUB_ACTION_REPOSITORY": "octo/gate", "GITHUB_ACTION_REF": "v1.2.3"}
    settings = read(dict(environ))
    assert settings.tool_url == "https://github.com/octo/gate"
    assert settings.rules_url == "https://github.com/octo/gate/blob/v1.2.3/docs/rules"
    environ["GITHUB_ACTION_REPOSITORY"] = "octo/gate)[x](y"
    assert read(environ).rules_url == ""
