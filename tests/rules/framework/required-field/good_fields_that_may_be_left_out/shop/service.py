from shop.schemas import Aliased, Filled, ItemOut, Named, Own


def present(row):
    return [
        ItemOut(id=row["id"]),
        Aliased(x_id=row["id"], x_name=row["name"]),
        Named(number=row["id"]),
        Filled(id=row["id"]),
        Own(id=row["id"]),
    ]
