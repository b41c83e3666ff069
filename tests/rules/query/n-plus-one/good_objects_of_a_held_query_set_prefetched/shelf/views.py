from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import JsonResponse

from shelf.models import Jar


def jars(request):
    page = Paginator(Jar.objects.order_by("pk"), 12).get_page(request.GET.get("page"))
    prefetch_related_objects(page.object_list, "cook", "fruits")
    return JsonResponse({"jars": [[jar.cook.name, jar.label] for jar in page]})


def labels(request):
    found = Jar.objects.filter(cook__name=request.GET["cook"])
    prefetch_related_objects(found, "fruits")
    return JsonResponse({"labels": written(list(found))})


def written(found):
    return [jar.label for jar in found]
