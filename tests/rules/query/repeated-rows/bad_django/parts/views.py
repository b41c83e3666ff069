from django.db.models import Q
from django.http import JsonResponse

from parts.models import Part


def parts(request):
    said = request.GET.get("q", "")
    found = Part.objects.filter(Q(name__icontains=said) | Q(words__text__icontains=said))
    page = found.order_by("id")[:20]
    return JsonResponse({"parts": [part.name for part in page]})  # expect: query/repeated-rows


def crates(request):
    heavy = Part.objects.filter(crates__weight__gte=int(request.GET["from"])).order_by("name")
    return JsonResponse({"parts": [part.name for part in heavy[:50]]})  # expect: query/repeated-rows
