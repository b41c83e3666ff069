from results import LoanView


class LoanStore:
    def remove(self, shelf: str, loan: int) -> None:
        print(shelf, loan)

    @classmethod
    def empty(cls, size: int) -> "LoanStore":
        return cls()


class LoanService:
    def __init__(self, store: LoanStore) -> None:
        self._store = store

    def remove(self, shelf: str, loan: int, *, member: str) -> LoanView:
        self._store.remove(shelf)  # expect: framework/argument-mismatch
        return LoanView(title=shelf, notes=[])  # expect: framework/argument-mismatch
