from django.http import JsonResponse

from recipes.models import Cook, Recipe


def listed(request):
    tag = request.GET.get("tag")
    found = Recipe.objects.select_related("cook")
    if tag:
        found = found.filter(tags__contains=[tag])  # expect: query/unsupported-lookup error
    return JsonResponse({"recipes": [item.title for item in found[:20]]})


def newest(request):
    found = Recipe.objects.order_by("cook_id", "-id").distinct("cook_id")[:20]  # expect: query/unsupported-lookup error
    return JsonResponse({"recipes": [item.title for item in found]})


def cooks(request):
    found = Cook.objects.filter(recipes__tags__contains=["vegan"]).values_list("name", flat=True)[:20]  # expect: query/unsupported-lookup error
    return JsonResponse({"cooks": list(found)})
