class NotFound(Exception):
    pass


from shop.orders.results import Page  # noqa: E402


def page(tag):
    return Page(tag, [])
