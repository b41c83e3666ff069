import json

from django.http import JsonResponse
from django.urls import path
from django.views import View


def body(request):
    return json.loads(request.body.decode())


class Articles(View):
    def get(self, request):
        return JsonResponse({"articles": []})

    def post(self, request):  # expect: framework/django-csrf-on-api
        if "HTTP_AUTHORIZATION" not in request.META:
            return JsonResponse({}, status=401)
        return JsonResponse(body(request), status=201)


class Comments(View):
    def post(self, request):
        return JsonResponse(body(request), status=201)


urlpatterns = [path("articles", Articles.as_view()), path("comments", Comments.as_view())]
