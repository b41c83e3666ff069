from django.http import JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

METHODS = ["GET", "PUT"]


@require_http_methods(METHODS)
def order(request, key):
    if request.method == "PUT":
        return JsonResponse({"changed": key})
    return JsonResponse({"key": key})


@require_safe
def tags(request):
    if request.method == "HEAD":
        return JsonResponse({})
    return JsonResponse({"tags": []})


@require_http_methods(["PUT"])
def me(request):
    if request.method != "GET":
        return JsonResponse({"changed": True})
    return JsonResponse({})
