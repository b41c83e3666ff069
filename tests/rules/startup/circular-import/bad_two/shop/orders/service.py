from shop.orders.results import Page


class NotFound(Exception):
    pass


def page(tag):
    return Page(tag, [])
