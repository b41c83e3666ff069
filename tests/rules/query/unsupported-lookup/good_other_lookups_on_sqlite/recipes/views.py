from django.http import JsonResponse

from recipes.models import Cook, Recipe


def listed(request):
    found = Recipe.objects.filter(title__contains=request.GET.get("q", ""))
    found = found.filter(tags__icontains="vegan", tags__0="soup", cook__name__icontains="a")
    return JsonResponse({"recipes": [item.title for item in found[:20]]})


def newest(request):
    found = Recipe.objects.values_list("title", flat=True).distinct()[:20]
    return JsonResponse({"recipes": list(found)})


def cooks(request):
    found = Cook.objects.filter(recipes__tags__has_key="vegan").values_list("name", flat=True)[:20]
    return JsonResponse({"cooks": list(found)})
