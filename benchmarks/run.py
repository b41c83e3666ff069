"""Measure the gate beside other tools on the same trees, in one run, and write down the ratios.

    make bench
    python benchmarks/run.py --only small,medium --medium FOLDER --output docs/performance.md

Nothing else should run on the machine meanwhile. Ratios are to ``semgrep scan`` with the rules that
the gate gives it; it alone has the ratio 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import Measurement, measure, median
from trees import Subject, described, edit, grown, subject

from ci_gate import rulesets
from ci_gate.config import Config
from ci_gate.scan import survey

_HERE = Path(__file__).resolve().parent
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_SIZES = ("small", "medium", "large", "outline")
_GROWTH = (1000, 2000, 4000, 8000)
_SEMGREP = ("--metrics=off", "--disable-version-check", "--quiet", "--json", "--no-git-ignore")

Row = tuple[str, Measurement]


def main() -> None:
    args = _arguments()
    chosen = args.only.split(",")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed programs have theirs
    parts = [_machine(args)]
    with tempfile.TemporaryDirectory(prefix="ci-gate-bench-") as name:
        work = Path(name)
        list(_measured(_small(work), work, args))  # everything is loaded once before it counts
        shutil.rmtree(work / "small")
        for size in _SIZES:
            if size in chosen:
                found = _small(work) if size == "small" else subject(
                    size, work, getattr(args, size), fetch=args.fetch
                )  # fmt: skip
                parts.append(_table(found, list(_measured(found, work, args))))
                shutil.rmtree(found.folder, ignore_errors=True)
        if "growth" in chosen:
            parts.append(_growth(work, args))
    text = "\n\n".join(parts)
    print(text)
    if args.output:
        _write(args.output, text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default=",".join((*_SIZES, "growth")), metavar="NAMES")
    for size in _SIZES[1:]:
        parser.add_argument(f"--{size}", type=Path, help="a tree to take for it")
    parser.add_argument("--fetch", action=argparse.BooleanOptionalAction, default=True,
                        help="clone open-source projects; else trees are generated")  # fmt: skip
    parser.add_argument("--growth-up-to", type=int, default=_GROWTH[-1], metavar="FILES")
    parser.add_argument("--runs", type=int, default=3, help="of each warm scan; the median counts")
    parser.add_argument("--timeout", type=float, default=1800.0, help="seconds for one scan")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--output", type=Path, help="the page that the tables go into")
    return parser.parse_args()


def _small(work: Path) -> Subject:
    folder = work / "small"
    shutil.copytree(_HERE.parent / "demo" / "base", folder)
    return described("small", "the demo", folder)


def _gate(subject: Subject, work: Path, args: argparse.Namespace, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "ci_gate", "scan", str(subject.folder), "--format=json",
        "--contract=off", "--allow-empty", f"--jobs={args.jobs}", f"--cache-dir={work / 'cache'}",
        *more,
    ]  # fmt: skip


def _measured(subject: Subject, work: Path, args: argparse.Namespace) -> Iterator[Row]:
    """Each tool on one tree. The file system's own cache is warm for all: the tree was just
    written and counted."""

    def run(command: Sequence[str], **more: str) -> Measurement:
        return measure(command, subject.folder, args.timeout, more)

    repeats = range(args.runs if subject.files < 2000 else 1)
    gate = _gate(subject, work, args)

    def from_nothing() -> Measurement:
        shutil.rmtree(work / "cache", ignore_errors=True)
        return run(gate)

    cold = median([from_nothing() for _ in range(args.runs if subject.files < 200 else 1)])
    if cold.finished and cold.code not in (0, 1):
        sys.exit(f"{' '.join(gate)} ended with {cold.code}: there is nothing to measure")
    yield "ci-gate, cold", cold
    if cold.finished:
        yield "ci-gate, warm", median([run(gate) for _ in range(args.runs)])
        for what, path in (("file", subject.edited), ("test", subject.test)):
            edited = []
            for number in range(args.runs if path else 0):
                edit(path, number)
                edited.append(run(gate))
            if edited:
                yield f"ci-gate, one {what} changed", median(edited)
    config = work / "rules.json"
    count = _rules(subject, config)
    if count and (semgrep := _program("semgrep")):
        call = [semgrep, "scan", *_SEMGREP, f"--config={config}", f"--jobs={args.jobs}", "."]
        home = {"HOME": str(work), "SEMGREP_SETTINGS_FILE": str(work / "settings.yml"),
                "PATH": f"{Path(semgrep).parent}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
        yield "semgrep scan", median([run(call, **home) for _ in repeats])
        quick = [*call[:2], "--experimental", *call[2:]]
        yield "semgrep scan --experimental", median([run(quick, **home) for _ in repeats])
    python = subject.edited.suffix == ".py"
    if python and (imports := _program("lint-imports")):
        settings = _import_contract(subject)
        if settings is not None:
            there = {"PYTHONPATH": str(settings.parent)}
            command = [imports, f"--config={settings}", "--no-cache"]
            yield "import-linter (layers only)", run(command, **there)
    if not python and (cruiser := _program("depcruise")):
        command = [cruiser, "--no-config", "--output-type=err", "."]
        yield "dependency-cruiser (imports only)", run(command)


def _rules(subject: Subject, target: Path) -> int:
    """The rules that the gate gives to Semgrep for this tree; how many."""
    stack, _ = survey(subject.folder, Config())
    rules = [
        {**rule.definition, "id": f"r{number}"}
        for number, rule in enumerate(rulesets.for_stack(stack))
    ]
    target.write_text(json.dumps({"rules": rules}, default=str), "utf-8")
    return len(rules)


def _import_contract(subject: Subject) -> Path | None:
    """A layers contract on the tree's only top-level package, the nearest to the same work."""
    packages = sorted(item.parent for item in subject.folder.glob("*/__init__.py"))
    if len(packages) != 1:
        return None
    inner = sorted(item.parent.name for item in packages[0].glob("*/__init__.py"))[:2]
    if len(inner) < 2:
        return None
    settings = subject.folder / ".importlinter"
    settings.write_text(
        f"[importlinter]\nroot_package = {packages[0].name}\n\n[importlinter:contract:1]\n"
        f"name = layers\ntype = independence\nmodules =\n"
        + "".join(f"    {packages[0].name}.{name}\n" for name in inner),
        "utf-8",
    )
    return settings


def _growth(work: Path, args: argparse.Namespace) -> str:
    lines = [
        "### Growth",
        "Generated Python services, cold. The last column is the time against that of half as many"
        " files.",
        "| files | lines | wall | processor | memory | growth |\n|---|---|---|---|---|---|",
    ]
    before: Measurement | None = None
    for files in (size for size in _GROWTH if size <= args.growth_up_to):
        found = grown(files, work)
        shutil.rmtree(work / "cache", ignore_errors=True)
        run = measure(_gate(found, work, args), found.folder, args.timeout)
        times = f"{run.wall / before.wall:.2f} ×" if before and run.finished else ""
        lines[-1] += f"\n| {found.files:,} | {found.lines:,} | {_cells(run)} | {times} |"
        shutil.rmtree(found.folder, ignore_errors=True)
        if not run.finished:
            break
        before = run
    return "\n\n".join(lines)


def _table(subject: Subject, rows: Sequence[Row]) -> str:
    whole = next((run.wall for name, run in rows if name == "semgrep scan"), None)
    lines = [
        f"### {subject.name.capitalize()}: {subject.what}, {subject.files:,} files, "
        f"{subject.lines:,} lines\n",
        "| | ratio | wall | processor | memory |",
        "|---|---|---|---|---|",
    ]
    for name, run in rows:
        ratio = f"{run.wall / whole:.2f}" if whole and run.finished else ""
        lines.append(f"| {name} | {ratio} | {_cells(run)} |")
    return "\n".join(lines)


def _cells(run: Measurement) -> str:
    if not run.finished:
        return f"more than {run.wall:.0f} s | {run.cpu:.1f} s | {run.memory:,.0f} MB"
    return f"{run.wall:.2f} s | {run.cpu:.2f} s | {run.memory:,.0f} MB"


def _machine(args: argparse.Namespace) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, Semgrep {metadata.version('semgrep')}, "
        f"{args.jobs} jobs; load before the run: {os.getloadavg()[0]:.1f}."
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def _program(name: str) -> str | None:
    for beside in (Path(sys.executable).parent / name, _HERE / "node_modules" / ".bin" / name):
        if beside.is_file():
            return str(beside)
    return shutil.which(name)


def _write(page: Path, text: str) -> None:
    """Put the tables between the marks of the page."""
    whole = page.read_text("utf-8")
    before, _, rest = whole.partition(_BEGIN)
    after = rest.partition(_END)[2]
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", "utf-8")


if __name__ == "__main__":
    main()
