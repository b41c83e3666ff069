from shop.schemas import Discounted, ItemOut, Page


def present(row):
    item = ItemOut(id=row["id"], name=row["name"], price=row["price"])
    cheap = Discounted(id=row["id"], name=row["name"])
    same = ItemOut(name="Rope", **{"id": 1, "price": row["price"]})
    return Page[ItemOut](items=[item, cheap, same], total=3)
