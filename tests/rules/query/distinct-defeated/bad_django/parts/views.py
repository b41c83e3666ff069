from django.http import JsonResponse

from parts.models import Maker, Part


def parts(request):
    makers = Maker.objects.filter(parts__kind=request.GET["kind"]).distinct()
    newest = makers.order_by("-parts__made")  # expect: query/distinct-defeated
    return JsonResponse({"makers": [maker.name for maker in newest[:20]]})


def kinds(request):
    found = Part.objects.values_list("kind", flat=True).order_by("made").distinct()  # expect: query/distinct-defeated
    return JsonResponse({"kinds": list(found[:20])})
