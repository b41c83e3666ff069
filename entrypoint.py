#!/opt/constraint-gate/venv/bin/python -P
"""ci-gate, as the image's entry point; without arguments it is the Action. No shell stands before
it: shells drop variables such as INPUT_FAIL-ON, as which the runner hands inputs over.

The container is root's, so that programs of the change can be run as another user. What the gate
leaves in the workspace (reports, git's objects) has to be its owner's, who could not remove it
otherwise.
"""

import os
import signal
import sys
from types import FrameType

sys.pycache_prefix = "/opt/constraint-gate/bytecode"
sys.dont_write_bytecode = True


def main() -> None:
    # The first process of a container ignores what it has no handler for.
    signal.signal(signal.SIGTERM, leave)
    workspace = os.environ.get("GITHUB_WORKSPACE") or os.getcwd()  # noqa: PTH109
    try:
        from ci_gate.cli import main as gate  # noqa: PLC0415

        gate()
    finally:
        hand_over(workspace)


def leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def hand_over(workspace: str) -> None:
    """Give root's files in the workspace to its owner."""
    try:
        owner = os.stat(workspace)  # noqa: PTH116
    except OSError:
        return
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    for _, folders, files, at in os.fwalk(workspace):
        for name in (*folders, *files):
            try:
                status = os.stat(name, dir_fd=at, follow_symlinks=False)
                if status.st_uid == 0 and status.st_dev == owner.st_dev:
                    os.chown(name, owner.st_uid, owner.st_gid, dir_fd=at, follow_symlinks=False)
            except OSError:
                continue


if __name__ == "__main__":
    main()
