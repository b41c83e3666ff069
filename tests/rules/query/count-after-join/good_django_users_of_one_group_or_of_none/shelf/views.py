from django.http import JsonResponse

from shelf.models import Cook


def users(request):
    cooks = Cook.objects.filter(is_active=True)
    group = request.GET.get("group")
    if group == "none":
        return JsonResponse({"number": cooks.filter(groups__isnull=True).count()})
    return JsonResponse({"number": cooks.filter(groups__name=group).count()})
