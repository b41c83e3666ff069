from harbour.db.gateway import Gateway

SELECT = "SELECT id, name FROM berths"


class Berths:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def all(self) -> list[tuple]:
        return self._gateway.rows(f"{SELECT} ORDER BY name LIMIT 100")

    def one(self, berth_id: int) -> list[tuple]:
        return self._gateway.rows(f"{SELECT} WHERE id = %s", (berth_id,))

    def rename(self, berth_id: int, name: str) -> list[tuple]:
        return self._gateway.rows(
            "UPDATE berths SET name = %s WHERE id = %s RETURNING id", (name, berth_id)
        )
