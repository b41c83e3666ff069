"""Files that somebody else may have put there, opened only if they are plain files."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_KINDS: Final = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISDIR, "a folder"),
                 (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))  # fmt: skip


class NotPlain(OSError):
    """There is something else than a plain file; ``kind`` says what, with its article."""

    def __init__(self, mode: int) -> None:
        self.kind = next((name for is_one, name in _KINDS if is_one(mode)), "a device")
        super().__init__(errno.EINVAL, f"it is not a file but {self.kind}")


def open_file(path: Path, *, follow: bool = False) -> BinaryIO:
    """The file, opened. No link is followed (it would lead the gate to what others cannot read)
    unless ``follow`` says so, and nothing is opened that can wait for ever (a pipe).

    Raises:
        NotPlain: it is not a plain file.
        OSError: it cannot be read.
    """
    try:
        descriptor = os.open(path, _FLAGS if follow else _FLAGS | os.O_NOFOLLOW)
    except OSError:
        mode = path.stat(follow_symlinks=follow).st_mode
        if not stat.S_ISREG(mode):
            raise NotPlain(mode) from None
        raise
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise NotPlain(mode)
    return os.fdopen(descriptor, "rb")
