from shop.stock.services.stock import left


def bill():
    return left()
