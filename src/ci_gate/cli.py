"""The commands: read what was asked for, call the stage that answers, print, exit.

Standard output carries the report alone; progress, warnings and errors go to standard error.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from ci_gate import __version__
from ci_gate.framestack import with_room
from ci_gate.signals import Signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ci_gate.cache import Cache
    from ci_gate.config import Config
    from ci_gate.policy import Policy
    from ci_gate.reports import RuleDoc
    from ci_gate.scan import Options, Progress
    from ci_gate.scorecard.model import Scorecard
    from ci_gate.shards import Shard

FORMATS: Final = ("terminal", "json", "markdown", "sarif", "junit", "github")
USAGE_ERROR: Final = 2
INCOMPLETE: Final = 3
#: Options of the command line that stand in the configuration as well.
_WISHES: Final = ("select", "ignore", "fail_on", "threshold", "allow_empty")


class _Output(click.ParamType[Any]):
    """``FORMAT=FILE``."""

    name = "FORMAT=FILE"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002  click's signature
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[str, Path]:
        if isinstance(value, tuple):
            return value
        kind, equals, target = str(value).partition("=")
        if not equals or not target or kind not in FORMATS:
            self.fail(f"{value!r} is not FORMAT=FILE with a format of {', '.join(FORMATS)}")
        return kind, Path(target)


class _ShardType(click.ParamType[Any]):
    """``INDEX/COUNT``."""

    name = "INDEX/COUNT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Shard:
        from ci_gate.shards import Shard  # noqa: PLC0415

        try:
            return value if isinstance(value, Shard) else Shard.of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


#: A run makes objects by the million and few cycles: looking for these costs a fifth of its time.
_COLLECTIONS: Final = (1_000_000, 50, 100)

_ROOT = click.argument(
    "path", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
_CONFIG = click.option(
    "--config",
    "config_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Configuration file. Default: .ci-gate.yml in PATH.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ci-gate")
def cli() -> None:
    """Block pull requests that pass their tests and still break the backend's structure.

    Exit codes: 0 pass, 1 blocked, 2 usage or configuration error, 3 incomplete (the gate could not
    judge all it should have).
    """


def _several(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """``a,b`` is as good as naming the option twice."""
    return tuple(name for item in given for name in map(str.strip, item.split(",")) if name)


#: Of `scan` and `merge`, which have to be told the same.
_JUDGING = (
    _ROOT,
    _CONFIG,
    click.option("--format", "form", type=click.Choice(FORMATS), default="terminal",
                 show_default=True, help="What to print."),
    click.option("--output", "outputs", type=_Output(), multiple=True,
                 help="Also write a report to a file. May be given several times."),
    click.option("--base", metavar="REF", help="Branch, tag or commit to compare with: the "
                 "findings of its merge base with HEAD are not new."),
    click.option("--select", multiple=True, metavar="RULE|GROUP,...", callback=_several,
                 help="Run only these rules. May be given several times."),
    click.option("--ignore", multiple=True, metavar="RULE|GROUP,...", callback=_several,
                 help="Do not run these rules. May be given several times."),
    click.option("--fail-on", type=click.Choice(["new", "all", "never"]),
                 help="Which findings block. Default: new."),
    click.option("--threshold", type=click.Choice(["error", "warning", "note"]),
                 help="Findings this severe or worse block. Default: error."),
    click.option("--contract", type=click.Choice(["auto", "off"]), default="auto",
                 show_default=True, help="Run the contract's tests where .ci-gate.yml names them."),
    click.option("--allow-empty", is_flag=True, default=None,
                 help="Pass where there is no supported backend to judge."),
    click.option("-j", "--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1,
                 show_default="number of processors", help="Processes to work with."),
    click.option("--cache/--no-cache", "caching", default=True, show_default=True,
                 help="Keep what was worked out, for the next run."),
    click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path),
                 help="Where it is kept. Default: the variable CI_GATE_CACHE_DIR, else your cache "
                 "folder."),
    click.option("-q", "--quiet", is_flag=True, help="Findings and verdict, one line each."),
    click.option("-v", "--verbose", is_flag=True,
                 help="Also notes, suppressed findings, evidence, skipped files."),
    click.option("--no-color", is_flag=True, help="No colour (also: the variable NO_COLOR)."),
)  # fmt: skip
_SHARDS = click.option(
    "--shard-dir", type=click.Path(file_okay=False, path_type=Path), default="ci-gate-shards",
    show_default=True, help="Folder that the parts of a scan are kept in.",
)  # fmt: skip


def _judging(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_JUDGING):
        command = option(command)
    return command


@cli.command()
@_judging
@click.option("--shard", type=_ShardType(), help="Run only this part of the scan, such as 2/4, and "
              "keep what it finds for `ci-gate merge`.")  # fmt: skip
@_SHARDS
def scan(shard: Shard | None, shard_dir: Path, **asked: Any) -> None:
    """Judge the code in PATH (default: here) and print the scorecard."""
    if shard is not None:
        _scan_shard(shard, shard_dir, asked)
        return
    from ci_gate.scan import scan as run  # noqa: PLC0415

    _report(run, asked)


@cli.command()
@_judging
@_SHARDS
def merge(shard_dir: Path, **asked: Any) -> None:
    """Print the scorecard of a scan of PATH that `ci-gate scan --shard` did in parts.

    Takes the options that the parts were made with.
    """
    from ci_gate.scan import merge as run  # noqa: PLC0415
    from ci_gate.shards import ShardError, aside, read  # noqa: PLC0415

    def merged(options: Options, progress: Progress) -> Scorecard:
        try:
            config = aside(options.config, options.root, shard_dir)
            return run(replace(options, config=config), read(shard_dir), progress)
        except ShardError as error:
            _fail(str(error), INCOMPLETE)

    _report(merged, asked)


def _report(run: Callable[[Options, Progress], Scorecard], asked: dict[str, Any]) -> NoReturn:
    """Print and write the scorecard; end with its exit code."""
    verbose, quiet, no_color = asked["verbose"], asked["quiet"], asked["no_color"]
    with _failures(verbose):
        from ci_gate.reports import Style, render  # noqa: PLC0415

        with _progress(quiet) as progress:
            scorecard = run(_options(asked), progress)
        if verbose:
            for engine in scorecard.engines:
                _say(f"ci-gate: {engine.name} took {engine.seconds:.1f} s")
        pages = _pages({asked["form"], *(kind for kind, _ in asked["outputs"])})
        written = Style(color=False, quiet=quiet, verbose=verbose)
        printed = replace(written, color=_color(no_color), width=_width())
        problems: list[_Untold] = []
        for kind, target in ((asked["form"], None), *asked["outputs"]):
            try:
                if target is None:
                    _print(render(scorecard, kind, printed, pages))
                else:
                    _write(target, render(scorecard, kind, written, pages))
            except _Untold as error:  # the others are written none the less
                problems.append(error)
        if problems:
            raise _Untold(*(problem for error in problems for problem in error.problems))
    sys.exit(scorecard.exit_code)


def _scan_shard(shard: Shard, folder: Path, asked: dict[str, Any]) -> None:
    with _failures(asked["verbose"]):
        from ci_gate.reports.text import plural  # noqa: PLC0415
        from ci_gate.scan import scan_shard  # noqa: PLC0415
        from ci_gate.shards import ShardError, aside, write  # noqa: PLC0415

        if asked["outputs"] or asked["form"] != "terminal":
            _fail("a part of a scan has no report; give --format and --output to `ci-gate merge`")
        options = _options(asked)
        config = aside(options.config, options.root, folder)
        with _progress(asked["quiet"]) as progress:
            part = scan_shard(replace(options, config=config), shard, progress)
        for error in dict.fromkeys(error for run in part.head.engines for error in run.errors):
            _say(f"ci-gate: {error}")
        try:
            kept = write(folder, part)
        except ShardError as error:
            _fail(str(error), INCOMPLETE)
        found = plural(len(part.head.findings), "finding")
        _print(f"{kept}: part {shard}, {found}; `ci-gate merge` gives the verdict")


def _options(asked: dict[str, Any]) -> Options:
    """What the command line and the configuration ask for.

    Raises:
        ConfigError: the configuration is wrong.
    """
    from ci_gate.cache import open_cache  # noqa: PLC0415
    from ci_gate.scan import Options  # noqa: PLC0415

    path, base = asked["path"], asked["base"]
    cache = open_cache(asked["cache_dir"]) if asked["caching"] else None
    policy = _policy(path, asked["config_path"], base, cache)
    wishes = {key: asked[key] for key in _WISHES}
    config = _wishes(policy.config, wishes)
    contract = asked["contract"] == "auto"
    return Options(path, config, base, contract, asked["jobs"], policy.commit, cache)


@cli.command()
@_ROOT
@_CONFIG
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal",
              show_default=True, help="What to print.")  # fmt: skip
@click.option("--no-color", is_flag=True, help="No colour (also: the variable NO_COLOR).")
def stack(path: Path, config_path: Path | None, form: str, no_color: bool) -> None:
    """Show what PATH is built from, with the lines that tell."""
    with _failures():
        from ci_gate.config import load  # noqa: PLC0415
        from ci_gate.reports.stack import render_stack  # noqa: PLC0415
        from ci_gate.scan import survey  # noqa: PLC0415

        found, architecture = survey(path, load(path, config_path))
        _print(render_stack(found, architecture, form, color=_color(no_color), width=_width()))


@cli.command()
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal",
              show_default=True, help="What to print.")  # fmt: skip
@click.option("--no-color", is_flag=True, help="No colour (also: the variable NO_COLOR).")
def rules(form: str, no_color: bool) -> None:
    """List the rules."""
    with _failures():
        from ci_gate.reports.rules import render_rules  # noqa: PLC0415
        from ci_gate.rules.catalogue import catalogue  # noqa: PLC0415

        _print(render_rules(catalogue(), form, color=_color(no_color), width=_width()))


@cli.command()
@click.argument("rule")
@click.option("--no-color", is_flag=True, help="No colour (also: the variable NO_COLOR).")
def explain(rule: str, no_color: bool) -> None:
    """Say what RULE finds, why it is bad, and how to mend it; of a group, its rules."""
    with _failures():
        from ci_gate.reports.rules import render_rule, render_rules  # noqa: PLC0415
        from ci_gate.rules.catalogue import catalogue, find  # noqa: PLC0415

        look: dict[str, Any] = {"color": _color(no_color), "width": _width()}
        group = [page for page in catalogue() if page.group == rule]
        _print(render_rules(group, "table", **look) if group else render_rule(find(rule), **look))


@cli.command()
@_ROOT
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def init(path: Path, force: bool) -> None:
    """Write a commented .ci-gate.yml for PATH from what is found there."""
    with _failures():
        from ci_gate.config import FILE_NAMES  # noqa: PLC0415
        from ci_gate.reports.starter import render_starter  # noqa: PLC0415
        from ci_gate.scan import suggest  # noqa: PLC0415

        target = path / FILE_NAMES[0]
        if target.is_symlink():
            _fail(f"{target} is a symbolic link; make it a plain file")
        if target.exists() and not force:
            _fail(f"{target} exists; --force overwrites it")
        _write(target, render_starter(*suggest(path)))
        _say(f"wrote {target}")


@cli.command()
def clean() -> None:
    """Remove from the Docker Engine what killed runs left behind."""
    with _failures():
        from ci_gate.contract.service.docker_engine import connect  # noqa: PLC0415
        from ci_gate.contract.service.docker_run import remove_leftovers  # noqa: PLC0415
        from ci_gate.contract.service.interface import ServiceError  # noqa: PLC0415

        try:
            count = remove_leftovers(connect())
        except ServiceError as error:
            _fail(str(error), INCOMPLETE)
        _say(f"removed what {count} {'run' if count == 1 else 'runs'} left")


@cli.command(hidden=True)
def action() -> None:
    """Run as the GitHub Action: inputs and event come by environment."""
    with _failures():
        from ci_gate.github.action import run  # noqa: PLC0415

        sys.exit(run(os.environ))


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL: eval "$(ci-gate completion bash)"."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    if kind is None:
        _fail(f"no completion for {shell}")
    with _failures():
        _print(kind(cli, {}, "ci-gate", "_CI_GATE_COMPLETE").source())


def main() -> None:
    """The commands, for a program that has things to do afterwards."""
    gc.set_threshold(*_COLLECTIONS)
    with_room(lambda: cli(prog_name="ci-gate"))


def program() -> None:
    """The entry point of ``ci-gate``."""
    try:
        with Signals():
            _open_streams()
            main()
    except SystemExit as end:
        _leave(end.code)
        raise
    except OSError as error:  # of click's own words, such as the help
        _say(f"ci-gate: {_unwritten(error)}")
        _leave(INCOMPLETE)


def _open_streams() -> None:
    """Put something in the place of standard streams that the caller has closed: the next file that
    is opened would take their place. Writing to standard output fails, as it should."""
    streams = (
        ("stdin", "r", os.O_RDONLY),
        ("stdout", "w", os.O_RDONLY),
        ("stderr", "w", os.O_WRONLY),
    )
    for number, (name, mode, flags) in enumerate(streams):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _leave(code: object) -> None:
    """End the process without taking everything apart that it holds, which takes a tenth of the
    time of a scan. What wants to be done at the end is done."""
    if not isinstance(code, int) or threading.active_count() > 1:
        return
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        code = code or INCOMPLETE
    with suppress(OSError):  # there is nowhere left to tell of it
        sys.stderr.flush()
    os._exit(code)


def _policy(root: Path, path: Path | None, base: str | None, cache: Cache | None) -> Policy:
    from ci_gate.policy import of_base, of_tree  # noqa: PLC0415

    policy = of_tree(root, path, cache) if path or not base else of_base(root, base, None, cache)
    if policy.note:
        _say(f"ci-gate: {policy.note} --config names another.")
    return policy


def _pages(forms: set[str]) -> Mapping[str, RuleDoc]:
    """What the reports say of each rule; reading that takes longer than most of them."""
    if forms.isdisjoint({"markdown", "sarif"}):
        return {}
    from ci_gate.reports.rules import documentation  # noqa: PLC0415
    from ci_gate.rules.catalogue import catalogue  # noqa: PLC0415

    return documentation(catalogue())


def _wishes(config: Config, wishes: dict[str, Any]) -> Config:
    """The configuration with what the command line says instead."""
    from ci_gate.findings import Severity  # noqa: PLC0415

    given = {key: value for key, value in wishes.items() if value not in (None, ())}
    if "threshold" in given:
        given["threshold"] = Severity(given["threshold"])
    return replace(config, **given)


class _Untold(Exception):
    """Reports that could not be written, and why: one sentence each, none where the reader has gone
    away."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


@contextmanager
def _failures(verbose: bool = False) -> Iterator[None]:
    """One clear line and the right exit code for everything that can go wrong."""
    from ci_gate import tempfolder  # noqa: PLC0415
    from ci_gate.config import ConfigError  # noqa: PLC0415
    from ci_gate.git import GitError  # noqa: PLC0415
    from ci_gate.rules.names import UnknownRule  # noqa: PLC0415

    try:
        yield
    except (ConfigError, UnknownRule) as error:
        _fail(str(error))
    except GitError as error:
        _fail(str(error), INCOMPLETE)
    except _Untold as error:
        for problem in error.problems:
            _say(f"ci-gate: {problem}")
        sys.exit(INCOMPLETE)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(INCOMPLETE)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except Exception as error:
        if isinstance(error, OSError) and tempfolder.is_full(error):
            _fail(tempfolder.told(error), INCOMPLETE)
        if verbose:
            import traceback  # noqa: PLC0415

            traceback.print_exc()
        hint = "" if verbose else "; run again with -v for the trace, and report it"
        _fail(f"internal error: {type(error).__name__}: {error}{hint}", INCOMPLETE)


def _fail(message: str, code: int = USAGE_ERROR) -> NoReturn:
    for line in message.splitlines() or [""]:
        _say(f"ci-gate: {line}")
    sys.exit(code)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """A live display on standard error where a person sees it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("Starting", total=None)

        def show(stage: str, done: int, total: int | None) -> None:
            display.update(task, description=stage, completed=done, total=total)

        yield show


def _color(no_color: bool) -> bool:
    return not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()


def _width() -> int:
    from shutil import get_terminal_size  # noqa: PLC0415

    return max(60, min(get_terminal_size((100, 24)).columns, 120))


def _say(line: str) -> None:
    """A line on standard error, if that can be written to."""
    with suppress(OSError):
        click.echo(line, err=True)


def _print(text: str) -> None:
    """
    Raises:
        _Untold: standard output cannot be written to.
    """
    stream = sys.stdout
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        if not text.endswith("\n"):
            stream.write("\n")
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # for what is left of it
        if isinstance(error, BrokenPipeError):
            raise _Untold from None
        raise _Untold(_unwritten(error)) from None


def _unwritten(error: OSError) -> str:
    closed = error.errno == errno.EBADF
    return f"cannot write to standard output: {'it is closed' if closed else error.strerror}"


def _write(target: Path, text: str) -> None:
    """The whole text or nothing: a report that breaks off tells something else.

    Raises:
        _Untold: it cannot be written.
    """
    begun = False
    try:
        with target.open("w", encoding="utf-8", errors="replace") as stream:
            begun = True
            stream.write(text)
    except OSError as error:
        if begun:
            _remove(target)
        raise _Untold(f"cannot write {target}: {error.strerror or error}") from None


def _remove(target: Path) -> None:
    with suppress(OSError):
        place = target.resolve()
        if place.is_file():
            place.unlink()
