from django.http import JsonResponse
from django.urls import path


def rooms(request):
    return JsonResponse({"rooms": []})


urlpatterns = [path("rooms", rooms)]
