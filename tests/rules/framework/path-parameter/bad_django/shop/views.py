from django.http import JsonResponse
from django.views import View
from django.views.decorators.http import require_GET


def orders(request):
    return JsonResponse({})


@require_GET
def order(request, key):  # expect: framework/path-parameter
    return JsonResponse({"key": key})


class Lines(View):
    def get(self, request, order_key):  # expect: framework/path-parameter
        return JsonResponse({"key": order_key})


def notes(request, key):  # expect: framework/path-parameter
    return JsonResponse({"key": key})
