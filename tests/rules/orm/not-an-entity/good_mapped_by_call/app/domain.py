from dataclasses import dataclass


@dataclass
class Batch:
    reference: str


class Product:
    def __init__(self, sku: str) -> None:
        self.sku = sku
