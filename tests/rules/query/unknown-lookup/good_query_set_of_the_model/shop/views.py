from django.http import JsonResponse

from shop import figures
from shop.models import Book, Mark


def shown(request):
    if request.GET["view"] == "marks":
        found = Mark.objects.filter(text=request.GET["text"])
    else:
        found = Book.objects.filter(title=request.GET["text"])
    return JsonResponse(figures.figures(figures.books_of(found)))
