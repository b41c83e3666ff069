"""Regular expressions that are compiled when they are first used.

The gate has some six hundred, and one run uses a part of them: compiling all when their modules are
loaded takes longer than reading the files of a small service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["regex"]

if TYPE_CHECKING:
    from re import compile as regex
else:
    import re

    _ATTRIBUTES = tuple(name for name in dir(re.Pattern) if not name.startswith("_"))

    class regex:
        """What ``re.compile`` gives, made when it is first asked for anything."""

        def __init__(self, pattern, flags=0):
            self.__dict__["_said"] = (pattern, flags)

        def __getattr__(self, name):
            if name not in _ATTRIBUTES:
                raise AttributeError(name)
            compiled = re.compile(*self._said)
            self.__dict__.update((known, getattr(compiled, known)) for known in _ATTRIBUTES)
            return self.__dict__[name]

        def __repr__(self):
            return repr(re.compile(*self._said))
