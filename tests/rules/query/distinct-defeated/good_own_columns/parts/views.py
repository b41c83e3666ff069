from django.db.models import Max
from django.http import JsonResponse

from parts.models import Maker, Part


def parts(request):
    makers = Maker.objects.filter(parts__kind=request.GET["kind"])
    named = makers.distinct().order_by("name")
    newest = makers.annotate(last=Max("parts__made")).order_by("-last").distinct()
    reset = makers.order_by("-parts__made").order_by("name").distinct()
    return JsonResponse(
        {
            "makers": [maker.name for maker in named[:20]],
            "newest": [maker.name for maker in newest[:20]],
            "reset": [maker.name for maker in reset[:20]],
        }
    )


def kinds(request):
    found = Part.objects.values_list("kind", flat=True).order_by("kind").distinct()
    by_maker = Part.objects.order_by("maker__name").distinct()
    return JsonResponse(
        {"kinds": list(found[:20]), "parts": [part.name for part in by_maker[:20]]}
    )
