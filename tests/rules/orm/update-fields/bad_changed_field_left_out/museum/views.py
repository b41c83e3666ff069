from django.http import JsonResponse
from django.utils import timezone

from museum.models import Piece, Room


def show(request, key):
    piece = Piece.objects.get(pk=key)
    piece.title = request.POST["title"]
    piece.shown_since = timezone.now()
    piece.save(update_fields=["title"])  # expect: orm/update-fields
    return JsonResponse({"since": piece.shown_since})


def move(request, key):
    piece = Piece.objects.get(pk=key)
    piece.room = Room.objects.get(name=request.POST["room"])
    piece.views = 0
    piece.save(update_fields=("views",))  # expect: orm/update-fields
    return JsonResponse({})


def edit(request, key):
    room = Room.objects.get(pk=key)
    changes = {name: value for name, value in request.POST.items() if name in ("name", "visits")}
    for name, value in changes.items():
        setattr(room, name, value)
    room.save(update_fields=changes.keys())  # expect: orm/update-fields
    return JsonResponse({"changed_at": room.changed_at})
