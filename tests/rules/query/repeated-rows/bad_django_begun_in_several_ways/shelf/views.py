from django.http import JsonResponse

from shelf.models import Jar


def jars(request):
    if request.GET.get("open"):
        found = Jar.objects.filter(is_open=True)
    else:
        found = Jar.objects.all()
    sweet = found.filter(fruits__name__in=["fig", "pear"]).order_by("pk")[:20]
    return JsonResponse({"jars": [jar.pk for jar in sweet]})  # expect: query/repeated-rows
