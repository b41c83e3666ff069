from django.db.models import Count
from django.http import JsonResponse

from shop.models import Book


def books(request):

    found = Book.objects.filter(author__name="Ann")  # expect: query/unknown-lookup
    titles = [book.title for book in found.order_by("-created")]  # expect: query/unknown-lookup
    return JsonResponse({"titles": titles})
