from django.http import JsonResponse
from django.views.decorators.http import require_GET, require_http_methods


@require_http_methods(["GET", "DELETE"])
def order(request, key):
    if request.method == "PUT":  # expect: framework/refused-method
        return JsonResponse({"changed": key})
    if request.method == "DELETE":
        return JsonResponse({})
    return JsonResponse({"key": key})


@require_GET
def tags(request):
    if request.method in ("POST", "PATCH"):  # expect: framework/refused-method
        return JsonResponse({}, status=201)
    return JsonResponse({"tags": []})


@require_http_methods("GET")  # expect: framework/refused-method
def me(request):
    return JsonResponse({})
