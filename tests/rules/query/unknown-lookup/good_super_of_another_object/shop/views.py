from django.http import JsonResponse

from shop.models import Book


def books(request):
    found = Book.objects.filter(title=request.GET["title"]).judged()
    return JsonResponse({"items": [book.both for book in found[:20]]})
