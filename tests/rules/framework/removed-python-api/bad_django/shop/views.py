from django.http import JsonResponse
from django.utils import timezone


def orders(request):
    if request.is_ajax():  # expect: framework/removed-python-api
        return JsonResponse({"now": timezone.now().astimezone(timezone.utc)})  # expect: framework/removed-python-api
    return JsonResponse({})
