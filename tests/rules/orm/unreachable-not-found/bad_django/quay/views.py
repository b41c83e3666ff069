from django.http import JsonResponse

from quay.models import Ship
from quay.selectors import ship_by_name


def ship(request, name):
    found = ship_by_name(name)
    if found is None:
        return JsonResponse({"error": "no such ship"}, status=404)
    return JsonResponse({"name": found.name})


def length(request, name):
    found = Ship.objects.only("length").get(name=name)  # expect: orm/unreachable-not-found
    if not found:
        return JsonResponse({"error": "no such ship"}, status=404)
    return JsonResponse({"length": found.length})
