class OrderRepository:
    def all(self):
        return []
