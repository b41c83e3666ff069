from django.http import JsonResponse
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view(["POST"])
def orders(request):
    return Response({"lines": request.data["lines"], "page": request.query_params.get("page")})


def tags(request):
    payload = getattr(request, "payload", None)
    return JsonResponse({"tags": [] if payload is None else request.form})
