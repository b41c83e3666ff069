"""What a way to start the service under test offers. One module beside this one per way."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self


class ServiceError(Exception):
    """The service could not be set up or did not come up. The text is for people."""


class NotUp(ServiceError):
    """The service's own doing: it was started as told (or its migration was), and it ended or did
    not answer."""


class Service(Protocol):
    """A context manager: entering starts the service and waits until it answers, leaving ends it
    with everything that it started.

    Raises:
        ServiceError: on entering.
    """

    @property
    def base_url(self) -> str:
        """Where it listens, without a trailing slash."""
        ...

    @property
    def log(self) -> str:
        """The tail of what it has printed."""
        ...

    @property
    def notes(self) -> list[str]:
        """Sentences on how it ran that whoever reads the result should know; all of them once it
        has ended."""
        ...

    def ended(self) -> str | None:
        """How a service that was up came to its end (``ended with 1``); None while it runs."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
