from django.db.models import Count, Q, QuerySet

from shop.models import Book, Mark


def books_of(found: QuerySet) -> QuerySet:
    if found.model is Mark:
        return Book.objects.filter(marks__in=found)
    return found


def figures(found: QuerySet) -> dict:
    return found.aggregate(long=Count("id", filter=Q(pages__gt=100)))
