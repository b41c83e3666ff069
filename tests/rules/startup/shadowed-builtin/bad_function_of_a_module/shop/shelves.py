def set(shelf: str, room: int) -> None:
    print(shelf, room)


class Shelves:
    def rooms(self) -> set[int]:  # expect: startup/shadowed-builtin
        return {1}
