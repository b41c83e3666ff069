"""From a tree of files to the whole-program model."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pickle import PicklingError

from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.syntax import Module
from ci_gate.repository import Skipped, Tree

_PYTHON = (".py",)
_SCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_NOT_SOURCE = re.compile(
    r"\.d\.[cm]?ts$|[.-]min\.[cm]?js$|(?:^|/)(?:node_modules|bower_components|site-packages|__pycache__"
    r"|\.venv|venv|\.next|\.nuxt)/|\.bundle\.js$"
)
_BUILT = re.compile(r"(?:^|/)(?:dist|build|out|\.output)/")
_VENDORED = re.compile(r"(?:^|/)(?:vendor|vendored|third_party)/")
_ASSET = re.compile(r"(?:^|/)static/(?!.*\bsrc/).*\.js$")
_LONGEST_LINE = 5_000
_MAX_BYTES = 2 * 1024 * 1024
_MIN_JOBS, _MIN_FILES = 3, 400
"""Below these, handing the trees back between processes costs more than parsing them here."""

Progress = Callable[[int, int], object]


def build(
    tree: Tree,
    files: Sequence[str] | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> CodeModel:
    """Reads the sources of ``tree`` (or just ``files`` of it) into one model.

    Args:
        jobs: processes to parse with; a pool is made only where it pays.
        progress: called with (files done, files in all).
    """
    sources: list[tuple[str, bytes]] = []
    skipped: list[Skipped] = []
    for path in sorted(tree.files if files is None else files):
        if not is_source(path):
            continue
        try:
            data = tree.read(path)
        except OSError as error:
            skipped.append(Skipped(path, f"cannot be read: {error.strerror or 'vanished'}", True))
            continue
        reason = _unfit(path, data)
        if reason is not None:
            skipped.append(Skipped(path, reason))
            continue
        sources.append((path, data))
    modules: dict[str, Module] = {}
    with _collection_paused(freeze=len(sources) >= _MIN_FILES):
        for done, (path, module) in enumerate(_lowered(sources, jobs), 1):
            if module is None:
                skipped.append(Skipped(path, "cannot be parsed", True))
            else:
                modules[path] = module
            if progress is not None:
                progress(done, len(sources))
        return CodeModel(tree, modules, tuple(skipped))


@contextmanager
def _collection_paused(*, freeze: bool) -> Iterator[None]:
    """Millions of live nodes and no garbage: collecting would take almost half of the time.

    With ``freeze`` later collections pass over the nodes of a large tree, too; they live as long
    as the process.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if freeze:
            gc.freeze()
        if enabled:
            gc.enable()


def is_source(path: str) -> bool:
    """The path names a source file that people write."""
    return path.endswith((*_PYTHON, *_SCRIPT)) and not _NOT_SOURCE.search(path)


def lower_file(path: str, source: bytes) -> Module:
    """The facts of one file: a pure function of its path and bytes."""
    if path.endswith(_PYTHON):
        from ci_gate.codemodel.python import lower as lower_python  # noqa: PLC0415

        return lower_python(path, source)
    from ci_gate.codemodel.javascript import lower as lower_script  # noqa: PLC0415

    return lower_script(path, source)


def _unfit(path: str, data: bytes) -> str | None:
    if len(data) > _MAX_BYTES:
        return "larger than 2 MiB"
    if b"\0" in data[:8192]:
        return "binary"
    if path.endswith(_SCRIPT):
        if _VENDORED.search(path):
            return "vendored"
        if _ASSET.search(path):
            return "static asset"
        longest = max(map(len, data.split(b"\n", 400)[:400]), default=0)
        if longest > _LONGEST_LINE and (len(data) > 4 * _LONGEST_LINE or _BUILT.search(path)):
            return "generated"
        if _BUILT.search(path) and (b"sourceMappingURL=" in data[-400:] or b"__esModule" in data):
            return "generated"
    return None


def _lowered(
    sources: Sequence[tuple[str, bytes]], jobs: int
) -> Iterator[tuple[str, Module | None]]:
    if jobs < _MIN_JOBS or len(sources) < _MIN_FILES:
        yield from map(_lower, sources)
        return
    done = 0
    try:
        with ProcessPoolExecutor(max_workers=jobs) as pool:
            for result in pool.map(_lower, sources, chunksize=16):
                done += 1
                yield result
    except (BrokenProcessPool, OSError, RecursionError, PicklingError):
        yield from map(_lower, sources[done:])


def _lower(source: tuple[str, bytes]) -> tuple[str, Module | None]:
    path, data = source
    try:
        return path, lower_file(path, data)
    except (RecursionError, MemoryError):
        return path, None
