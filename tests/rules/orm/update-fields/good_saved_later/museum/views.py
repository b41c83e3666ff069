from django.http import JsonResponse
from django.utils import timezone

from museum.models import Piece


def show(request, key):
    piece = Piece.objects.get(pk=key)
    piece.title = request.POST["title"]
    piece.shown_since = timezone.now()
    piece.save(update_fields=["title"])
    piece.views += 1
    piece.save()
    return JsonResponse({})


def store(piece):
    piece.save()


def handed_on(request, key):
    piece = Piece.objects.get(pk=key)
    piece.title = request.POST["title"]
    piece.views = 0
    piece.save(update_fields=["title"])
    store(piece)
    return JsonResponse({})


def written_elsewhere(request, key, names=("title",)):
    piece = Piece.objects.get(pk=key)
    piece.views = 0
    piece.save(update_fields=[name for name in names])
    return JsonResponse({})
