from django.http import JsonResponse

from museum.models import Piece
from museum.paging import cut


def pieces(request, key):
    found = cut(Piece.objects.filter(room_id=key).order_by("title"), key)
    return JsonResponse({"titles": [piece.title for piece in found], "all": found.count()})


def shown(request, key):
    page = cut(Piece.objects.all(), key)
    return JsonResponse({"titles": list(page.values_list("title", flat=True))})


def purge(request, key):
    doomed = Piece.objects.order_by("views")[:key]
    Piece.objects.filter(pk__in=doomed.values("pk")).delete()
    return JsonResponse({})


def first(request, key):
    return JsonResponse({"title": Piece.objects.order_by("title")[0].room.name})
