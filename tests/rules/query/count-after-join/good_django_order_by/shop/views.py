from django.http import JsonResponse

from shop.models import Book, Mark


def books(request):
    found = Book.objects.filter(title__contains=request.GET["title"]).order_by("pages__number")
    return JsonResponse({"total": found.count()})


def marks(request):
    rows = Mark.objects.filter(text=request.GET["text"]).values_list("id", "page__book__title")
    return JsonResponse({"items": list(rows[:20])})
