from django.http import JsonResponse

from trucks.models import Truck


def trucks(request):
    return JsonResponse({"count": Truck.objects.count()})
