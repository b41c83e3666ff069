from shop.orders import OrderRepository


class OrderService:
    def __init__(self, repository: OrderRepository, clock):
        self._repository = repository
        self._clock = clock

    def page(self, kind, limit):
        rows = self._repository.find(kind=kind, limit=limit, offset=0)  # expect: any/call-arguments
        return [OrderRepository.label(row[0], limit) for row in rows]  # expect: any/call-arguments

    def place(self, order):
        self._check(order, self._clock())  # expect: any/call-arguments

    def _check(self, order):
        return order.amount > 0
