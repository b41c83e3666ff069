"""Signals that end the gate, as exceptions, so that what it started is ended on the way out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Final, NoReturn, Self

ENDING: Final = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
)
"""What ends a process, where the platform has it."""

_raised: list[int] = []
"""The signal that the process is to end by, once it has raised."""


def heed() -> None:
    """Raise once more what a signal has raised, if it did and that was lost: Python drops what is
    raised in a finalizer, and in a callback of its own imports. To be called where somebody waits
    for results, which nobody does on the way out."""
    if _raised and threading.current_thread() is threading.main_thread():
        _raise(_raised[0])


def _raise(number: int) -> NoReturn:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


class Signals:
    """While entered, a signal that would end the process raises: ``KeyboardInterrupt`` for SIGINT,
    else ``SystemExit`` with the exit code that shells give. Only the first does: another one would
    break off the end that the first has begun. Outside of the main thread nothing is changed:
    signals do not arrive there."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._held = False
        self._came: int | None = None
        self._ending = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in ENDING:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._arrive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._ending:
            _raised.clear()

    @contextmanager
    def held(self) -> Iterator[None]:
        """What arrives meanwhile is raised at the end of the block."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._came is not None:
            self._end(self._came)

    def _arrive(self, number: int, _frame: FrameType | None) -> None:
        if self._held:
            self._came = number
        else:
            self._end(number)

    def _end(self, number: int) -> None:
        if self._ending:
            return
        self._ending = True
        _raised.append(number)
        _raise(number)
