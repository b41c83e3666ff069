import json

from django.http import HttpRequest, JsonResponse


def orders(request: HttpRequest) -> JsonResponse:
    data = json.loads(request.body())  # expect: framework/unknown-member
    order = Order()
    order.body = data["body"]
    return JsonResponse({"body": order.body})


def me(request: HttpRequest) -> JsonResponse:
    token = request.META.get("Authorization", "")  # expect: framework/unknown-member
    return JsonResponse({"token": token, "agent": request.META.get("HTTP_USER_AGENT")})


class Order:
    body = ""
