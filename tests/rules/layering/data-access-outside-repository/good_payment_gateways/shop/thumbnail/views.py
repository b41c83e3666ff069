from django.http import HttpResponse

from shop.thumbnail.models import Thumbnail


def thumbnail(request, pk):
    return HttpResponse(Thumbnail.objects.get(pk=pk).size)
