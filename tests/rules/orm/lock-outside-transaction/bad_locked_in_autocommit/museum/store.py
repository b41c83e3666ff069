from museum.models import Room


def locked(key):
    return Room.objects.select_for_update().get(pk=key)  # expect: orm/lock-outside-transaction
