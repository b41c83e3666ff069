from shop.models import Shelf


async def labels(database):
    return [Shelf.as_row(row) for row in await Shelf.all_labels(database)]
