import builtins


class LoanStore:
    titles: list[str]

    def due(self, keys: list[int]) -> list[str]:
        return []

    def list(self, keys: list[int]) -> list[str]:
        found: list[str] = []
        return found

    def late(self) -> "list[str]":
        return list(self.titles)

    def early(self) -> "tuple[list[str], int]":
        return [], 0

    def first(self) -> builtins.list[str]:
        return []


class Shelf:
    def books(self) -> list[str]:
        return []


class Room:
    def list(self) -> str:
        return ""

    list = list  # another name again

    def shelves(self) -> list[str]:
        return []
