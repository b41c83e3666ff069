from django.http import JsonResponse

from shelf.models import HistoricalJar


def changes(request):
    return JsonResponse({"number": HistoricalJar.objects.count()})
