from django.http import JsonResponse
from django.views.decorators.http import require_http_methods


@require_http_methods(["POST"])
def follow(request, username):
    return JsonResponse({"following": True})


@require_http_methods(["DELETE"])
def unfollow(request, username):
    return JsonResponse({"following": False})
