"""One scan on several machines: each runs a part of the rules, and a merge draws the verdict.

Every shard reads the whole tree, for most rules look at all of it; what is divided is the rules, by
what they cost, and Semgrep's files. The contract's tests run on the first. What a shard found is
written to a file; the merge reads the same tree again, takes the findings from the files, and
makes the same scorecard as an undivided scan.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ci_gate import __version__
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Position, Related, Replacement, Severity
from ci_gate.git import Git, GitError
from ci_gate.plainfile import NotPlain, open_file
from ci_gate.regex import regex
from ci_gate.repository import Skipped
from ci_gate.rules.run import families
from ci_gate.scorecard.model import EngineRun

if TYPE_CHECKING:
    from ci_gate.config import Config
    from ci_gate.repository import CommitTree, WorkTree
    from ci_gate.rules.declarations import AnyRule

#: Where parts are kept by default, relative to where the gate is called.
FOLDER: Final = "ci-gate-shards"
MAX_SHARDS: Final = 256  # the largest matrix that GitHub runs
_FORM: Final = regex(r"([1-9]\d{0,2})/([1-9]\d{0,2})")
_NAME: Final = regex(r"shard-([1-9]\d{0,2})-of-([1-9]\d{0,2})\.json")
_FORMAT: Final = 1
_MAX_BYTES: Final = 256 * 1024 * 1024


class ShardError(Exception):
    """Shards that cannot be written or merged: sentences, one a line."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``index``-th of ``count`` parts of a scan; the first is 1."""

    index: int
    count: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """What ``text``, such as ``2/4``, says.

        Raises:
            ValueError: it is not of this form, or the number is out of bounds.
        """
        found = _FORM.fullmatch(text)
        shard = cls(int(found[1]), int(found[2])) if found else None
        if shard is None or not shard.index <= shard.count <= MAX_SHARDS:
            raise ValueError(f"{text!r} is not INDEX/COUNT, such as 2/4 (at most {MAX_SHARDS})")
        return shard

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    @property
    def is_first(self) -> bool:
        return self.index == 1

    def rules(self, chosen: Sequence[AnyRule]) -> list[AnyRule]:
        """The rules that run here, in their order. Rules that look at the same dear facts stay
        together; where there are more shards than such families, some run Semgrep alone. The
        dearest run last, for the first shard has the contract's tests."""
        own = families(chosen)[self.count - self.index :: self.count]
        mine = {rule.id for family in own for rule in family}
        return [rule for rule in chosen if rule.id in mine]

    def files(self, paths: Iterable[str]) -> list[str]:
        """The files that an engine judges here whose rules see one file at a time."""
        return [path for path in paths if self._draws(path)]

    def _draws(self, path: str) -> bool:
        number = int.from_bytes(hashlib.sha256(os.fsencode(path)).digest()[:8], "big")
        return number % self.count == self.index - 1


@dataclass(slots=True)
class Share:
    """What the engines of one or all shards say of one tree."""

    findings: list[Finding] = field(default_factory=list)
    engines: list[EngineRun] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """What one shard found. ``key`` names what was judged and how; parts of one scan share it.

    ``head`` and ``base`` are the two trees; ``contract`` and ``base_contract`` what the contract's
    tests gave on them, in the first shard."""

    shard: Shard
    key: str
    head: Share
    base: Share | None = None
    contract: ContractResult | None = None
    base_contract: ContractResult | None = None


def key(
    head: WorkTree,
    base: CommitTree | None,
    config: Config,
    policy_commit: str | None,
    *,
    contract: bool,
) -> str:
    """The name of what is judged and how: the files of the tree and of its base, the configuration
    but for what the verdict alone takes from it, and the gate's version."""
    told = replace(config, path=None, fail_on="new", threshold=Severity.ERROR, allow_empty=False)
    digest = hashlib.sha256()
    before = base and (base.git.tree_id(base.commit), base.git.prefix())
    said = [_FORMAT, __version__, asdict(told), policy_commit, contract, before]
    digest.update(json.dumps(said, sort_keys=True, default=str).encode())
    for path in head.files:
        try:
            content = head.digest(path)
        except OSError:
            content = "unreadable"
        digest.update(os.fsencode(path) + b"\0" + content.encode())
    return digest.hexdigest()


def aside(config: Config, root: Path, folder: Path) -> Config:
    """The configuration without the files in ``folder``, which parts are kept in: they are no part
    of the tree below ``root``."""
    try:
        below = folder.resolve().relative_to(root.resolve())
    except ValueError:
        return config
    pattern = "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", below.as_posix()) + "/"
    return replace(config, exclude=(*config.exclude, pattern))


def write(folder: Path, part: Part) -> Path:
    """Keep a part in ``folder``; the file.

    Raises:
        ShardError: it cannot be written.
    """
    name = f"shard-{part.shard.index}-of-{part.shard.count}.json"
    data = {"format": _FORMAT, **asdict(part)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, prefix=".", suffix=".new", delete=False, encoding="utf-8"
        ) as stream:
            place = Path(stream.name)
            try:
                json.dump(data, stream)
                stream.flush()
            except OSError:
                place.unlink()
                raise
        place.chmod(0o644)
        return place.replace(folder / name)
    except OSError as error:
        raise ShardError(f"cannot write {folder / name}: {error.strerror or error}") from None


def read(folder: Path) -> list[Part]:
    """The parts below ``folder``, all of one scan, in their order. Downloaded artifacts each lie in
    a folder of their own.

    Raises:
        ShardError: there is none, one is missing or cannot be read, they are not of one scan, or
            the change brings them itself.
    """
    with suppress(GitError):  # no repository: nobody's change
        if folder.is_dir() and Git(folder).tracks("."):
            raise ShardError(f"{folder} is part of the repository; name a folder that git ignores")
    found = sorted(path for path in folder.rglob("shard-*.json") if _NAME.fullmatch(path.name))
    if not found:
        raise ShardError(
            f"{folder} holds no part of a scan (shard-1-of-4.json and so on); name the folder that "
            "`ci-gate scan --shard` wrote to"
        )
    parts = sorted((_read(path) for path in found), key=lambda part: part.shard.index)
    counts = {part.shard.count for part in parts}
    if len(counts) > 1 or len({part.key for part in parts}) > 1:
        raise ShardError(
            f"the parts in {folder} are not of one scan: they differ in number, tree, "
            "configuration or version of the gate; begin with an empty folder"
        )
    there = [part.shard.index for part in parts]
    missing = sorted(set(range(1, counts.pop() + 1)) - set(there))
    if missing:
        names = ", ".join(map(str, missing))
        raise ShardError(
            f"of {parts[0].shard.count} parts {names} {'is' if len(missing) == 1 else 'are'} not "
            f"in {folder}: a shard failed or was not run; run it again"
        )
    if len(there) > len(set(there)):
        raise ShardError(f"{folder} holds a part twice; begin with an empty folder")
    return parts


def joined(shares: Sequence[Share], rules: Sequence[str]) -> Share:
    """The shares as one: findings in the order of an undivided scan, in which ``rules`` is the
    order of the rules."""
    order = {rule: number for number, rule in enumerate(rules)}
    own = [found for share in shares for found in share.findings if found.engine == "ast"]
    # each rule ran in one shard, and sorting keeps the order of its findings
    own.sort(key=lambda found: order.get(found.rule, len(order)))
    semgrep = [found for share in shares for found in share.findings if found.engine != "ast"]
    semgrep.sort(key=lambda found: (found.path, found.start, found.rule))
    runs = [run for share in shares for run in share.engines]
    names = dict.fromkeys(run.name for run in runs)
    return Share(
        [*own, *semgrep],
        [_together([run for run in runs if run.name == name]) for name in names],
        [item for share in shares for item in share.skipped],
    )


def _together(runs: Sequence[EngineRun]) -> EngineRun:
    """The runs of one engine. All shards read the tree; Semgrep's files are divided."""
    divided = runs[0].name == "semgrep"
    files, rules = [run.files for run in runs], [run.rules for run in runs]
    return EngineRun(
        runs[0].name,
        next((run.version for run in runs if run.version), ""),
        sum(run.seconds for run in runs),
        sum(files) if divided else max(files),
        max(rules) if divided else sum(rules),
        tuple(dict.fromkeys(error for run in runs for error in run.errors)),
    )


def _read(path: Path) -> Part:
    try:
        with open_file(path) as stream:
            raw = stream.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise ValueError("too large")
        data = json.loads(raw)
        if data["format"] != _FORMAT:
            raise ValueError("of another version of the gate")
        return Part(
            Shard(int(data["shard"]["index"]), int(data["shard"]["count"])),
            str(data["key"]),
            _share(data["head"]),
            None if data["base"] is None else _share(data["base"]),
            _contract(data["contract"]),
            _contract(data["base_contract"]),
        )
    except NotPlain as error:
        raise ShardError(f"{path} is {error.kind}; make it a plain file") from None
    except OSError as error:
        raise ShardError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ShardError(f"{path} is no part of a scan ({error}); run this shard again") from None


def _share(data: Any) -> Share:
    engines = [EngineRun(**{**run, "errors": tuple(run["errors"])}) for run in data["engines"]]
    skipped = [Skipped(**item) for item in data["skipped"]]
    return Share([_finding(found) for found in data["findings"]], engines, skipped)


def _finding(data: Any) -> Finding:
    mended = data["replacement"]
    return Finding(
        **{
            **data,
            "severity": Severity(data["severity"]),
            "start": Position(**data["start"]),
            "end": Position(**data["end"]),
            "related": tuple(Related(**item) for item in data["related"]),
            "replacement": mended
            and Replacement(Position(**mended["start"]), Position(**mended["end"]), mended["text"]),
        }
    )


def _contract(data: Any) -> ContractResult | None:
    if data is None:
        return None
    return ContractResult(
        **{**data, "assertions": [Assertion(**item) for item in data["assertions"]]}
    )
