"""Images that serve more than one run of the service, made once and removed when the last is over.

What a change is judged by is up to four runs: the base's tests and those of the change, and each
once more where something failed. All start from fresh containers; only the image is the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ci_gate.config_contract import ServiceConfig
from ci_gate.signals import Signals

if TYPE_CHECKING:
    from ci_gate.contract.service.docker_image import Image
    from ci_gate.contract.service.docker_run import Run


class KeptImages:
    """A context manager: leaving removes the images. ``notes``: what could not be removed."""

    def __init__(self) -> None:
        self._made: dict[str, Image] = {}
        self._leaving = ExitStack()
        self._signals = Signals()
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        self._leaving.enter_context(self._signals)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leaving.close()

    def image(
        self, root: Path, config: ServiceConfig, own: str | None, make: Callable[[Run], Image]
    ) -> Image:
        """The image for the tree in ``root``: the one that was made before, else a new one, which
        belongs to the run that ``make`` is given. ``own``: the container that the gate runs in.

        Raises:
            ServiceError: it cannot be made.
        """
        key = _key(root, config)
        if key is not None and key in self._made:
            return self._made[key]
        from ci_gate.contract.service.docker_engine import connect  # noqa: PLC0415
        from ci_gate.contract.service.docker_run import Run  # noqa: PLC0415

        with ExitStack() as stack:
            client = connect()
            stack.callback(client.close)
            run = Run(client, own)
            stack.callback(self._remove, run)
            image = make(run)
            self._leaving.push(stack.pop_all())
        if key is not None:
            self._made[key] = image
        return image

    def _remove(self, run: Run) -> None:
        from ci_gate.contract.service.docker_engine import ENGINE_ERRORS  # noqa: PLC0415

        with self._signals.held():
            try:
                left = run.remove()
            except ENGINE_ERRORS:
                left = ["an image of this run (the Docker Engine does not answer)"]
        self.notes += [f"could not remove {item}; the next run will try again" for item in left]


def _key(root: Path, config: ServiceConfig) -> str | None:
    """What the image is made from; None where that cannot be told."""
    made_by = (config.cwd, config.setup, sorted(config.env.items()), config.docker)
    found = hashlib.sha256(repr(made_by).encode("utf-8", "surrogateescape"))
    left = [os.fsencode(root)]
    try:
        while left:
            folder = left.pop()
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
            for entry in listed:
                name = os.path.relpath(entry.path, os.fsencode(root))
                found.update(repr((name, entry.stat(follow_symlinks=False).st_mode)).encode())
                if entry.is_symlink():
                    found.update(os.fsencode(Path(os.fsdecode(entry.path)).readlink()) + b"\0")
                elif entry.is_dir():
                    left.append(entry.path)
                else:
                    found.update(_content(entry.path))
    except OSError:
        return None
    return found.hexdigest()


def _content(path: bytes) -> bytes:
    with open(path, "rb") as stream:  # noqa: PTH123 - its name may be no text
        return hashlib.file_digest(stream, "sha256").digest()
