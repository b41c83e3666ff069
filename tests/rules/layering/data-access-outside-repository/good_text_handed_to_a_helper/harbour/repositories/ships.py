from harbour.db.gateway import Gateway


class Ships:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def count(self) -> int:
        return self._gateway.value("SELECT count(*) FROM ships")

    def at(self, berth_id: int) -> list[tuple]:
        return self._gateway.rows("SELECT id FROM ships WHERE berth_id = %s", (berth_id,))
