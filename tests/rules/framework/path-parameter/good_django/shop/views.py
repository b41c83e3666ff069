from django.http import JsonResponse
from django.views import View

from shop.guards import loaded


def orders(request, key=None):
    return JsonResponse({"key": key})


class Lines(View):
    def get(self, request, *args, **kwargs):
        return JsonResponse(kwargs)


def tag(request, name, kind):
    return JsonResponse({"name": name, "kind": kind})


def note(request, note):
    return JsonResponse(note)


@loaded
def mine(request, note):
    return JsonResponse(note)


def old(request, key):
    return JsonResponse({"key": key})
