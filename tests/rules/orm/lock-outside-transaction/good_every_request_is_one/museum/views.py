from django.http import JsonResponse

from museum.models import Room


def room(request, key):
    found = Room.objects.select_for_update().get(pk=key)
    found.visits += 1
    found.save()
    return JsonResponse({"visits": found.visits})
