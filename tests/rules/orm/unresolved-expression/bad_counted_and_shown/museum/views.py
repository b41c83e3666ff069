from django.db.models import F
from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from museum import services
from museum.models import Room


def room(request, key):
    found = services.visit(key)
    return JsonResponse({"name": found.name, "visits": found.visits})


def crowded(request, key):
    found = get_object_or_404(Room, pk=key)
    found.visits = F("visits") + 1  # expect: orm/unresolved-expression
    found.save()
    if found.visits > 1000:
        return JsonResponse({"crowded": True})
    return JsonResponse({"crowded": False})
