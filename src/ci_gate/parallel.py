"""Work in forked processes, which inherit what was made before instead of having it sent to them.

Each item of work gets a process of its own, forked from this one: what it finds cannot depend on
which items were done before it, nor on how many processes there are at a time.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, NoReturn, TypeVar

Result = TypeVar("Result")

_READ: Final = 1 << 20
_PATIENCE: Final = 3.0


class WorkerDied(Exception):
    """A process ended before it had given the result of item ``index``."""

    def __init__(self, index: int, code: int) -> None:
        how = f"signal {-code}; it may have run out of memory" if code < 0 else f"code {code}"
        super().__init__(f"its process ended with {how}")
        self.index = index


def can_fork() -> bool:
    """macOS is left out: its system libraries do not survive a fork of a process with threads."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def forked(work: Callable[[int], Result], count: int, jobs: int) -> Iterator[Result]:
    """``work(0)`` to ``work(count - 1)`` in that order, each done by a process of its own, at most
    ``jobs`` at a time. They are begun in that order too, so the longest should come first.

    Raises:
        WorkerDied: a process was killed, could not be started, or ``work`` raised.
    """
    waiting = iter(range(count))
    running: dict[int, _Child] = {}
    results: dict[int, Result] = {}
    wanted = 0
    gc.freeze()  # a collection in a child would copy every page of what it inherited
    try:
        while wanted < count:
            while len(running) < jobs and (index := next(waiting, None)) is not None:
                child = _Child(work, index)
                running[child.pipe] = child
            for child in _ended(running):
                del running[child.pipe]
                results[child.index] = child.result()
            while wanted in results:
                yield results.pop(wanted)
                wanted += 1
    finally:
        for child in running.values():
            child.interrupt()
        for child in running.values():
            child.end()


class Beside(Generic[Result]):
    """``work()`` in a process of its own, begun now. Leaving the context ends it."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._child = _Child(lambda _: work(), 0)

    def __enter__(self) -> Beside[Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def result(self) -> Result:
        """Wait for it.

        Raises:
            WorkerDied: the process was killed, or ``work`` raised.
        """
        while self._child.read():
            pass
        found: Result = self._child.result()
        return found


class InThread(Generic[Result]):
    """``work()`` in a thread, begun now. Leaving the context waits for it."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._results: list[Result] = []
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def _run(self, work: Callable[[], Result]) -> None:
        try:
            self._results.append(work())
        except BaseException as error:
            self._errors.append(error)

    def __enter__(self) -> InThread[Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def result(self) -> Result:
        """Wait for it; what ``work`` raised is raised here."""
        self._thread.join()
        for error in self._errors:
            raise error
        return self._results[0]


class _Child:
    """One process and the pipe that its result comes by."""

    def __init__(self, work: Callable[[int], Any], index: int) -> None:
        self._ended = self._interrupted = False
        self.index = index
        self._received = bytearray()
        self.pipe, writing = os.pipe()
        try:
            self._pid = os.fork()
        except OSError as error:
            os.close(self.pipe)
            os.close(writing)
            raise WorkerDied(index, error.errno or 1) from None
        if self._pid == 0:
            os.close(self.pipe)  # else nobody's death would end the writing
            _serve(work, index, writing)
        os.close(writing)

    def read(self) -> bool:
        """Take what has come; False at the end."""
        data = os.read(self.pipe, _READ)
        self._received += data
        return bool(data)

    def result(self) -> Any:
        self._ended = True
        os.close(self.pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        if code != 0:
            raise WorkerDied(self.index, code)
        return pickle.loads(self._received)

    def end(self) -> None:
        """Let it put its things away, unless it has given its result. What does not react within
        a while is killed."""
        if self._ended:
            return
        self.interrupt()
        with contextlib.suppress(OSError):
            poller = select.poll()
            poller.register(self.pipe, select.POLLHUP)
            deadline = time.monotonic() + _PATIENCE
            while time.monotonic() < deadline and not poller.poll(100):
                pass
        self.kill()

    def interrupt(self) -> None:
        """Tell it to stop, and so to end those that it has started; once, or that is cut off."""
        if self._interrupted:
            return
        self._interrupted = True
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGINT)

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self._pid, 0)
        with contextlib.suppress(OSError):
            os.close(self.pipe)


def _ended(running: dict[int, _Child]) -> list[_Child]:
    """Wait for one process at least to say something; those that said all."""
    poller = select.poll()
    for pipe in running:
        poller.register(pipe, select.POLLIN | select.POLLHUP)
    return [running[pipe] for pipe, _ in poller.poll() if not running[pipe].read()]


def _serve(work: Callable[[int], Any], index: int, pipe: int) -> NoReturn:
    """The life of a child. It never returns into the code of its parent."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        data = memoryview(pickle.dumps(work(index), pickle.HIGHEST_PROTOCOL))
        while data:
            data = data[os.write(pipe, data) :]
        code = 0
    finally:
        os._exit(code)
