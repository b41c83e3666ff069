from django.http import JsonResponse

from museum.models import Keyword, Piece


def tag(request, key):
    piece = Piece.objects.get(pk=key)
    texts = request.POST.getlist("word")
    words = [Keyword(text=text) for text in texts]
    Keyword.objects.bulk_create(words, ignore_conflicts=True)
    words = Keyword.objects.filter(text__in=texts)
    piece.keywords.set(words)
    return JsonResponse({"keys": [word.pk for word in words]})


def plain(request, key):
    piece = Piece.objects.get(pk=key)
    words = Keyword.objects.bulk_create([Keyword(text="a"), Keyword(text="b")])
    piece.keywords.add(*words)
    return JsonResponse({})


def counted(request, key):
    made = Keyword.objects.bulk_create([Keyword(text="a")], ignore_conflicts=True)
    return JsonResponse({"made": len(made), "texts": [word.text for word in made]})
