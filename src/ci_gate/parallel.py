"""Work in forked processes, which inherit what was made before instead of having it sent to them.

Where a result could depend on what was done before it, it gets a process of its own, however many
there are at a time (``Beside``). Where it cannot, as with the facts of a file, a process does one
item after the other (``shared``).
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
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Generic, NoReturn, TypeVar

from ci_gate.signals import ENDING, heed

Result = TypeVar("Result")
Sent = TypeVar("Sent")

_READ: Final = 1 << 20
_LENGTH: Final = 8
_PATIENCE: Final = 3.0
_GLANCE: Final = 100
"""Milliseconds of waiting at a time: an interrupt that comes just before a call that blocks is not
seen until the call ends."""


class WorkerDied(Exception):
    """A process was not there, or ended before it had given its result; the text says how."""


def can_fork() -> bool:
    """macOS is left out: its system libraries do not survive a fork of a process with threads."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def shared(
    here: Callable[[int], Result],
    there: Callable[[int], Sent],
    received: Callable[[int, Sent], Result],
    count: int,
    jobs: int,
) -> Iterator[Result]:
    """Items 0 to ``count - 1`` of work whose result costs more to send than to keep, as they are
    done: by this process, which does ``here(item)``, and by others beside it, which send
    ``there(item)``, of which ``received`` makes the same. Each takes the next item when it is done
    with one, so there should be many more items than jobs, up to 1,024. Those of a process that
    died are done here.
    """
    queue = _Queue(count)
    helpers: dict[int, _Helper] = {}
    left = set(range(count))
    try:
        for _ in range(jobs - 1):
            with contextlib.suppress(OSError):  # no other process: more is done here
                helper = _Helper(there, queue)
                helpers[helper.pipe] = helper
        taken: int | None = 0
        while left:
            for helper in _heard(helpers, wait=taken is None):
                for index, sent in helper.arrived():
                    left.discard(index)
                    yield received(index, sent)
            taken = queue.take()
            if taken is None and left and not helpers:
                taken = min(left)
            if taken is not None:
                left.discard(taken)
                yield here(taken)
    finally:
        queue.close()
        for helper in helpers.values():
            helper.interrupt()
        for helper in helpers.values():
            helper.end()


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


class _Process:
    """A process forked from this one, and the pipe that its words come by."""

    _ended = True  # there is none yet

    def __init__(self, live: Callable[[Callable[[bytes], None]], None]) -> None:
        """``live`` is all that it does; it is given what sends bytes here.

        Raises:
            OSError: there can be no other process.
        """
        self._interrupted = False
        self._received = bytearray()
        self._parent = os.getpid()
        gc.freeze()  # a collection in the other would copy every page of what it inherited
        self.pipe, writing = os.pipe()
        # An interrupt between the fork and its result would leave a process that nobody knows of.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            self._pid = os.fork()
        except OSError:
            os.close(self.pipe)
            os.close(writing)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            raise
        if self._pid == 0:
            os.close(self.pipe)  # else nobody's death would end the writing
            _live(live, writing, mask)
        self._ended = False
        try:
            os.close(writing)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        except BaseException:
            self.end()
            raise

    def __del__(self) -> None:
        """An interrupt came before somebody could take care of the process."""
        if not self._ended and self._parent == os.getpid():
            self.end()

    def read(self) -> bool:
        """Take what has come, as soon as there is something; False at the end."""
        _speaking([self.pipe])
        data = os.read(self.pipe, _READ)
        self._received += data
        return bool(data)

    def wait(self) -> int:
        """The code with which it ended, once it has."""
        self._ended = True
        os.close(self.pipe)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def end(self) -> None:
        """Let it put its things away, unless it has given its result. What does not react within
        a while is told once more, since Python drops an interrupt at times, and then killed."""
        if self._ended:
            return
        self.interrupt()
        if not self._is_gone(_PATIENCE):
            self._tell()
            self._is_gone(_PATIENCE / 4)
        self.kill()

    def _is_gone(self, patience: float) -> bool:
        """Does it end within so many seconds?"""
        with contextlib.suppress(OSError):
            poller = select.poll()
            poller.register(self.pipe, select.POLLHUP)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if poller.poll(_GLANCE):
                    return True
        return False

    def interrupt(self) -> None:
        """Tell it to stop, and so to end those that it has started; once, or that is cut off."""
        if self._interrupted or self._ended:
            return
        self._interrupted = True
        self._tell()

    def _tell(self) -> None:
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGINT)

    def kill(self) -> None:
        self._ended = True
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self._pid, 0)
        with contextlib.suppress(OSError):
            os.close(self.pipe)


class Beside(_Process, Generic[Result]):
    """``work()`` in a process of its own, begun now. Leaving the context ends it."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._missing = ""
        try:
            super().__init__(lambda send: send(_dumped(work())))
        except OSError as error:
            self._missing = f"no process could be started: {error.strerror or error}"

    def __enter__(self) -> Beside[Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def result(self) -> Result:
        """Wait for it.

        Raises:
            WorkerDied: the process could not be started or was killed, or ``work`` raised.
        """
        if self._missing:
            raise WorkerDied(self._missing)
        while self.read():
            pass
        code = self.wait()
        if code < 0:
            raise WorkerDied(f"signal {-code} ended the process; it may have run out of memory")
        if code > 0:
            raise WorkerDied(f"the process ended with code {code}")
        found: Result = pickle.loads(self._received)
        return found


class _Helper(_Process):
    """A process that does items of work as long as there are any."""

    def __init__(self, work: Callable[[int], Any], queue: _Queue) -> None:
        def live(send: Callable[[bytes], None]) -> None:
            while (index := queue.take()) is not None:
                done = _dumped((index, work(index)))
                send(len(done).to_bytes(_LENGTH, "little") + done)

        super().__init__(live)
        import fcntl  # noqa: PLC0415  there is none on Windows, nor a fork

        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):  # a user may have so much of all pipes, no more
                fcntl.fcntl(self.pipe, fcntl.F_SETPIPE_SZ, _READ)

    def arrived(self) -> Iterator[tuple[int, Any]]:
        """The items that have come whole."""
        while len(self._received) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._received[:_LENGTH], "little")
            if len(self._received) < end:
                return
            done = pickle.loads(self._received[_LENGTH:end])
            del self._received[:end]
            yield done


class _Queue:
    """Numbers that several processes take, each of them once."""

    def __init__(self, count: int) -> None:
        self._pipe, filling = os.pipe()
        os.write(filling, b"".join(index.to_bytes(4, "little") for index in range(count)))
        os.close(filling)

    def take(self) -> int | None:
        """The next number; None where none is left."""
        data = os.read(self._pipe, 4)
        return int.from_bytes(data, "little") if data else None

    def close(self) -> None:
        os.close(self._pipe)


def _heard(helpers: dict[int, _Helper], *, wait: bool) -> list[_Helper]:
    """Those that said something; of those that end, what they said before."""
    heard = []
    for pipe in _speaking(helpers, None if wait else 0):
        helper = helpers[pipe]
        if helper.read():
            heard.append(helper)
        else:
            del helpers[pipe]
            helper.wait()
    return heard


def _speaking(processes: Iterable[int], patience: int | None = None) -> list[int]:
    """The pipes that something can be read from, or that were closed, within ``patience``
    milliseconds (None: however long it takes)."""
    poller = select.poll()
    for pipe in processes:
        poller.register(pipe, select.POLLIN | select.POLLHUP)
    heed()
    found = poller.poll(_GLANCE if patience is None else patience)
    while patience is None and not found:
        heed()
        found = poller.poll(_GLANCE)
    return [pipe for pipe, _ in found]


def _live(
    live: Callable[[Callable[[bytes], None]], None], pipe: int, mask: Iterable[int]
) -> NoReturn:
    """The life of another process. It never returns into the code of its parent."""

    def send(data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(pipe, rest) :]

    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with contextlib.suppress(BaseException):  # so that what holds other processes lets them go
            live(send)
            code = 0
    finally:
        os._exit(code)


def _dumped(result: Any) -> bytes:
    return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
