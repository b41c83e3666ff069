from django.http import JsonResponse

from harbour.models import Berth, Ship


def ships(request):
    found = Ship.objects.select_related("berth", "pilot").prefetch_related("cargoes")
    return JsonResponse({"ships": [ship.name for ship in found]})


def berths(request):
    found = Berth.objects.prefetch_related("ships__cargoes")
    return JsonResponse({"berths": [berth.number for berth in found]})
