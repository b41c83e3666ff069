"""The nodes of parsed SQL: sqlglot's expressions, loaded when the first statement is looked at.

They take longer to load than a service without SQL texts to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["exp"]

if TYPE_CHECKING:
    from sqlglot import exp
else:

    class _Expressions:
        def __getattr__(self, name):
            from sqlglot import exp as loaded  # noqa: PLC0415

            setattr(self, name, found := getattr(loaded, name))
            return found

    exp = _Expressions()
