class Item:
    id: int
