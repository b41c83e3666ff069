"""What to say where there is no room to work in."""

from __future__ import annotations

import errno
import os
import tempfile
from typing import Final

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: OSError) -> bool:
    return error.errno in _FULL


def told(error: OSError) -> str:
    """What went wrong, and the remedy where it is the temporary folder's fault."""
    reason = error.strerror or str(error)
    try:
        place = tempfile.gettempdir()
    except OSError:  # there is none; the reason names those that were tried
        return f"{reason}; name a folder by TMPDIR"
    if is_full(error) or os.fspath(error.filename or "").startswith(place):
        return (
            f"{reason} in the temporary folder {place}; make room there or name another by TMPDIR"
        )
    return str(error)
