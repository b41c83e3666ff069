from shop.schemas import ItemOut, Page


def present(row) -> Page:
    item = ItemOut(id=row["id"], unitPrice=row["price"], name=row["name"])
    return Page(items=[item], count=1)  # expect: framework/required-field
