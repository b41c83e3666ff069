from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    number: str


class Orders:
    def get(self, number: str) -> Order:
        return Order(number)

    def remove(self, number: str) -> None:
        print(number)
