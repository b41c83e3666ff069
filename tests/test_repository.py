"""The checkout as data, on real git repositories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ci_gate.git import Git, GitError
from ci_gate.repository import CommitTree, Filter, WorkTree, changes_since
from support.repositories import GitRepository

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def test_lists_tracked_and_new_files_but_not_ignored_ones(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path, {"a.py": "a = 1\n", ".gitignore": "secret.py\n"})
    repo.write({"new.py": "", "secret.py": "", "node_modules/x/index.js": "", "sub/b.ts": ""})
    assert WorkTree(tmp_path).files == [".gitignore", "a.py", "new.py", "sub/b.ts"]


def test_without_git_all_files_but_ignored_and_foreign_ones(tmp_path: Path) -> None:
    for path in ("a.py", "build/x.py", "node_modules/m/i.js", ".venv/lib/y.py", "s/b.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / ".gitignore").write_text("build/\n")
    assert WorkTree(tmp_path).files == [".gitignore", "a.py", "s/b.py"]


def test_include_and_exclude(tmp_path: Path) -> None:
    GitRepository(tmp_path, {"app/a.py": "", "app/gen/b.py": "", "web/c.ts": ""})
    tree = WorkTree(tmp_path, Filter(include=("app/",), exclude=("gen/",)))
    assert tree.files == ["app/a.py"]


def test_what_is_not_source_is_skipped_with_a_reason(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path)
    repo.write(
        {
            "big.py": b"x = '" + b"a" * (2 * 1024 * 1024) + b"'\n",
            "binary.py": b"\x00\x01\x02",
            "wide.py": "x = 1\n".encode("utf-16"),
            "picture.png": b"\x00\x01",
            "ok.py": "",
        }
    )
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "out.py").symlink_to("/etc/hostname")
    (tmp_path / "circle").symlink_to(".")
    tree = WorkTree(tmp_path)
    assert "ok.py" in tree.files
    assert {item.path: item.reason for item in tree.skipped} == {
        "big.py": "larger than 2 MiB",
        "binary.py": "binary",
        "wide.py": "UTF-16; save it as UTF-8",
        "loop.py": "symbolic link; its target is judged where it lies",
        "out.py": "symbolic link; its target is judged where it lies",
    }
    assert not any(item.failure for item in tree.skipped)


def test_files_that_vanish_or_turn_into_links_are_failures(tmp_path: Path) -> None:
    GitRepository(tmp_path, {"a.py": "", "b.py": ""})
    tree = WorkTree(tmp_path)
    assert len(tree.files) == 2
    (tmp_path / "a.py").unlink()
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").symlink_to("/etc/hostname")
    with pytest.raises(FileNotFoundError):
        tree.read("a.py")
    with pytest.raises(OSError, match="symbolic link"):
        tree.read("b.py")
    assert [(item.path, item.failure) for item in tree.skipped] == [("a.py", True), ("b.py", True)]


@pytest.mark.skipif(AS_ROOT, reason="root can read everything")
def test_unreadable_file_is_a_failure(tmp_path: Path) -> None:
    GitRepository(tmp_path, {"a.py": ""})
    (tmp_path / "a.py").chmod(0)
    tree = WorkTree(tmp_path)
    assert tree.files == []
    assert [(item.path, item.failure) for item in tree.skipped] == [("a.py", True)]


def test_undecodable_bytes_do_not_hide_a_file(tmp_path: Path) -> None:
    GitRepository(tmp_path, {"a.py": b"name = '\xe9'\n"})
    assert WorkTree(tmp_path).text("a.py") == "name = '\ufffd'\n"


def test_commit_tree_reads_objects_and_leaves_the_work_tree_alone(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path, {"a.py": "old\n", "dir/b.py": "b\n"})
    first = repo.git("rev-parse", "HEAD")
    repo.commit({"a.py": "new\n"})
    (tmp_path / "a.py").write_text("dirty\n")
    tree = CommitTree(Git(tmp_path), first)
    assert tree.files == ["a.py", "dir/b.py"]
    assert tree.text("a.py") == "old\n"
    assert (tmp_path / "a.py").read_text() == "dirty\n"


def test_commit_tree_of_a_directory_inside_the_repository(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path, {"api/app/a.py": "a\n", "web/b.ts": "b\n"})
    tree = CommitTree(Git(tmp_path / "api"), repo.git("rev-parse", "HEAD"))
    assert tree.files == ["app/a.py"]
    assert tree.text("app/a.py") == "a\n"


def test_changed_lines_and_renames(tmp_path: Path) -> None:
    body = "".join(f"line {n}\n" for n in range(30))
    repo = GitRepository(tmp_path, {"a.py": body, "old.py": body.upper(), "gone.py": "x\n"})
    base = repo.git("rev-parse", "HEAD")
    repo.git("mv", "old.py", "tab\tand é.py")
    repo.git("rm", "--quiet", "gone.py")
    repo.commit({"a.py": body.replace("line 3\n", "line three\n") + "more\n"})
    repo.write({"new.py": "x\ny\n", "tab\tand é.py": body.upper() + "END\n"})
    changes = changes_since(WorkTree(tmp_path), base)
    assert changes.lines["a.py"] == {4, 31}
    assert changes.lines["new.py"] >= {1, 2}
    assert changes.lines["tab\tand é.py"] == {31}
    assert changes.renames == {"tab\tand é.py": "old.py"}


def test_merge_base_is_where_the_branches_part(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path, {"a.py": ""})
    fork = repo.git("rev-parse", "HEAD")
    repo.git("switch", "--quiet", "--create", "feature")
    repo.commit({"b.py": ""})
    repo.git("switch", "--quiet", "main")
    repo.commit({"c.py": ""})
    repo.git("switch", "--quiet", "feature")
    assert Git(tmp_path).merge_base("main") == fork


@pytest.mark.parametrize(
    ("ref", "command"),
    [
        ("main2", "git fetch origin main2"),
        ("feature/x", "git fetch origin feature/x"),
        ("origin/main2", "git fetch origin main2"),
        ("refs/remotes/origin/a/b", "git fetch origin a/b"),
        ("upstream/main2", "git fetch upstream main2"),
    ],
)
def test_a_base_that_is_missing_can_be_fetched_as_told(
    tmp_path: Path, ref: str, command: str
) -> None:
    repository = GitRepository(tmp_path, {"a.py": "a = 1\n"})
    repository.git("remote", "add", "upstream", "https://example.org/x.git")
    with pytest.raises(GitError) as raised:
        Git(tmp_path).merge_base(ref)
    assert f"fetch it ({command}) or check out" in str(raised.value)


def test_merge_base_that_cannot_be_had_says_what_to_do(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path / "full", {"a.py": ""})
    repo.git("switch", "--quiet", "--create", "feature")
    for n in range(3):
        repo.commit({"b.py": str(n)})
    with pytest.raises(GitError, match=r"'nowhere' is not in this clone; fetch it"):
        Git(repo.root).merge_base("nowhere")
    with pytest.raises(GitError, match="is not in this clone"):
        Git(repo.root).merge_base("--output=x")

    shallow = tmp_path / "shallow"
    url = repo.root.as_uri()
    repo.git("clone", "--quiet", "--depth=1", "--branch=feature", url, str(shallow))
    clone = GitRepository(tmp_path / "shallow")
    clone.git("fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
    with pytest.raises(GitError, match="the clone is shallow"):
        Git(shallow).merge_base("main")


def test_hooks_and_monitors_of_the_repository_do_not_run(tmp_path: Path) -> None:
    repo = GitRepository(tmp_path / "r", {"a.py": "", ".gitattributes": "*.py diff=evil\n"})
    ran = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    repo.git("config", "core.fsmonitor", str(script))
    repo.git("config", "diff.evil.textconv", str(script))
    repo.git("config", "diff.external", str(script))
    repo.git("config", "filter.evil.clean", str(script))
    repo.git("config", "filter.worse.process", str(script))
    repo.git("config", "filter.worse.required", "true")
    base = repo.git("-c", "core.fsmonitor=false", "rev-parse", "HEAD")
    ran.unlink(missing_ok=True)
    repo.write({"a.py": "changed\n"})
    for attributes in ("*.py diff=evil filter=evil\n", "*.py filter=worse\n"):
        repo.write({".gitattributes": attributes})
        tree = WorkTree(repo.root)
        assert "a.py" in tree.files
        assert changes_since(tree, base).lines["a.py"] == {1}
        assert not ran.exists()


def test_another_repository_inside_is_told_of(tmp_path: Path) -> None:
    inner = GitRepository(tmp_path / "inner", {"a.py": "x = 1\n"})
    repo = GitRepository(tmp_path / "outer", {"b.py": ""})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", str(inner.root), "lib")
    base = repo.commit({})
    tree = WorkTree(repo.root)
    assert "lib/a.py" not in tree.files
    assert [(item.path, item.reason) for item in tree.skipped] == [
        ("lib", "another repository (a submodule)")
    ]
    GitRepository(repo.root / "lib").commit({"a.py": "x = 2\n"})
    assert "lib" in changes_since(WorkTree(repo.root), base).lines
