from django.db import models
from django.db.models import Q

from shop.models import Order
from shop.search import Q as Words


def orders(owner, title, flag, filters):
    # ruleid: orm-python-operator-in-q
    Order.objects.filter(Q(owner=owner) or Q(title=title))
    # ruleid: orm-python-operator-in-q
    query = Q(owner=owner) and Q(title=title)
    # ruleid: orm-python-operator-in-q
    Order.objects.filter(models.Q(owner=owner) and models.Q(title=title))
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q(owner=owner) | Q(title=title))
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q(owner=owner) & ~Q(title=title))
    # ok: orm-python-operator-in-q
    Order.objects.filter(filters or Q(pk__in=[]))
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q() or Q(title=title))
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q(title=title or "none"))
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q(open=flag and owner.active))
    # ok: orm-python-operator-in-q
    wanted = flag and Q(owner=owner) or Q(title=title)
    # ok: orm-python-operator-in-q
    Order.objects.filter(wanted, Words(text="a") or Words(text="b"))
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q(owner=owner) if flag or title else Q())
    if owner and Q(owner=owner) in filters:
        return None
    # ok: orm-python-operator-in-q
    return Order.objects.filter(query & Q(open=True)) if owner and title else None
