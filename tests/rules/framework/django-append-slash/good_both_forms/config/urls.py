from django.http import JsonResponse
from django.urls import path, re_path


def users(request):
    return JsonResponse({})


def tags(request):
    return JsonResponse({})


urlpatterns = [
    path("users", users),
    path("users/", users),
    path("tags/", tags),
    re_path(r"^orders/?$", users),
]
