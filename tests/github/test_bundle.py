"""What an untrusted run hands over: nothing in it is taken on trust."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ci_gate.git import Hunk
from ci_gate.github.bundle import Bundle, BundleError, read, write

SHA = "a" * 40
ABOUT: dict[str, Any] = {
    "version": 1,
    "number": 7,
    "head_sha": SHA,
    "service": "",
    "path": ".",
    "judged": True,
    "author": [],
    "shifts": {},
}


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return stream.getvalue()


def about(**changes: Any) -> bytes:
    return json.dumps(ABOUT | changes).encode()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    shifts = {"a.py": (Hunk(3, 0, 4, 2),)}
    author = ("Claude Code: branch claude/x",)
    bundle = Bundle(7, SHA, "api", "services/api", author, b'{"verdict": "pass"}', shifts)
    write(tmp_path / "out", bundle)
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert read(archive(files)) == bundle


def test_a_change_that_was_not_judged_brings_no_report(tmp_path: Path) -> None:
    write(tmp_path, Bundle(7, SHA))
    assert [path.name for path in tmp_path.iterdir()] == ["about.json"]
    assert read(archive({"about.json": (tmp_path / "about.json").read_bytes()})).report is None


def test_other_files_are_left_alone() -> None:
    files = {"about.json": about(), "report.json": b"{}", "../../etc/cron.d/x": b"* * * * *"}
    assert read(archive(files)).report == b"{}"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "has no about.json"),
        ({"about.json": about()}, "contradict"),
        ({"about.json": about(judged=False), "report.json": b"{}"}, "contradict"),
        ({"about.json": b"\xff"}, "is not JSON"),
        ({"about.json": b"[" * 50_000}, "is not JSON"),
        ({"about.json": b"7"}, "the document is not"),
        ({"about.json": about(number=0)}, "number is not"),
        ({"about.json": about(number="7")}, "number is not"),
        ({"about.json": about(head_sha=f"{SHA}\n")}, "head_sha is not"),
        ({"about.json": about(head_sha="../../x")}, "head_sha is not"),
        ({"about.json": about(path="../x")}, "path is not"),
        ({"about.json": about(path="a/..")}, "path is not"),
        ({"about.json": about(path="/etc")}, "path is not"),
        ({"about.json": about(shifts={"a": [[1, 2, 3]]})}, "shifts.a.0 is not"),
        ({"about.json": about(shifts={"a": [[1, 2, 3, -1]]})}, "shifts.a.0.3 is not"),
        ({"about.json": about(extra=1)}, "the document is not"),
        ({"about.json": about(author=["x" * 501])}, "author.0 is not"),
        ({"about.json": b" " * 2_000_000}, "larger than 1,024 KiB"),
        ({"about.json": about(), "report.json": b"0" * 12_000_000}, "larger than"),
        ({f"f{number}": b"" for number in range(11)}, "11 files"),
    ],
)
def test_what_the_gate_does_not_write_is_refused(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(BundleError, match=said):
        read(archive(files))


def test_a_bomb_costs_no_more_than_its_limit() -> None:
    bomb = archive({"about.json": about(), "report.json": b"\0" * 200_000_000})
    assert len(bomb) < 1_000_000
    with pytest.raises(BundleError, match=r"report.json is larger than"):
        read(bomb)


@pytest.mark.parametrize(
    "raw", [b"", b"PK", b"not a zip", archive({"about.json": about()})[:-30], b"\0" * 1000]
)
def test_no_archive(raw: bytes) -> None:
    with pytest.raises(BundleError, match="not a readable zip archive"):
        read(raw)


def test_names_that_stand_twice_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr("about.json", about())
        opened.writestr("about.json", about(number=8))
    with pytest.raises(BundleError, match="twice"):
        read(stream.getvalue())


def test_a_slow_kind_of_compression_is_refused() -> None:
    with pytest.raises(BundleError, match="unusual"):
        read(archive({"about.json": about()}, zipfile.ZIP_LZMA))
