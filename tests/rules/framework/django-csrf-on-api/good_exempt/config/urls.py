import json

from django.http import JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from rest_framework.decorators import api_view
from rest_framework.response import Response


def api(view):
    @csrf_exempt
    def inner(request, *args, **kwargs):
        if "Authorization" not in request.headers:
            return JsonResponse({}, status=401)
        return view(request, *args, **kwargs)

    return inner


@api
def create(request):
    return JsonResponse(json.loads(request.body))


def import_(request):
    return JsonResponse(json.loads(request.body))


class Base(View):
    @method_decorator(csrf_exempt)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)


class Articles(Base):
    def post(self, request):
        return JsonResponse(json.loads(request.body))


@api_view(["POST"])
def comments(request):
    return Response(json.loads(request.body))


urlpatterns = [
    path("create", create),
    path("import", csrf_exempt(import_)),
    path("articles", Articles.as_view()),
    path("comments", comments),
]
