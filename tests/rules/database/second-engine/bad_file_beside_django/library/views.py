import sqlite3

from django.http import JsonResponse


def borrow(request):
    connection = sqlite3.connect("/var/lib/library/loans.sqlite3")  # expect: database/second-engine error
    connection.execute("INSERT INTO loans (book, reader) VALUES (?, ?)", (1, 2))
    connection.commit()
    return JsonResponse({})
