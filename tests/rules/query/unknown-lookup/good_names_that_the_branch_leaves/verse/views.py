from django.db.models import Count, Max
from django.http import JsonResponse

from verse.models import Poem


def ordered(poems, order="-made"):
    if order in ["title", "-title"]:
        return poems.annotate(
            last=Max(order[1::] if order.startswith("-") else order)
        ).order_by("-last" if order.startswith("-") else "last")
    return poems.order_by(order)


def poems(request):
    found = ordered(Poem.objects.filter(poet_id=1), request.GET.get("order", "-made"))
    counted = Poem.objects.select_related("owner").values("title").annotate(number=Count("id"))
    return JsonResponse({"poems": [one.title for one in found], "counted": list(counted)})
