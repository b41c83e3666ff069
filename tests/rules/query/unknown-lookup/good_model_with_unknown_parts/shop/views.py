from django.http import JsonResponse

from shop.models import Book


def books(request):

    return JsonResponse({"books": [b.title for b in Book.objects.filter(parent__level=1)]})
