from django.db.models import Count, F
from django.http import JsonResponse

from shop.models import Book, Writer


def books(request):

    writers = Writer.objects.annotate(total=Count("books")).order_by("-total", "books__title")
    writers = writers.annotate(shelves=Count("books__extra"), share=F("shelves") * 100 / F("total"))
    found = Book.objects.filter(writer__name__icontains="a", extra__shelf=3, pk__in=[1, 2])
    found = found.annotate(by=F("writer__name")).values("by", "title").order_by("by")
    return JsonResponse({"books": list(found), "writers": [w.name for w in writers]})
