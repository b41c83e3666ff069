from django.http import JsonResponse
from django.views.decorators.http import require_http_methods, require_POST


@require_POST
def create(request):
    return JsonResponse({}, status=201)


@require_http_methods(["GET", "PUT"])
def one(request, id):
    return JsonResponse({"id": id})
