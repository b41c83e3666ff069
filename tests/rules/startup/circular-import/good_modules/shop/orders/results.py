from shop.orders import service


class Page:
    def __init__(self, tag, rows):
        if rows is None:
            raise service.NotFound(tag)
        self.tag = tag
