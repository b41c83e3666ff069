from django.http import JsonResponse

from museum.models import Keyword, Piece
from museum.store import ensure


def tag(request, key):
    piece = Piece.objects.get(pk=key)
    piece.keywords.set(ensure(request.POST.getlist("word")))
    return JsonResponse({})


def add(request, key):
    piece = Piece.objects.get(pk=key)
    words = [Keyword(text=text) for text in request.POST.getlist("word")]
    Keyword.objects.bulk_create(words, ignore_conflicts=True)  # expect: orm/missing-keys
    piece.keywords.add(*words)
    return JsonResponse({})


def keys(request, key):
    made = Keyword.objects.bulk_create([Keyword(text="a")], ignore_conflicts=True)  # expect: orm/missing-keys
    return JsonResponse({"keys": [word.pk for word in made]})
