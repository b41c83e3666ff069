from __future__ import annotations

from typing import TYPE_CHECKING

from shop.orders.service import NotFound

if TYPE_CHECKING:
    from shop.orders.names import Name


class Page:
    def __init__(self, tag: Name, rows):
        if rows is None:
            raise NotFound(tag)
        self.tag = tag
