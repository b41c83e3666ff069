from django.db import DatabaseError, IntegrityError, transaction

from models import Mark, Reader, Shelf


@transaction.atomic
def mark(reader, title):
    shelf = Shelf.objects.get(title=title)
    try:
        Mark.objects.create(reader=reader, shelf=shelf)
    except IntegrityError:  # expect: orm/aborted-transaction
        pass
    return Shelf.objects.get(title=title)


def rename(shelf_id, title):
    with transaction.atomic():
        shelf = Shelf.objects.get(pk=shelf_id)
        shelf.title = title
        try:
            shelf.save()
        except (IntegrityError, ValueError):  # expect: orm/aborted-transaction
            return Shelf.objects.filter(title=title).first()
        return shelf


@transaction.atomic()
def enrol(names):
    for name in names:
        try:
            Reader(name=name).save()
        except DatabaseError as error:  # expect: orm/aborted-transaction
            print("not enrolled", name, error)
            continue


@transaction.atomic
def count_and_mark(reader, shelf):
    Shelf.objects.filter(pk=shelf.pk).update(changes=shelf.changes + 1)
    try:
        Mark.objects.create(reader=reader, shelf=shelf)
    except IntegrityError:  # expect: orm/aborted-transaction
        return False
    return True
