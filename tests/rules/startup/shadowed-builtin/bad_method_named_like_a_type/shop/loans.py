class LoanStore:
    def __init__(self, rows: dict[int, str]) -> None:
        self._rows = rows

    def list(self, after: list[int] | None = None) -> list[str]:
        return [title for key, title in self._rows.items() if key not in (after or ())]

    def due(self, keys: list[int]) -> dict[int, str]:  # expect: startup/shadowed-builtin
        return {key: self._rows[key] for key in keys}

    async def late(self) -> tuple[list[str], int]:
        return [], 0
