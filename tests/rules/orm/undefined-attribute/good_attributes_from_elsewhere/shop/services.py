from shop.models import Item, Line, Order


def store():
    return Item().save()


def orders(viewer):
    found = Order.query.all()
    for order in found:
        order.like = bool(order.likes)
        order.viewer = viewer
    return [serialize(order) for order in found], Order.latest()


def serialize(order):
    return {"id": order.id, "like": order.like, "viewer": order.viewer}


def lines():
    return [line.total for line in Line.query]
