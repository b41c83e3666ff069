from shop.schemas import Aliased, Filled, ItemOut, Own


def present(row):
    return [
        ItemOut(id=row["id"]),
        Aliased(ID=row["id"], NAME=row["name"]),
        Filled(id=row["id"]),
        Own(id=row["id"]),
    ]
