from django.http import JsonResponse

from press.models import Story


def popular(request):
    ids = list(Story.objects.order_by("-views").values_list("id", flat=True)[:10])
    stories = Story.objects.filter(id__in=ids).prefetch_related("picks")  # expect: query/order-lost
    return JsonResponse({"stories": [story.title for story in stories]})


def newest(request):
    newest = Story.objects.order_by("-written_at")[:10]
    keys = [story.pk for story in newest]
    return JsonResponse({"stories": _titles(keys)})


def _titles(keys):
    return [
        {"id": story.id, "title": story.title}
        for story in Story.objects.filter(pk__in=keys)  # expect: query/order-lost
    ]
