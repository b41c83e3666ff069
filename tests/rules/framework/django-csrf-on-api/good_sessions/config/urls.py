import json

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import ensure_csrf_cookie


@ensure_csrf_cookie
def start(request):
    return JsonResponse({"proxy": request.headers.get("Authorization")})


@login_required
def save(request):
    return JsonResponse(json.loads(request.body))


urlpatterns = [path("start", start), path("save", save)]
