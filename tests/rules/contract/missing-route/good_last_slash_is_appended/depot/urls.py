from django.http import JsonResponse
from django.urls import path


def boxes(request):
    return JsonResponse([], safe=False)


def stock(request):
    return JsonResponse({})


urlpatterns = [
    path("boxes/", boxes),
    path("stock/", stock),
]
