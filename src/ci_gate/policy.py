"""Which configuration judges a change: the base's, so that no change loosens its own gate."""

from __future__ import annotations

from pathlib import Path

from ci_gate.cache import Cache
from ci_gate.config import FILE_NAMES, Config, ConfigError, load, name_in, parse
from ci_gate.data import dataclass
from ci_gate.git import GitError
from ci_gate.plainfile import open_file
from ci_gate.repository import CommitTree, WorkTree


@dataclass(frozen=True, slots=True)
class Policy:
    """A configuration and where it is from.

    ``commit``: the base that it was read from, and that the rulesets it names are read from; None:
    the work tree. ``note``: what the change's author must know of it, one sentence or none.
    """

    config: Config
    commit: str | None = None
    note: str = ""


def of_tree(root: Path, path: Path | None = None, cache: Cache | None = None) -> Policy:
    """The configuration on disk, at ``path`` or under a known name.

    Raises:
        ConfigError: the file is wrong.
    """
    return Policy(load(root, path, cache))


def of_base(root: Path, base: str, path: Path | None = None, cache: Cache | None = None) -> Policy:
    """The configuration that the merge base with ``base`` holds, at ``path`` or under a known name
    in the root; the defaults where it holds none there. Where there is no base to read, the one on
    disk: such a run is incomplete, and neither blocks nor passes.

    Raises:
        ConfigError: the file is wrong, in the base or as the change leaves it, or ``path`` is not
            in the base.
    """
    folder, names = (root, FILE_NAMES) if path is None else (path.parent, (path.name,))
    tree = WorkTree(folder)
    try:
        commit = CommitTree(tree.git, tree.git.merge_base(base))
    except GitError:
        return of_tree(root, path, cache)
    before = next((name for name in names if commit.holds(name)), None)
    here = name_in(folder, names)
    if before is None and path is not None:
        raise ConfigError(
            f"{path.name} is not in the base, which the configuration is read from; it can be "
            "named once it is merged"
        )
    if before is None:
        if here is not None:
            _raise(_problems(folder / here), here)
        note = f"{here} is new in this change and takes effect once merged." if here else ""
        return Policy(Config(), commit.commit, note)
    if not commit.exists(before):
        raise ConfigError(
            f"{before} of the base is a symbolic link or too large; make it a plain file"
        )
    raw, place = commit.read(before), folder / before
    if here == before and _holds(place, raw):
        return Policy(parse(raw, before, place, cache), commit.commit)
    own = _problems(folder / here) if here else ()
    try:
        config = parse(raw, f"{before} of the base", place)
    except ConfigError as error:
        mended = (
            "This change mends it: judge with its own configuration, by --config (in the Action: "
            "`config-from: head`)."
        )
        raise ConfigError(*error.problems, *((mended,) if here and not own else ())) from None
    if here is not None:
        _raise(own, here)
    done = "edits" if here else "removes"
    note = f"This change {done} {here or before}; it is judged with the base's."
    return Policy(config, commit.commit, note)


def _problems(place: Path) -> tuple[str, ...]:
    """What is wrong with the configuration that the change brings. Where a link leads (to a
    device, out of the tree) is not read."""
    if place.is_symlink():
        return (f"{place.name} is a symbolic link; make it a plain file",)
    try:
        load(place.parent, place)
    except ConfigError as error:
        return error.problems
    return ()


def _raise(problems: tuple[str, ...], name: str) -> None:
    """The change's own configuration does not judge it, but will judge all after it."""
    if problems:
        raise ConfigError(
            *problems,
            f"This change breaks {name}: once it is merged, every run ends with this error.",
        )


def _holds(place: Path, raw: bytes) -> bool:
    """Is this a plain file with these bytes? What the change has put there instead (a link to a
    device) is not read."""
    try:
        with open_file(place) as stream:
            return stream.read(len(raw) + 1) == raw
    except OSError:
        return False
