from asyncpg import Pool

from shop.infrastructure.repositories.orders import PostgresOrders


class UnitOfWork:
    def __init__(self, pool: Pool) -> None:
        self.orders = PostgresOrders(pool)
