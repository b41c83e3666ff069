from __future__ import annotations


class LoanStore:
    def list(self) -> list[str]:
        return []

    def due(self, keys: list[int]) -> list[str]:
        return []
