"""Questions that ask each other: remembered, and bounded in depth and work."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from ci_gate.codemodel.valuesets import Values

_MAX_DEPTH = 90
_MAX_STEPS = 20_000
_MAX_TRIES = 3
_NEVER = 1 << 30


class Bounds:
    def __init__(self) -> None:
        self._memo: dict[Hashable, Values] = {}
        self._active: dict[Hashable, int] = {}
        self._tries: dict[Hashable, int] = {}
        self._low = _NEVER
        self._steps = 0
        self._cut = False

    def forget(self) -> None:
        self._memo.clear()
        self._tries.clear()

    def remembered(self, key: Hashable) -> Values | None:
        return self._memo.get(key)

    def guarded(self, key: Hashable, compute: Callable[..., Values], *args: object) -> Values:
        """``compute(*args)``, remembered under ``key``.

        A question that is being answered already counts as empty. What depends on such an open
        answer is not remembered until it has been asked a few times; what was cut short by the
        bounds on depth and work is remembered for the outermost question only.
        """
        found = self._memo.get(key)
        if found is not None:
            return found
        opened = self._active.get(key)
        if opened is not None:
            self._low = min(self._low, opened)
            return ()
        depth = len(self._active)
        if depth >= _MAX_DEPTH or self._steps > _MAX_STEPS:
            self._cut = True
            return ()
        self._steps += 1
        outer, self._low = self._low, _NEVER
        self._active[key] = depth
        try:
            result = compute(*args)
        finally:
            del self._active[key]
            low, self._low = self._low, outer
            cut = self._cut
            if depth == 0:
                self._steps, self._low, self._cut = 0, _NEVER, False
        if depth == 0 or (low >= depth and not cut):
            self._memo[key] = result
        elif not cut:
            tries = self._tries[key] = self._tries.get(key, 0) + 1
            if tries >= _MAX_TRIES:
                self._memo[key] = result
            self._low = min(outer, low)
        return result
