from django.http import JsonResponse

from shelf.models import Jar


def jars(request):
    found = Jar.objects.filter(fruits__name__iexact=request.GET["fruit"]).order_by("pk")[:20]
    return JsonResponse({"jars": [jar.pk for jar in found]})
