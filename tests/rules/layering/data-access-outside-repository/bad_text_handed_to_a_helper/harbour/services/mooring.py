from harbour.repositories.berths import Berths
from harbour.repositories.ships import Ships


class Mooring:
    def __init__(self, berths: Berths, ships: Ships) -> None:
        self._berths = berths
        self._ships = ships

    def berths(self) -> list[tuple]:
        return self._berths.all()

    def ships(self) -> int:
        return self._ships.count()
