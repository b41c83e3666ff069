from django.http import JsonResponse

from parts.models import Maker, Part


def parts(request):
    newest = Maker.objects.order_by("name", "-parts__made").distinct("name")
    return JsonResponse({"makers": [maker.name for maker in newest[:20]]})


def kinds(request):
    found = Part.objects.order_by("kind", "-made").distinct("kind").values_list("kind", "made")
    return JsonResponse({"kinds": [list(one) for one in found[:20]]})
