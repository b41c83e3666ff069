from django.http import JsonResponse

from parts.models import Crate, Part


def parts(request):
    start, size = int(request.GET["start"]), int(request.GET["size"])
    found = Part.objects.order_by("id")
    if "name" in request.GET:
        found = found.filter(name__startswith=request.GET["name"])
    page = [part.name for part in found[start : start + size]]
    return JsonResponse({"total": found.count(), "parts": page})


def crates(request):
    start, size = int(request.GET["start"]), int(request.GET["size"])
    page = Crate.objects.filter(weight=request.GET["weight"])[start : start + size]
    return JsonResponse({"parts": Part.objects.count(), "crates": [one.pk for one in page]})
