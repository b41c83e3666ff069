from django.http import JsonResponse

from museum.models import Piece


def pieces(request, key):
    found = Piece.objects.filter(room_id=key)
    if "short" in request.GET:
        found = found[:5]
    if "short" not in request.GET:
        found = found.order_by("title")
    return JsonResponse({"titles": [piece.title for piece in found]})


def none(request, key):
    found = Piece.objects.none()
    found = found.filter(room_id=key)
    whole = found[:]
    return JsonResponse({"titles": [piece.title for piece in whole.order_by("title")]})


def listed(request, key):
    found = list(Piece.objects.filter(room_id=key))[:5]
    found.reverse()
    return JsonResponse({"titles": [piece.title for piece in found]})
