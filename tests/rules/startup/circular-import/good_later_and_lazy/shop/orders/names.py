from shop.orders.results import Page


class Name(str):
    def of(self, page: Page):
        from shop.orders.service import NotFound

        return NotFound(page.tag)
