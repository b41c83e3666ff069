from shop.models import Order


def page(tag):
    return Order.tagged(tag)
