from django.db import transaction
from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views import View

from museum.models import Room
from museum.store import locked


def room(request, key):
    with transaction.atomic():
        found = locked(key)
        found.visits += 1
        found.save()
    return JsonResponse({"visits": found.visits})


@transaction.atomic
def decorated(request, key):
    found = locked(key)
    return JsonResponse({"visits": found.visits})


def later(request, key):
    rooms = Room.objects.select_for_update().filter(pk=key)
    with transaction.atomic():
        found = rooms.get()
        found.save()
    return JsonResponse({"visits": found.visits})


@method_decorator(transaction.atomic, name="dispatch")
class Visit(View):
    def post(self, request, key):
        return JsonResponse({"visits": locked(key).visits})
