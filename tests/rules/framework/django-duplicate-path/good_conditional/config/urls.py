from django.conf import settings
from django.http import JsonResponse
from django.urls import path


def home(request):
    return JsonResponse({})


def debug_home(request):
    return JsonResponse({"debug": True})


if settings.DEBUG:
    urlpatterns = [path("", debug_home)]
else:
    urlpatterns = [path("", home)]
