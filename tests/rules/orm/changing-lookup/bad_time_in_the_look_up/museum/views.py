import uuid
from datetime import datetime

from django.http import JsonResponse
from django.utils import timezone

from museum.models import Piece


def show(request, key):
    Piece.objects.get_or_create(
        room_id=key,
        title=request.GET["title"],
        shown_since=timezone.now(),  # expect: orm/changing-lookup
    )
    return JsonResponse({})


def renew(request, key):
    now = datetime.now()
    piece, _ = Piece.objects.update_or_create(
        room_id=key, shown_since=now, defaults={"views": 0}  # expect: orm/changing-lookup
    )
    return JsonResponse({"title": piece.title})


def token(request, key):
    Piece.objects.get_or_create(room_id=key, title=str(uuid.uuid4()))  # expect: orm/changing-lookup
    return JsonResponse({})
