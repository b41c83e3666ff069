from django.http import JsonResponse

from . import texts as wording


def books(request):
    return JsonResponse({"title": wording.TITLE, "empty": wording.NONE})  # expect: startup/unresolved-import
