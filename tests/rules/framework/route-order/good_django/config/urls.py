from django.http import JsonResponse
from django.urls import path, re_path


def view(request, **given):
    return JsonResponse(given)


def other(request, **given):
    return JsonResponse(given)


urlpatterns = [
    path("articles/<int:pk>", view),
    path("articles/feed", other),
    path("articles/<slug:slug>", view),
    path("articles/<slug:slug>/comments", other),
    path("<str:name>/about", view),
    path("team/history", other),
    re_path(r"^archive/(?P<year>[0-9]{4})$", view),
    path("archive/latest", other),
]
