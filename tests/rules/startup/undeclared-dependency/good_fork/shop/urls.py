from django.conf.urls import url
from django.http import JsonResponse


def health(request):
    return JsonResponse({})


urlpatterns = [url(r"^health$", health)]
