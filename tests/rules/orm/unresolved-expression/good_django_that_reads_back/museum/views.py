from django.db.models import F
from django.http import JsonResponse

from museum.models import Room


def room(request, key):
    found = Room.objects.get(pk=key)
    found.visits = F("visits") + 1
    found.save()
    return JsonResponse({"visits": found.visits})
