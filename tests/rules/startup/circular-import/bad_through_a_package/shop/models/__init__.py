from shop.models.order import Order  # expect: startup/circular-import
from shop.models.base import Base

__all__ = ["Base", "Order"]
