from django.http import JsonResponse
from django.utils import timezone

from museum.models import Piece, Room


def show(request, key):
    piece = Piece.objects.get(pk=key)
    piece.title = request.POST["title"]
    piece.shown_since = timezone.now()
    piece.shown = True
    piece.save(update_fields=["title", "shown_since"])
    return JsonResponse({})


def move(request, key):
    piece = Piece.objects.get(pk=key)
    piece.room_id = key
    piece.save(update_fields=["room"])
    return JsonResponse({})


def visit(request, key):
    room = Room.objects.get(pk=key)
    room.visits += 1
    room.save(update_fields=["visits"])
    return JsonResponse({})


def edit(request, key):
    room = Room.objects.get(pk=key)
    changes = {name: value for name, value in request.POST.items() if name in ("name", "visits")}
    for name, value in changes.items():
        setattr(room, name, value)
    room.save(update_fields=[*changes, "changed_at"])
    return JsonResponse({})
