from shop.orders.service import NotFound  # expect: startup/circular-import


class Page:
    def __init__(self, tag, rows):
        if rows is None:
            raise NotFound(tag)
        self.tag = tag
