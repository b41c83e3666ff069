from django.db.models import F
from django.http import JsonResponse

from museum.models import Room


def room(request, key):
    found = Room.objects.get(pk=key)
    found.visits = F("visits") + 1
    found.save()
    found.refresh_from_db()
    return JsonResponse({"visits": found.visits})


def again(request, key):
    found = load(key)
    found.visits = F("visits") + 1
    found.save()
    found = load(key)
    return JsonResponse({"visits": found.visits})


def load(key):
    return Room.objects.get(pk=key)


def other(request, key):
    found = Room.objects.get(pk=key)
    if "quiet" not in request.GET:
        found.visits = F("visits") + 1
        found.save()
        return JsonResponse({"name": found.name})
    return JsonResponse({"visits": found.visits})


def in_table(request, key):
    found = Room.objects.get(pk=key)
    Room.objects.filter(pk=key).update(visits=F("visits") + 1)
    return JsonResponse({"visits": found.visits + 1})
