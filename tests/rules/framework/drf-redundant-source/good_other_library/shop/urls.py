from django.http import JsonResponse
from django.urls import path


class Column:
    def __init__(self, source):
        self.source = source


class Table:
    name = Column(source="name")


def table(request):
    return JsonResponse({"columns": [Table.name.source]})


urlpatterns = [path("table", table)]
