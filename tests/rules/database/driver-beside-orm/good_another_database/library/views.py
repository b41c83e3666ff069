import sqlite3

from django.conf import settings
from django.http import JsonResponse

from library.models import Book
from library.runners import PostgresRunner


def search(request):
    connection = sqlite3.connect(settings.BASE_DIR / "search.db")
    rows = connection.execute("SELECT slug FROM docs WHERE docs MATCH ?", [request.GET["q"]])
    return JsonResponse({"slugs": rows.fetchall(), "count": Book.objects.count()})


def run(request):
    return JsonResponse({"rows": PostgresRunner(request.GET).run(request.GET["query"])})
