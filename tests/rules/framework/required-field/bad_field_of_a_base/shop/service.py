from shop.schemas import ItemAnswer, ItemOut


def present(row) -> ItemAnswer:
    return ItemAnswer(
        item=ItemOut(  # expect: framework/required-field
            id=row["id"],
            name=row["name"],
            price=row["price"],
        )
    )
