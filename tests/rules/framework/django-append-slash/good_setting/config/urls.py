from django.http import JsonResponse
from django.urls import path


def users(request):
    return JsonResponse({})


urlpatterns = [path("users/", users)]
