from django.http import JsonResponse

from museum.models import Piece, Room
from museum.store import locked


def room(request, key):
    found = locked(key)
    found.visits += 1
    found.save()
    return JsonResponse({"visits": found.visits})


def pieces(request, key):
    waiting = Piece.objects.filter(room_id=key).select_for_update(skip_locked=True)
    for piece in waiting[:5]:  # expect: orm/lock-outside-transaction
        piece.views += 1
        piece.save()
    return JsonResponse({})
