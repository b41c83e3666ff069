from django.http import HttpResponse, JsonResponse

from shop.orders import names


def failure(message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": message}, status)  # expect: framework/response-arguments


def add(request):
    return JsonResponse({"added": True}, status_code=201)  # expect: framework/response-arguments


def change(request):
    return JsonResponse({"changed": True}, 202)  # expect: framework/response-arguments


def listing(request):
    return JsonResponse(names())  # expect: framework/response-arguments


def shown(request):
    data = {"orders": names()}
    return HttpResponse(data)  # expect: framework/response-arguments
