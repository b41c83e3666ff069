import shop.models

globals().update(vars(shop.models))


def orders():
    return Order.query.all()
