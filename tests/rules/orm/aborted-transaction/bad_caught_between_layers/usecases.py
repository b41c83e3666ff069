from django.db import IntegrityError, transaction

from store import Shelves


def open_shelves(titles):
    with transaction.atomic():
        return [_ensure(Shelves(), title) for title in titles]


def _ensure(shelves, title):
    try:
        return shelves.add(title)
    except IntegrityError:  # expect: orm/aborted-transaction
        return shelves.named(title)
