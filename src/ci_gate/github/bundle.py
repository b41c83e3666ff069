"""What a run without write access hands to one that has it: the report, and what it is a report of.

The trusted run never sees the change's code, and whatever it reads here is hostile: the archive's
size, its names and its texts are the stranger's choice.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from ci_gate.data import dataclass
from ci_gate.git import Hunk
from ci_gate.github.workflow import write_file
from ci_gate.reports.report_reader import SIZE_LIMIT as REPORT_LIMIT

VERSION: Final = 1
ARCHIVE_LIMIT: Final = 20 * 1024 * 1024
_ABOUT: Final = "about.json"
_REPORT: Final = "report.json"
_LIMITS: Final = {_ABOUT: 1024 * 1024, _REPORT: REPORT_LIMIT}
_ENTRIES: Final = 10  # of an archive; two are ours
_FILES: Final = 500
_INSIDE: Final = r"\A(?!/)(?!(?:.*/)?\.\.(?:/|\Z))"
_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["version", "number", "head_sha", "service", "path", "judged", "author", "shifts"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": VERSION},
        "number": {"type": "integer", "minimum": 1, "maximum": 2**53},
        "head_sha": {"type": "string", "pattern": r"\A[0-9a-f]{40}(?:[0-9a-f]{24})?\Z"},
        "service": {"type": "string", "maxLength": 200},
        "path": {"type": "string", "maxLength": 1000, "pattern": _INSIDE},
        "judged": {"type": "boolean"},
        "shifts": {
            "type": "object",
            "maxProperties": _FILES,
            "additionalProperties": {
                "type": "array",
                "maxItems": 10_000,
                "items": {
                    "type": "array",
                    "minItems": 4,
                    "maxItems": 4,
                    "items": {"type": "integer", "minimum": 0, "maximum": 10**9},
                },
            },
        },
        "author": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 500}},
    },
}


class BundleError(Exception):
    """The archive is not what the gate writes; the sentence says in what."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """``path``: the judged folder in the repository. ``report``: the JSON report; None where the
    change was not judged (``mode: agents``). ``shifts``: how files of the scanned commit differ
    from the head's, where GitHub's trial merge was scanned."""

    number: int
    head_sha: str
    service: str = ""
    path: str = "."
    author: tuple[str, ...] = ()
    report: bytes | None = None
    shifts: Mapping[str, Sequence[Hunk]] = field(default_factory=dict)


def write(folder: Path, bundle: Bundle) -> None:
    """Write the bundle as files into ``folder``, which becomes an artifact.

    Raises:
        OSError: the folder cannot be written.
    """
    about = {
        "version": VERSION,
        "number": bundle.number,
        "head_sha": bundle.head_sha,
        "service": bundle.service,
        "path": bundle.path,
        "judged": bundle.report is not None,
        "shifts": {
            path: [[hunk.old, hunk.old_count, hunk.new, hunk.new_count] for hunk in hunks]
            for path, hunks in list(bundle.shifts.items())[:_FILES]
        },
        "author": [sentence[:500] for sentence in bundle.author[:20]],
    }
    write_file(folder / _ABOUT, f"{json.dumps(about, indent=2)}\n".encode())
    if bundle.report is not None:
        write_file(folder / _REPORT, bundle.report)
    else:
        (folder / _REPORT).unlink(missing_ok=True)


def read(archive: bytes) -> Bundle:
    """The bundle in an artifact's archive.

    Raises:
        BundleError: it is too large, not an archive, or holds something else.
    """
    if len(archive) > ARCHIVE_LIMIT:
        raise BundleError(f"the artifact is larger than {ARCHIVE_LIMIT // 1024**2} MiB")
    files = _files(archive)
    about = _about(files.get(_ABOUT))
    report = files.get(_REPORT)
    if about["judged"] != (report is not None):
        raise BundleError(f"the artifact's {_ABOUT} and {_REPORT} contradict each other")
    return Bundle(
        number=about["number"],
        head_sha=about["head_sha"],
        service=about["service"],
        path=about["path"],
        author=tuple(about["author"]),
        report=report,
        shifts={
            path: tuple(Hunk(*numbers) for numbers in hunks)
            for path, hunks in about["shifts"].items()
        },
    )


def _files(archive: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = opened.infolist()
            if len(entries) > _ENTRIES:
                raise BundleError(f"the artifact holds {len(entries):,} files instead of two")
            for entry in entries:
                limit = _LIMITS.get(entry.filename)
                if limit is None:
                    continue
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise BundleError(f"{entry.filename} is compressed in an unusual way")
                if entry.filename in files:
                    raise BundleError(f"{entry.filename} is in the artifact twice")
                with opened.open(entry) as stream:
                    files[entry.filename] = stream.read(limit + 1)
                if len(files[entry.filename]) > limit:
                    raise BundleError(f"{entry.filename} is larger than {limit // 1024:,} KiB")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise BundleError("the artifact is not a readable zip archive") from None
    except Exception as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError(f"the artifact cannot be unpacked: {type(error).__name__}") from None
    return files


def _about(raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        raise BundleError(f"the artifact has no {_ABOUT}")
    try:
        about = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BundleError(f"{_ABOUT} of the artifact is not JSON") from None
    problem = next(iter(Draft202012Validator(_SCHEMA).iter_errors(about)), None)
    if problem is not None:
        where = ".".join(str(part) for part in problem.absolute_path) or "the document"
        raise BundleError(f"{_ABOUT} of the artifact: {where} is not as the gate writes it")
    checked: dict[str, Any] = about
    return checked
