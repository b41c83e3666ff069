from depot.work import WorkFactory


class Desk:
    def __init__(self, begin: WorkFactory) -> None:
        self._begin = begin

    async def close(self, number: int) -> None:
        async with self._begin() as work:
            work.crates.close(number)  # expect: orm/coroutine-not-awaited
            work.keep()  # expect: orm/coroutine-not-awaited
