from django.http import JsonResponse

from harbour.models import Berth, Ship


def ships(request):
    found = Ship.objects.select_related("berth", "cargoes")  # expect: query/unknown-lookup
    return JsonResponse({"ships": [ship.name for ship in found]})


def berths(request):
    found = Berth.objects.select_related("ships")  # expect: query/unknown-lookup
    return JsonResponse({"berths": [berth.number for berth in found]})
