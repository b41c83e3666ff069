"""The Semgrep engine: files and rulesets in, findings out.

Semgrep never sees the repository. It gets a temporary folder that holds the files to judge and one
rules file, so that ignore files, settings and ``nosemgrep`` comments of the scanned project have
no say, and a commit is judged the same way as a work tree. Why two ways of calling it are tried is
told in docs/decisions/0003-semgrep-engine.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import posixpath
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from ci_gate import rulesets, tempfolder
from ci_gate.cache import Cache
from ci_gate.codemodel.places import is_outside
from ci_gate.config import Config
from ci_gate.data import dataclass
from ci_gate.findings import CUSTOM, Finding, Position, Replacement
from ci_gate.regex import regex
from ci_gate.repository import Tree
from ci_gate.rulesets import RulesetError, SemgrepRuleInfo
from ci_gate.semgrep_kept import FileResult, KeptResults
from ci_gate.semgrep_prefilter import NOTHING, Text, need
from ci_gate.semgrep_program import find_engine, find_program, identity, installed_version
from ci_gate.stack.model import Stack

_SUFFIXES: Final[dict[str, tuple[str, ...]]] = {
    "python": (".py", ".pyi"),
    "py": (".py", ".pyi"),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "js": (".js", ".jsx", ".mjs", ".cjs"),
    "typescript": (".ts", ".tsx", ".mts", ".cts"),
    "ts": (".ts", ".tsx", ".mts", ".cts"),
}
#: What an uncaught exception of Semgrep's (OCaml) or of its wrapper's (Python) is called.
_CRASH: Final = regex(
    r"(?:Fatal error: exception|[Uu]ncaught exception:|exception:)\s*(\S[^\n]*)"
    r"|^Traceback \(most recent call last\):\n(?:[ \t]+[^\n]*\n)+(\S[^\n]*)",
    re.MULTILINE,
)
_FRAME: Final = regex(r"\s*(?:Raised (?:at|by)|Re-raised at|Called from)\b")
_OPTIONS: Final = (
    "--json", "--quiet", "--metrics=off", "--disable-version-check", "--disable-nosem",
    "--no-rewrite-rule-ids", "--no-git-ignore", "--project-root=.", "--max-target-bytes=0",
)  # fmt: skip
_ENGINE: Final = "osemgrep"
"""The name by which the engine's binary has the command line of Semgrep."""
_SUBJECT_LENGTH: Final = 200
_TAIL: Final = 300  # characters of Semgrep's own words that an error quotes
_RULE_PARSE_ERROR: Final = "Rule parse error"
_NEVER_MINIFIED: Final = 4096
_LINE: Final = 900
_BLANKS: Final = 0.08
"""What Semgrep takes for minified: larger files with more than 1,000 bytes to a line, or less than
7 % blanks."""
_PARTLY_PARSED: Final = "PartialParsing"
"""The rest of the file was judged."""
_NOT_PARSED: Final = ("Syntax error", "Other syntax error", "Lexical error", "AST builder error")
_MISSING: Final = "Semgrep is not installed; install ci-gate with its dependencies"


@dataclass(frozen=True, slots=True)
class SemgrepResult:
    """What a run gave. ``errors`` are sentences for people; any of them makes the run incomplete.

    ``files`` counts the files that were judged: those that Semgrep says it scanned, and those that
    lack what every rule asks for. ``version`` is empty where there was nothing to judge.
    ``unparsed``: files that Semgrep could make nothing of, with what it says.
    """

    findings: list[Finding]
    errors: list[str]
    version: str
    seconds: float
    files: int
    rules: int
    unparsed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Output:
    """Semgrep's JSON, or (``failure``) why there is none."""

    data: Mapping[str, Any]
    failure: str = ""
    timed_out: bool = False

    @property
    def scanned(self) -> set[str]:
        paths = self.data.get("paths")
        scanned = paths.get("scanned") if isinstance(paths, dict) else None
        return {_relative(path) for path in scanned or () if isinstance(path, str)}

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        """Errors that cost findings, but for files that it cannot read as code."""
        return [error for error in self._told if _kind(error) not in (_PARTLY_PARSED, *_NOT_PARSED)]

    @property
    def unparsed(self) -> dict[str, str]:
        return {
            _relative(error["path"]): _kind(error)
            for error in self._told
            if _kind(error) in _NOT_PARSED and isinstance(error.get("path"), str)
        }

    @property
    def _told(self) -> list[Mapping[str, Any]]:
        return [error for error in self.data.get("errors") or () if isinstance(error, dict)]


def run(
    tree: Tree,
    files: Sequence[str],
    stack: Stack,
    config: Config,
    own: Tree,
    jobs: int,
    cache: Cache | None = None,
) -> SemgrepResult:
    """Judge ``files`` of ``tree`` with the rulesets that ``stack`` calls for and the user's own.

    ``own`` is the tree that the user's ruleset paths point into. Files that are as they were when
    Semgrep last saw them are not given to it again. Nothing is raised: what goes wrong is a
    sentence in the result's ``errors``.
    """
    started = time.monotonic()
    errors: list[str] = []
    rules = _rules(stack, config, own, errors)
    suffixes = {
        suffix for rule in rules for name in rule.languages for suffix in _SUFFIXES.get(name, ())
    }
    wanted = [
        path
        for path in files
        if PurePosixPath(path).suffix in suffixes
        and not path.endswith(".d.ts")  # declarations run nothing, and Semgrep leaves them out
        and _safe(path)
    ]
    if not rules or not wanted:
        return SemgrepResult([], errors, "", time.monotonic() - started, 0, len(rules))
    if find_program() is None:  # told whether or not there is something for it to do
        errors.append(f"{_MISSING}.")
        return SemgrepResult([], errors, "", time.monotonic() - started, 0, len(rules))
    kept = KeptResults(cache, [repr(rule) for rule in rules] + identity())
    known = {
        path: result
        for path in wanted
        if cache is not None and (result := _known(kept, tree, path)) is not None
    }
    findings = [finding for result in known.values() for finding in result.findings]
    counted = sum(result.counted for result in known.values())
    version = kept.version
    unparsed: dict[str, str] = {}
    left = [path for path in wanted if path not in known]
    if left:
        deadline = started + config.semgrep.timeout
        try:
            with tempfile.TemporaryDirectory(
                prefix="ci-gate-semgrep-", ignore_cleanup_errors=True
            ) as name:
                scan = _Scan(Path(name), deadline, config.semgrep.timeout, max(1, jobs // 2))
                written = scan.write(tree, left, rules, errors)
                output = scan.judge(rules, written, errors) if written else _Output({})
                found = scan.findings(output, rules)
                version = _version(output)
                unparsed = output.unparsed
                if not errors:
                    judged = [path for path in left if path not in unparsed]
                    scan.keep(kept, judged, output.scanned, found)
                    kept.save(version)
            counted += len(output.scanned) + sum(map(bool, scan.spared.values()))
            findings = sorted(findings + found, key=_place)
        except OSError as error:
            errors.append(f"Semgrep did not run: {tempfolder.told(error)}.")
    seconds = time.monotonic() - started
    return SemgrepResult(findings, errors, version, seconds, counted, len(rules), unparsed)


def _known(kept: KeptResults, tree: Tree, path: str) -> FileResult | None:
    try:
        return kept.get(path, tree.read(path))
    except OSError:
        return None  # the tree itself tells of it


def _place(finding: Finding) -> tuple[str, Position, str]:
    return finding.path, finding.start, finding.rule


def _rules(stack: Stack, config: Config, own: Tree, errors: list[str]) -> list[SemgrepRuleInfo]:
    found: list[SemgrepRuleInfo] = []
    try:
        found += rulesets.for_stack(stack)
    except RulesetError as error:
        errors.append(f"{error}.")
    for entry in config.semgrep.rulesets:
        found += _own_rules(own, entry, errors)
    return [
        rule
        for rule in found
        if (not config.select or rule.rule in config.select or rule.group in config.select)
        and rule.rule not in config.ignore
        and rule.group not in config.ignore
    ]


def _own_rules(tree: Tree, entry: str, errors: list[str]) -> list[SemgrepRuleInfo]:
    """The rules of a file or folder that the configuration names."""
    wanted = posixpath.normpath(entry)
    if wanted.startswith(("/", "../")) or wanted == "..":
        errors.append(f"Ruleset {entry} lies outside the repository; move it inside.")
        return []
    paths = [
        path
        for path in tree.files
        if path == wanted
        or (
            PurePosixPath(path).suffix in (".yml", ".yaml")
            and wanted in map(str, PurePosixPath(path).parents)
        )
    ]
    if not paths:
        errors.append(
            f"Ruleset {entry} is not there or holds no .yml file; correct semgrep.rulesets."
        )
    found: list[SemgrepRuleInfo] = []
    for path in paths:
        try:
            loaded = rulesets.parse(tree.read(path), path, custom=True)
        except OSError as error:
            errors.append(f"Ruleset {path} cannot be read: {error.strerror or error}.")
            continue
        except RulesetError as error:
            errors.append(f"R{str(error)[1:]}.")
            continue
        for rule in loaded:
            if any(name in _SUFFIXES for name in rule.languages):
                found.append(rule)
            else:
                errors.append(
                    f"Ruleset {path}: {rule.rule} is for {', '.join(rule.languages)}; "
                    "only Python, JavaScript and TypeScript rules are run."
                )
    return found


class _Scan:
    """One temporary folder with the files to judge, and the calls of Semgrep on it.

    ``spared`` holds the files that no rule can match, which Semgrep does not get.
    """

    def __init__(self, folder: Path, deadline: float, timeout: float, jobs: int) -> None:
        self._home = folder / "home"
        self._tree = folder / "tree"
        self._config = folder / "rules.json"
        self._deadline = deadline
        self._timeout = timeout
        self._jobs = jobs
        self._lines: dict[str, list[str]] = {}
        self.spared: dict[str, bytes] = {}
        self._sizes: dict[str, int] = {}
        self._home.mkdir()
        self._tree.mkdir()
        # an empty file switches Semgrep's own list (tests/, *.min.js, …) off
        (self._tree / ".semgrepignore").touch()

    def write(
        self,
        tree: Tree,
        paths: Sequence[str],
        rules: Sequence[SemgrepRuleInfo],
        errors: list[str],
    ) -> set[str]:
        """Put the files in place that a rule may match; those that could be read."""
        may_match = _may_match(rules)
        written: set[str] = set()
        for path in paths:
            try:
                data = tree.read(path)
            except OSError:
                continue  # the tree itself tells of it
            if not may_match(path, data):
                self.spared[path] = data
                continue
            target = self._tree / path
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data + _padding(data))
            except OSError as error:
                if tempfolder.is_full(error):
                    raise  # told once, not of each file
                reason = error.strerror or error
                errors.append(f"{path} could not be copied for Semgrep ({reason}).")
                continue
            self._sizes[path] = len(data)
            if data:  # Semgrep does not count empty files
                written.add(path)
        return written

    def judge(
        self, rules: Sequence[SemgrepRuleInfo], asked: set[str], errors: list[str]
    ) -> _Output:
        """Run the rules; without the user's own if those keep Semgrep from running at all."""
        output = self._both_ways(rules, asked)
        own = sorted({rule.path for rule in rules if rule.rule.startswith(CUSTOM)})
        if output.failure and own and not output.timed_out:
            kept = {
                index: rule for index, rule in enumerate(rules) if not rule.rule.startswith(CUSTOM)
            }
            without = self._both_ways(kept, asked)
            if not without.failure:
                errors.append(
                    f"Semgrep does not accept your rules in {', '.join(own)} "
                    f"({output.failure}); correct them."
                )
                output = without
        errors += _sentences(output, rules, asked)
        return output

    def _both_ways(
        self, rules: Sequence[SemgrepRuleInfo] | Mapping[int, SemgrepRuleInfo], asked: set[str]
    ) -> _Output:
        numbered = rules if isinstance(rules, Mapping) else dict(enumerate(rules))
        merged = [{**rule.definition, "id": f"r{index}"} for index, rule in numbered.items()]
        try:
            self._config.write_text(json.dumps({"rules": merged}, default=str), "utf-8")
        except ValueError as error:
            return _Output({}, f"the rules cannot be written down: {error}")
        if not merged:
            return _Output({})
        quick = self._call(["--experimental"])
        if quick.timed_out or _complete(quick, asked):
            return quick
        slow = self._call([])
        # where both fall short, the one that saw more
        if slow.failure and not quick.failure:
            return quick
        return slow

    def _call(self, extra: Sequence[str]) -> _Output:
        program = find_program()
        if program is None:
            return _Output({}, _MISSING)
        engine = find_engine(program) if extra else None
        command = [
            str(program) if engine is None else _ENGINE, "scan", *extra, *_OPTIONS,
            f"--jobs={self._jobs}", f"--config={self._config}", ".",
        ]  # fmt: skip
        out, err = self._home / "stdout", self._home / "stderr"
        try:
            with out.open("wb") as stdout, err.open("wb") as stderr:
                process = subprocess.Popen(
                    command,
                    executable=engine,
                    cwd=self._tree,
                    env=_environment(self._home, program),
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    start_new_session=True,
                )
                try:
                    code = process.wait(max(0.0, self._deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    return _Output(
                        {},
                        f"Semgrep was stopped after {self._timeout:g} s; raise semgrep.timeout or "
                        "exclude generated files",
                        timed_out=True,
                    )
                finally:
                    _end(process)
        except OSError as error:
            return _Output({}, f"Semgrep cannot be started: {error.strerror or error}")
        try:
            data = json.loads(out.read_bytes())
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, dict) and isinstance(data.get("results"), list):
            return _Output(data)
        return _Output({}, _end_told(code, err.read_text("utf-8", "replace")))

    def findings(self, output: _Output, rules: Sequence[SemgrepRuleInfo]) -> list[Finding]:
        found: dict[tuple[str, str], dict[tuple[Position, Position], Finding]] = {}
        for result in output.data.get("results") or ():
            try:
                finding = self._finding(result, rules)
            except (KeyError, TypeError, ValueError, IndexError):
                continue  # not of Semgrep's form: an incomplete count or an error tells of it
            if finding is None:
                continue
            same = found.setdefault((finding.rule, finding.path), {})
            same.setdefault((finding.start, finding.end), finding)
        kept = [finding for same in found.values() for finding in _innermost(same.values())]
        return sorted(kept, key=_place)

    def keep(
        self, kept: KeptResults, paths: Sequence[str], scanned: set[str], findings: list[Finding]
    ) -> None:
        """Note what was found in each of ``paths``, by the bytes that Semgrep saw."""
        of: dict[str, list[Finding]] = {}
        for finding in findings:
            of.setdefault(finding.path, []).append(finding)
        for path in paths:
            if path in self.spared:
                kept.add(path, self.spared[path], FileResult(bool(self.spared[path]), []))
            elif path in self._sizes:
                data = (self._tree / path).read_bytes()[: self._sizes[path]]
                kept.add(path, data, FileResult(path in scanned, of.get(path, [])))

    def _finding(self, result: Any, rules: Sequence[SemgrepRuleInfo]) -> Finding | None:
        """The finding that a result tells of; none where the rule does not judge such files."""
        rule = rules[int(str(result["check_id"]).rpartition(".")[2].removeprefix("r"))]
        path = _relative(result["path"])
        if rule.service_only and is_outside(path):
            return None
        start = Position(int(result["start"]["line"]), int(result["start"]["col"]))
        end = Position(int(result["end"]["line"]), int(result["end"]["col"]))
        extra = result["extra"]
        mended = extra.get("fix") or self._rewritten(rule, path, start, end)
        return Finding(
            rule=rule.rule,
            group=rule.group,
            severity=rule.severity,
            path=path,
            start=start,
            end=end,
            message=" ".join(str(extra["message"]).split()),
            why=rule.why,
            fix=rule.fix,
            subject=self._line(path, start.line),
            engine="semgrep",
            replacement=Replacement(start, end, mended) if isinstance(mended, str) else None,
        )

    def _rewritten(
        self, rule: SemgrepRuleInfo, path: str, start: Position, end: Position
    ) -> str | None:
        """What the rule's own patterns make of the code found; one line of it, in ASCII, for which
        alone columns are sure."""
        line = self._text(path, start.line)
        if start.line != end.line or not line.isascii():
            return None
        found = line[start.column - 1 : end.column - 1]
        for pattern, put in rule.rewrites:
            if match := pattern.fullmatch(found):
                return match.expand(put)
        return None

    def _line(self, path: str, number: int) -> str:
        return self._text(path, number).strip()[:_SUBJECT_LENGTH]

    def _text(self, path: str, number: int) -> str:
        if path not in self._lines:
            try:
                text = (self._tree / path).read_bytes().decode("utf-8", "replace")
            except OSError:
                text = ""
            self._lines[path] = text.split("\n")
        lines = self._lines[path]
        return lines[number - 1] if number <= len(lines) else ""


def _end_told(code: int, said: str) -> str:
    """One sentence on a Semgrep that gave no result; of a stack trace, what was raised."""
    if code < 0:
        return f"Semgrep was ended by signal {-code}; it may have run out of memory"
    crash = _CRASH.search(said)
    if crash is not None:
        what = " ".join((crash[1] or crash[2]).split())[:_TAIL]
        return (
            f"Semgrep crashed ({what}); run again; if it stays, exclude generated files or report "
            "it to Semgrep"
        )
    lines = [line.strip() for line in said.splitlines() if not _FRAME.match(line)]
    words = " ".join(" ".join(lines).split())[-_TAIL:]
    told = f", saying: {words}" if words else ""
    return f"Semgrep ended with code {code} and no usable JSON{told}"


def _innermost(findings: Iterable[Finding]) -> list[Finding]:
    """One defect, one finding: without those that enclose another one of the same rule."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.end, -one.start.line, -one.start.column)):
        if not any(finding.start <= inner.start and inner.end <= finding.end for inner in kept):
            kept.append(finding)
    return kept


def _complete(output: _Output, asked: set[str]) -> bool:
    """Nothing is missing but rules of the user that do not parse (which no second try mends)."""
    return (
        not output.failure
        and asked <= output.scanned
        and all(_kind(error) == _RULE_PARSE_ERROR for error in output.errors)
    )


def _sentences(output: _Output, rules: Sequence[SemgrepRuleInfo], asked: set[str]) -> list[str]:
    if output.failure:
        return [f"{output.failure}."]
    told: list[str] = []
    for error in output.errors:
        words = " ".join(str(error.get("message", "")).split())[:_TAIL]
        number = str(error.get("rule_id", "")).rpartition(".")[2].removeprefix("r")
        index = int(number) if number.isdigit() else len(rules)
        if _kind(error) == _RULE_PARSE_ERROR and index < len(rules):
            rule = rules[index]
            words = words.replace(f"r{index}:", f"{rule.rule}:")
            told.append(f"Ruleset {rule.path}: {rule.rule} cannot be used ({words}); correct it.")
        elif isinstance(error.get("path"), str):
            told.append(
                f"Semgrep gave up on {_relative(error['path'])} ({_kind(error)}); "
                "exclude the file or split it."
            )
        else:
            told.append(f"Semgrep reports an error ({_kind(error)}: {words}).")
    missing = sorted(asked - output.scanned)
    if missing:
        told.append(
            f"Semgrep scanned {len(asked) - len(missing)} of {len(asked)} files; {missing[0]} is "
            "among those left out. Run again; if it stays, report it."
        )
    return list(dict.fromkeys(told))


def _may_match(rules: Sequence[SemgrepRuleInfo]) -> Callable[[str, bytes], bool]:
    """Whether a rule may match in the file of a path. The user's own rules get every file."""
    needs = [
        (
            {suffix for name in rule.languages for suffix in _SUFFIXES.get(name, ())},
            rule.service_only,
            NOTHING if rule.rule.startswith(CUSTOM) else need(rule.definition),
        )
        for rule in rules
    ]

    def may_match(path: str, data: bytes) -> bool:
        text = Text(data)
        suffix, outside = PurePosixPath(path).suffix, is_outside(path)
        return any(
            suffix in suffixes and not (service_only and outside) and text.has(needed)
            for suffixes, service_only, needed in needs
        )

    return may_match


def _padding(data: bytes) -> bytes:
    """Empty lines for the end of a file that Semgrep would take for a minified one and leave out
    without a word: one with few blanks, or with long lines. A certificate in a constant is enough
    for that, and what is no source was left out before."""
    if len(data) <= _NEVER_MINIFIED:
        return b""
    lines = data.count(b"\n") + 1
    blanks = sum(data.count(blank) for blank in (b" ", b"\n", b"\t", b"\r"))
    needed = max(len(data) / _LINE - lines, _BLANKS * len(data) - blanks)
    return b"\n" * int(1.1 * needed + 1) if needed > 0 else b""


def _kind(error: Mapping[str, Any]) -> str:
    kind = error.get("type", "error")
    return str(kind[0]) if isinstance(kind, list) and kind else str(kind)


def _environment(home: Path, program: Path) -> dict[str, str]:
    """What Semgrep sees: no tokens, no settings of the caller. It finds ``pysemgrep`` by PATH."""
    return {
        "PATH": os.pathsep.join([str(program.parent), os.environ.get("PATH", os.defpath)]),
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "SEMGREP_SETTINGS_FILE": str(home / "settings.yml"),
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "PYTHONSAFEPATH": "1",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _version(output: _Output) -> str:
    program = find_program()
    if program is not None and program.parent == Path(sys.executable).parent:
        version = installed_version()
        if version is not None:
            return version
    return str(output.data.get("version", ""))


def _relative(path: str) -> str:
    return path.removeprefix("./")


def _safe(path: str) -> bool:
    """True for a relative path that stays inside the folder it is written to."""
    pure = PurePosixPath(path)
    return not (pure.is_absolute() or ".." in pure.parts or "\0" in path)
