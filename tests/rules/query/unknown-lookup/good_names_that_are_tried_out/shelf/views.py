from django.core.exceptions import FieldError
from django.http import JsonResponse

from shelf.models import Box, Jar


def of_cook(found, name):
    try:
        return found.filter(cook__name=name)
    except FieldError:
        return found.filter(packer__name=name)


def jars(request):
    return JsonResponse({"number": of_cook(Jar.objects.all(), request.GET["cook"]).count()})


def boxes(request):
    return JsonResponse({"number": of_cook(Box.objects.all(), request.GET["cook"]).count()})
