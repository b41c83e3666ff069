import os

import psycopg2
from django.http import JsonResponse

from library.models import Book


def connect():
    return psycopg2.connect(  # expect: database/driver-beside-orm error
        host=os.environ["DB_HOST"],
        dbname=os.environ["DB_NAME"],
        user=os.environ["DB_USER"],
        password=os.environ["DB_PASSWORD"],
    )


def books(request):
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, title FROM library_book")
        return JsonResponse({"books": cursor.fetchall()})


def count(request):
    return JsonResponse({"count": Book.objects.count()})
