import json

from django.http import JsonResponse
from django.urls import path


def save(request):
    return JsonResponse({"for": request.headers["Authorization"], **json.loads(request.body)})


urlpatterns = [path("save", save)]
