"""Which configuration judges a change: the base's, so that no change loosens its own gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ci_gate.config import FILE_NAMES, Config, ConfigError, load, parse
from ci_gate.git import GitError
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


def of_tree(root: Path, path: Path | None = None) -> Policy:
    """The configuration on disk, at ``path`` or under a known name.

    Raises:
        ConfigError: the file is wrong.
    """
    return Policy(load(root, path))


def of_base(root: Path, base: str, name: str | None = None) -> Policy:
    """The configuration that the merge base with ``base`` holds, at ``name`` (relative to the root)
    or under a known name; the defaults where it holds none. Where there is no base to read, the
    one on disk: such a run is incomplete, and blocks and passes nothing.

    Raises:
        ConfigError: the file is wrong, or ``name`` is not there.
    """
    tree = WorkTree(root)
    try:
        commit = CommitTree(tree.git, tree.git.merge_base(base))
    except GitError:
        return of_tree(root, root / name if name else None)
    names = (name,) if name else FILE_NAMES
    found = next((item for item in names if commit.holds(item)), None)
    here = next((item for item in names if (root / item).is_file()), None)
    if found is None and name:
        raise ConfigError(f"{name} is not in the base, which the configuration is read from")
    if found is None:
        note = f"{here} is new in this change and takes effect once merged." if here else ""
        return Policy(Config(), commit.commit, note)
    if not commit.exists(found):
        raise ConfigError(
            f"{found} of the base is a symbolic link or too large; make it a plain file"
        )
    raw = commit.read(found)
    if here == found and (root / found).read_bytes() == raw:
        return Policy(parse(raw, found, root / found), commit.commit)
    note = f"This change edits {found}; it is judged with the base's." if here else (
        f"This change removes {found}; it is judged with the base's."
    )  # fmt: skip
    return Policy(parse(raw, f"{found} of the base", root / found), commit.commit, note)
