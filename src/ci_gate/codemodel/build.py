"""From a tree of files to the whole-program model."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ci_gate.cache import Cache, name_of
from ci_gate.codemodel.model import CodeModel, Resolvers
from ci_gate.codemodel.serial import MODULES
from ci_gate.codemodel.syntax import Module, gathered
from ci_gate.codemodel.testfiles import imported, says_test, tests_among
from ci_gate.data import dataclass
from ci_gate.parallel import can_fork, shared
from ci_gate.regex import regex
from ci_gate.repository import Skipped, Tree
from ci_gate.serial import Unreadable

_PYTHON = (".py",)
_SCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_NOT_SOURCE = regex(
    r"\.d\.[cm]?ts$|[.-]min\.[cm]?js$|(?:^|/)(?:node_modules|bower_components|site-packages|__pycache__"
    r"|\.venv|venv|\.next|\.nuxt)/|\.bundle\.js$"
)
_BUILT = regex(r"(?:^|/)(?:dist|build|out|\.output)/")
_VENDORED = regex(r"(?:^|/)(?:vendor|vendored|third_party)/")
_ASSET = regex(r"(?:^|/)static/(?!.*\bsrc/).*\.js$")
_LONGEST_LINE = 5_000
_MAX_BYTES = 2 * 1024 * 1024
_MIN_FILES = 100
"""Below this, starting processes costs more than parsing the files here."""
_SHARE = 16
"""Files that a process reads before it takes others, so that none has the last word for long."""
_MOST_SHARES = 1_000
_LARGE = 400

Progress = Callable[[int, int], object]


@dataclass(slots=True)
class Parsed:
    """The facts of each file of a tree, before they are put together. ``tests`` were not read."""

    tree: Tree
    modules: dict[str, Module]
    skipped: tuple[Skipped, ...]
    tests: tuple[str, ...]
    resolvers: Resolvers

    def whole(self) -> CodeModel:
        """The model of the program that the files make."""
        with _collection_paused(freeze=len(self.modules) >= _LARGE):
            return CodeModel(self.tree, self.modules, self.skipped, self.tests, self.resolvers)


def build(
    tree: Tree, files: Sequence[str] | None = None, jobs: int = 1, cache: Cache | None = None
) -> CodeModel:
    """Reads the sources of ``tree`` into one model; see :func:`parse`."""
    return parse(tree, files, jobs, cache=cache).whole()


def parse(
    tree: Tree,
    files: Sequence[str] | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> Parsed:
    """Reads the sources of ``tree`` (or just ``files`` of it). Tests are read only as far as the
    program imports them, where there is anything else.

    Args:
        jobs: processes to parse with; a pool is made only where it pays.
        progress: called with (files done, files in all).
        cache: where the facts of files that were read before are, and those of others go.
    """
    sources: dict[str, bytes] = {}
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
        sources[path] = data
    tests = tests_among(sources) if files is None else set()
    wanted = [path for path in sources if path not in tests]
    if not wanted:
        wanted, tests = list(sources), set()
    modules: dict[str, Module] = {}
    resolvers = Resolvers(tree)
    with _collection_paused(freeze=len(wanted) >= _LARGE):
        while wanted:
            read: list[Module] = []
            shares = [(path, sources[path]) for path in wanted]
            for done, (path, module) in enumerate(_lowered(shares, jobs, cache), 1):
                if module is None:
                    skipped.append(Skipped(path, "cannot be parsed", True))
                else:
                    modules[path] = module
                    read.append(module)
                if progress is not None:
                    progress(done, len(wanted))
            wanted = sorted(imported(read, tests, resolvers.resolve)) if tests else []
            tests.difference_update(wanted)
        tree.set_aside(tests)
        in_order = {path: modules[path] for path in sorted(modules)}
        skipped.sort(key=lambda item: item.path)
        return Parsed(tree, in_order, tuple(skipped), tuple(sorted(tests)), resolvers)


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


def stays_aside(path: str, data: bytes) -> bool:
    """Would a test that was not read before not be read either with these bytes, where there are
    the same files?"""
    return _unfit(path, data) is None and says_test(path, data)


def lower_file(path: str, source: bytes) -> Module:
    """The facts of one file: a pure function of its path and bytes."""
    if path.endswith(_PYTHON):
        from ci_gate.codemodel.python import lower  # noqa: PLC0415
    else:
        from ci_gate.codemodel.javascript import lower  # noqa: PLC0415
    module = lower(path, source)
    gathered(module)
    return module


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
    sources: Sequence[tuple[str, bytes]], jobs: int, cache: Cache | None
) -> Iterator[tuple[str, Module | None]]:
    """Each file with its facts, as they come: those that are kept first."""
    missing: list[tuple[str, bytes]] = []
    for path, data in sources:
        module = _kept(path, data, cache)
        if module is None:
            missing.append((path, data))
        else:
            yield path, module
    if jobs > 1 and len(missing) >= _MIN_FILES and can_fork():
        yield from _shared_out(missing, jobs, cache)
    else:
        for source in missing:
            yield _lower_and_keep(source, cache)


def _shared_out(
    sources: Sequence[tuple[str, bytes]], jobs: int, cache: Cache | None
) -> Iterator[tuple[str, Module | None]]:
    """Facts of many files, worked out by several processes."""
    size = max(_SHARE, -(-len(sources) // _MOST_SHARES))
    shares = [sources[start : start + size] for start in range(0, len(sources), size)]

    def here(index: int) -> list[tuple[str, Module | None]]:
        return [_lower_and_keep(source, cache) for source in shares[index]]

    def there(index: int) -> list[bytes | None]:
        return [_keep(source, _lower(source), cache, pack=True) for source in shares[index]]

    def received(index: int, sent: list[bytes | None]) -> list[tuple[str, Module | None]]:
        return [
            (source[0], _lower(source) if facts is None else MODULES.load(facts))
            for source, facts in zip(shares[index], sent, strict=True)
        ]

    for done in shared(here, there, received, len(shares), jobs):
        yield from done


def _lower_and_keep(source: tuple[str, bytes], cache: Cache | None) -> tuple[str, Module | None]:
    module = _lower(source)
    _keep(source, module, cache)
    return source[0], module


def _lower(source: tuple[str, bytes]) -> Module | None:
    try:
        return lower_file(*source)
    except (RecursionError, MemoryError):
        return None


def _keep(
    source: tuple[str, bytes], module: Module | None, cache: Cache | None, *, pack: bool = False
) -> bytes | None:
    if module is None or not (pack or cache):
        return None
    facts = MODULES.dump(module)
    if cache is not None and facts is not None:
        cache.put(_name(*source), facts)
    return facts


def _kept(path: str, data: bytes, cache: Cache | None) -> Module | None:
    if cache is None:
        return None
    facts = cache.get(_name(path, data))
    try:
        return None if facts is None else MODULES.load(facts)
    except Unreadable:
        return None


def _name(path: str, data: bytes) -> str:
    """What the facts of a file depend on."""
    return name_of("facts", path, data)
