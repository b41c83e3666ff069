from bookings.repositories.rooms import RoomRepository


def tidy(name: str) -> str:
    return name.strip().lower()


class RoomService:
    def seats(self, name: str) -> int:
        room = RoomRepository().named(name)
        return room.seats if room else 0
