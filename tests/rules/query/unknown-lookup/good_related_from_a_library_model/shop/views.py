from django.http import JsonResponse

from shop.models import Writer


def writers(request):
    found = Writer.objects.filter(chapters__title=request.GET["title"])
    edited = Writer.objects.filter(chapter__title=request.GET["title"])
    rows = (*found[:20], *edited[:20])
    return JsonResponse({"items": [writer.name for writer in rows]})
