from django.http import HttpRequest, JsonResponse


def orders(request: HttpRequest) -> JsonResponse:
    lines = request.json["lines"]  # expect: framework/unknown-member
    return JsonResponse({"lines": lines, "page": request.args.get("page")})  # expect: framework/unknown-member


def tags(request):
    return JsonResponse({"tags": request.query_params.getlist("tag")})  # expect: framework/unknown-member
