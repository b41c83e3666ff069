from datetime import date

from django.http import JsonResponse
from django.utils import timezone

from museum.models import Piece


def show(request, key):
    Piece.objects.get_or_create(
        room_id=key, title=request.GET["title"], defaults={"shown_since": timezone.now()}
    )
    return JsonResponse({})


def daily(request, key):
    Piece.objects.get_or_create(room_id=key, shown_since=date.today())
    return JsonResponse({})


def compared(request, key):
    Piece.objects.get_or_create(room_id=key, shown_since__lt=timezone.now(), defaults={"views": 0})
    return JsonResponse({})
