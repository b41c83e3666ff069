from django.db.models import Q

from shop.models import Order


def orders(owner, title):
    # ruleid: orm-python-operator-in-q
    Order.objects.filter(Q(owner=owner) or Q(title=title))
    # ruleid: orm-python-operator-in-q
    query = Q(owner=owner) and Q(title=title)
    # ok: orm-python-operator-in-q
    Order.objects.filter(Q(owner=owner) | Q(title=title))
    # ok: orm-python-operator-in-q
    return Order.objects.filter(query & Q(open=True)) if owner and title else None
