"""Runs the tool to score on one tree and reads its report: the gate's JSON, or SARIF."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from corpus import Place

#: A tool that found something may say so by its exit code; any other code is a failure.
JUDGED: Final = (0, 1)
_SEVERITIES: Final = {"note": 0, "none": 0, "warning": 1, "error": 2}
_SPACE: Final = re.compile(r"\s+")


class ScanFailed(Exception):
    """The tool did not judge the tree: nothing it printed counts."""


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    group: str
    place: Place
    related: tuple[Place, ...]
    blocking: bool
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.rule} {self.place}" + ("" if self.blocking else " (not blocking)")


@dataclass(frozen=True, slots=True)
class Tool:
    """The tool to score.

    Attributes:
        command: its words; ``{tree}`` stands for the folder to scan.
        level: SARIF results this severe or worse count as blocking, where they do not say.
        timeout: seconds after which a scan has failed.
    """

    command: tuple[str, ...]
    level: str = "error"
    timeout: float = 600

    def scan(self, root: Path) -> list[Finding]:
        command = [word.replace("{tree}", str(root)) for word in self.command]
        try:
            done = subprocess.run(command, capture_output=True, timeout=self.timeout, check=False)
        except subprocess.TimeoutExpired:
            raise ScanFailed(f"not done after {self.timeout:g} seconds") from None
        except OSError as error:
            raise ScanFailed(f"{command[0]}: {error.strerror}") from error
        said = "".join(f": {x}" for x in done.stderr.decode("utf-8", "replace").split("\n")[-2:-1])
        if done.returncode not in JUDGED:
            raise ScanFailed(f"exit code {done.returncode}{said}")
        try:
            return read_report(json.loads(done.stdout), root, self.level)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            raise ScanFailed(f"it printed neither the gate's report nor SARIF{said}") from None


def read_report(report: Mapping[str, Any], root: Path, level: str) -> list[Finding]:
    """The findings of a report. Suppressed ones are left out."""
    if "runs" in report:
        return [f for run in report["runs"] for f in _sarif(run, root, level)]
    return [_finding(entry) for entry in report["findings"] if entry["status"] != "suppressed"]


def _finding(entry: Mapping[str, Any]) -> Finding:
    return Finding(
        entry["rule"],
        entry["group"],
        Place(entry["path"], entry["start"]["line"], entry["end"]["line"]),
        tuple(Place(r["path"], r["line"], r["line"]) for r in entry["related"]),
        entry["blocking"],
        entry["fingerprint"],
    )


def _sarif(run: Mapping[str, Any], root: Path, level: str) -> list[Finding]:
    """The results of a SARIF run.

    Tools differ in what they call a fingerprint, and many put the scanned folder's name into it, so
    a result is known again by its rule, its file, its line's text and its order among equals.
    """
    driver = run["tool"]["driver"]
    defaults = {
        rule["id"]: rule.get("defaultConfiguration", {}).get("level", "warning")
        for rule in driver.get("rules", [])
    }
    seen: Counter[str] = Counter()
    found = []
    for result in run.get("results") or ():
        if result.get("suppressions") or not result.get("locations"):
            continue
        rule = result["ruleId"]
        place = _sarif_place(result["locations"][0], root)
        severity = result.get("level") or defaults.get(rule, "warning")
        blocking = result.get("properties", {}).get(
            "blocking", _SEVERITIES[severity] >= _SEVERITIES[level]
        )
        key = "\0".join((rule, place.path, _line(root, place)))
        related = tuple(
            _sarif_place(location, root)
            for location in result.get("relatedLocations", [])
            if "physicalLocation" in location
        )
        group = rule.partition("/")[0]
        found.append(Finding(rule, group, place, related, blocking, f"{key}\0{seen[key]}"))
        seen[key] += 1
    return found


def _sarif_place(location: Mapping[str, Any], root: Path) -> Place:
    physical = location["physicalLocation"]
    path = unquote(urlsplit(physical["artifactLocation"]["uri"]).path)
    region = physical.get("region", {})
    start = region.get("startLine", 1)
    for prefix in (f"{root}/", "./"):
        path = path.removeprefix(prefix)
    return Place(path, start, region.get("endLine", start))


def _line(root: Path, place: Place) -> str:
    try:
        lines = (root / place.path).read_text("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return _SPACE.sub("", lines[place.start - 1]) if place.start <= len(lines) else ""


def nearest(findings: Sequence[Finding], place: Place, count: int = 3) -> list[Finding]:
    """Those closest to a place: in its file by distance, then the others."""

    def distance(finding: Finding) -> tuple[bool, int]:
        at = finding.place
        return at.path != place.path, max(at.start - place.end, place.start - at.end, 0)

    return sorted(findings, key=distance)[:count]
