from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from shop.models import Order, Tag, User

    Alias = User

try:
    from shop.models import Page
except ImportError:
    Page = None

Line = None


def load():
    global Line
    from shop.models import Line


def users() -> list[User]:
    from shop.models import User

    found: list[Order] = []
    return [user for user in User.query if user not in found]


def tags(tag: Tag | None = None):
    """Order and Tag."""
    return cast("list[Tag]", [tag])


def pages():
    return Page.query.all() if Page else [Line]


def guarded():
    try:
        return Order.query.all()
    except NameError:
        return []


def shadowed(User, rows):
    return [Tag for Tag in rows], lambda Order: Order.id, User.id
