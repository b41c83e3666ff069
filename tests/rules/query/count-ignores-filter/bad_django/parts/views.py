from django.http import JsonResponse

from parts.models import Crate, Part


def parts(request):
    start, size = int(request.GET["start"]), int(request.GET["size"])
    found = Part.objects.order_by("id")
    if "name" in request.GET:
        found = found.filter(name__startswith=request.GET["name"])
    page = [part.name for part in found[start : start + size]]
    return JsonResponse({"total": Part.objects.count(), "parts": page})  # expect: query/count-ignores-filter


def crates(request):
    return JsonResponse({"crates": Crate.objects.count()})
