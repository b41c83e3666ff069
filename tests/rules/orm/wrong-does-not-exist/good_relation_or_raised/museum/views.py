from django.http import JsonResponse

from museum.models import Piece, Room


def room_of(request, key):
    try:
        name = Piece.objects.get(pk=key).room.name
    except Room.DoesNotExist:
        name = ""
    return JsonResponse({"name": name})


def checked(key):
    if key > 1000:
        raise Room.DoesNotExist
    return key


def raised(request, key):
    try:
        found = Piece.objects.get(room_id=checked(key))
    except Room.DoesNotExist:
        return JsonResponse({}, status=404)
    return JsonResponse({"title": found.title})


def handed_on(request, key):
    try:
        found = Piece.objects.get(room=find(Room, key))
    except Room.DoesNotExist:
        return JsonResponse({}, status=404)
    return JsonResponse({"title": found.title})


def find(model, key):
    return model.objects.get(pk=key)
