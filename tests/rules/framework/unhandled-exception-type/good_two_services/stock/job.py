from stock.errors import NotFoundError


def run():
    raise NotFoundError("item")
