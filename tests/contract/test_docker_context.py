"""What the engine's builder is sent. No engine is needed."""

from __future__ import annotations

import tarfile
import time
from pathlib import Path

import pytest

from ci_gate.contract.service.docker_context import build_context
from ci_gate.contract.service.interface import ServiceError
from support.engine import write


def sent(root: Path, dockerfile: str = "Dockerfile", context: str = ".") -> list[str]:
    return [item.name for item in members(root / context, root / dockerfile) if not item.isdir()]


def members(context: Path, dockerfile: Path) -> list[tarfile.TarInfo]:
    with (
        build_context(context, dockerfile) as (stream, _),
        tarfile.open(fileobj=stream) as archive,
    ):
        return archive.getmembers()


def test_ignored_files_stay_behind(tmp_path: Path) -> None:
    ignore = (
        "# notes\n**/*.pyc\n/src/a.py\nkeep/\n!keep/this\n ./gone \n[z-a]\n[^t]x\n"
        "star\\*\n..\n/\n!\nDockerfile\n"
    )
    names = ("Dockerfile", "a.pyc", "src/a.py", "src/b.py", "src/deep/b.pyc", "keep/this")
    more = ("keep/other", "gone/x", "tx", "ux", "star*", "stars", ".git/config")
    root = write(tmp_path, {**dict.fromkeys((*names, *more), ""), ".dockerignore": ignore})
    assert sent(root) == [
        ".dockerignore", "Dockerfile", "stars", "tx", "src/b.py", "keep/this", ".git/config",
    ]  # fmt: skip


def test_no_pattern_takes_long(tmp_path: Path) -> None:
    ignore = "*a" * 40 + "b\n" + "**/" * 40 + "b\n" + "[" * 1000 + "\n"
    root = write(tmp_path, {".dockerignore": ignore, "a" * 200: "", "/".join(["a"] * 500): ""})
    began = time.monotonic()
    assert len(sent(root)) == 3
    assert time.monotonic() - began < 10


def test_what_is_no_text_breaks_nothing(tmp_path: Path) -> None:
    root = write(tmp_path, {"api/x": ""})
    (root / "api/.dockerignore").write_bytes(b"\xff\xfe\n\0\n")
    (root / "Dockerfile").write_bytes(b"# \xff\n")
    with (
        build_context(root / "api", root / "api/../Dockerfile") as (stream, name),
        tarfile.open(fileobj=stream) as archive,
    ):
        assert set(archive.getnames()) == {".dockerignore", "x", name}
        item = archive.extractfile(name)
        assert item is not None and item.read() == b"# \xff\n"


def test_links_are_sent_as_links(tmp_path: Path) -> None:
    root = write(tmp_path, {"Dockerfile": ""})
    (root / "shadow").symlink_to("/etc/shadow")
    (root / "etc").symlink_to("/etc")
    found = members(root, root / "Dockerfile")
    assert {item.name: item.linkname for item in found if item.issym()} == {
        "shadow": "/etc/shadow",
        "etc": "/etc",
    }


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({".dockerignore/x": ""}, r"\.dockerignore cannot be read: it is not a file"),
        ({".dockerignore": "a\n" * 1001}, r"\.dockerignore has more than 1,000 patterns"),
        ({".dockerignore": "a" * 70_000}, r"\.dockerignore has more than 1,000 patterns"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    root = write(tmp_path, {"Dockerfile": "", **files})
    with pytest.raises(ServiceError, match=words):
        sent(root)
