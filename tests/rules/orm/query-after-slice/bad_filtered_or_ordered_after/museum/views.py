from django.http import JsonResponse

from museum.models import Piece
from museum.paging import cut


def pieces(request, key):
    found = Piece.objects.filter(room_id=key)[:20]
    return JsonResponse({"titles": [piece.title for piece in found.order_by("title")]})  # expect: orm/query-after-slice


def shown(request, key):
    page = cut(Piece.objects.all(), key)
    page = page.filter(shown_since__isnull=False)  # expect: orm/query-after-slice
    return JsonResponse({"titles": list(page.values_list("title", flat=True))})


def purge(request, key):
    Piece.objects.order_by("views")[:key].delete()  # expect: orm/query-after-slice
    return JsonResponse({})


def newest(request, key):
    some = Piece.objects.all()[10:20]
    return JsonResponse({"title": some.get(pk=key).title})  # expect: orm/query-after-slice
