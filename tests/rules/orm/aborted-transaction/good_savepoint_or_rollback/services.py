from django.db import IntegrityError, transaction

from models import Mark, Shelf


@transaction.atomic
def mark(reader, title):
    shelf = Shelf.objects.get(title=title)
    try:
        with transaction.atomic():
            Mark.objects.create(reader=reader, shelf=shelf)
    except IntegrityError:
        pass
    return Shelf.objects.get(title=title)


@transaction.atomic
def _add(title):
    return Shelf.objects.create(title=title)


@transaction.atomic
def ensure(title):
    try:
        return _add(title)
    except IntegrityError:
        return Shelf.objects.get(title=title)


@transaction.atomic
def remember(reader, shelf):
    try:
        Mark.objects.get_or_create(reader=reader, shelf=shelf)
    except IntegrityError:
        pass
    return Shelf.objects.count()


@transaction.atomic
def checked(reader, shelf):
    try:
        Mark.objects.create(reader=reader, shelf=shelf)
    except IntegrityError as error:
        if "unique" not in str(error):
            raise
        raise ValueError("marked already") from error
    return Shelf.objects.count()
