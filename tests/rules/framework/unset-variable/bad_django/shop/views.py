from django.http import JsonResponse

from shop.guards import caller, signed_in


@signed_in
def me(request):
    return JsonResponse({"name": caller(request)})


def orders(request):  # expect: framework/unset-variable
    if request.method == "POST":
        return add(request)
    return JsonResponse({})


def add(request):
    return JsonResponse({"by": caller(request)}, status=201)


def tags(request):
    return JsonResponse({"tags": [], "by": getattr(request, "identity", None)})
