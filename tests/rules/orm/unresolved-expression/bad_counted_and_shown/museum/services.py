from django.db.models import F

from museum.models import Room


def visit(key):
    room = Room.objects.get(pk=key)
    room.visits = F("visits") + 1  # expect: orm/unresolved-expression
    room.save(update_fields=["visits"])
    return room
