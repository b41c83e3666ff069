from django.http import JsonResponse
from django.urls import path


def trucks(request):
    from trucks.models import Truck

    return JsonResponse({"n": Truck.objects.count()})


urlpatterns = [path("boxes", lambda request: JsonResponse({}))]
