from django.http import Http404, JsonResponse

from museum.models import Keyword, Piece, Room
from museum.store import piece_of


def room(request, key):
    try:
        found = Room.objects.get(pk=key)
    except Piece.DoesNotExist:  # expect: orm/wrong-does-not-exist
        raise Http404 from None
    return JsonResponse({"name": found.name})


def piece(request, key):
    try:
        found = piece_of(key, request.GET["title"])
    except Room.DoesNotExist:  # expect: orm/wrong-does-not-exist
        return JsonResponse({}, status=404)
    return JsonResponse({"title": found.title})


def newest(request, key):
    found = Room.objects.get(pk=key)
    try:
        latest = found.pieces.filter(views__gt=key).latest("shown_since")
    except Keyword.DoesNotExist:  # expect: orm/wrong-does-not-exist
        return JsonResponse({})
    return JsonResponse({"title": latest.title})
