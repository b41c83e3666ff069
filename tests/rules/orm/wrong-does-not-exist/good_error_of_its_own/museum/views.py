from django.core.exceptions import ObjectDoesNotExist
from django.http import JsonResponse

from museum.models import Keyword, Piece, Room


def piece(request, key):
    try:
        found = Piece.objects.get(pk=key)
    except Piece.DoesNotExist:
        return JsonResponse({}, status=404)
    return JsonResponse({"title": found.title})


def both(request, key):
    try:
        room = Room.objects.get(pk=key)
        found = Piece.objects.get(room=room)
    except (Room.DoesNotExist, Piece.DoesNotExist):
        return JsonResponse({}, status=404)
    return JsonResponse({"title": found.title})


def any_of_them(request, key):
    try:
        room = Room.objects.get(pk=key)
        found = room.pieces.get(title=request.GET["title"])
    except ObjectDoesNotExist:
        return JsonResponse({}, status=404)
    return JsonResponse({"title": found.title})


def one_of_two(request, key):
    try:
        room = Room.objects.get(pk=key)
    except Room.DoesNotExist:
        return JsonResponse({}, status=404)
    try:
        found = room.pieces.get(title=request.GET["title"])
    except Piece.DoesNotExist:
        return JsonResponse({"name": room.name})
    return JsonResponse({"title": found.title})


def first_word(request, key):
    try:
        return JsonResponse({"text": Keyword.objects.get(pk=key).text})
    except Piece.DoesNotExist:
        return JsonResponse({})
    except Keyword.DoesNotExist:
        return JsonResponse({}, status=404)
