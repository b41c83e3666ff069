from django.http import JsonResponse

from shop.lists import Marks
from shop.models import Mark


def marks(request):
    fields = tuple(field.name for field in Mark._meta.fields)
    return JsonResponse({"taken": Marks(Mark, fields).taken(request.GET)})
