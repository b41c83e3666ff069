from django.db.models import Case, When
from django.http import JsonResponse

from press.models import Pick, Story


def _ids():
    return list(Story.objects.order_by("-views").values_list("id", flat=True)[:10])


def popular(request):
    stories = Story.objects.filter(id__in=_ids()).order_by("-views")
    return JsonResponse({"stories": [story.title for story in stories]})


def ordered(request):
    ids = _ids()
    order = Case(*[When(pk=one, then=place) for place, one in enumerate(ids)])
    stories = Story.objects.filter(pk__in=ids).order_by(order)
    return JsonResponse({"stories": [story.title for story in stories]})


def restored(request):
    ids = _ids()
    stories = sorted(Story.objects.filter(pk__in=ids), key=lambda story: ids.index(story.pk))
    return JsonResponse({"stories": [story.title for story in stories]})


def picks(request):
    ids = list(Pick.objects.order_by("picked_at").values_list("id", flat=True)[:10])
    return JsonResponse({"picks": [pick.story_id for pick in Pick.objects.filter(id__in=ids)]})


def others(request):
    stories = Story.objects.exclude(id__in=_ids())[:10]
    return JsonResponse({"stories": [story.title for story in stories]})


def mapped(request):
    ids = _ids()
    by_id = Story.objects.in_bulk(ids)
    titles = {story.pk: story.title for story in Story.objects.filter(pk__in=ids)}
    return JsonResponse({"stories": [[by_id[one].views, titles[one]] for one in ids]})


def random(request):
    ids = list(Story.objects.order_by("?").values_list("id", flat=True)[:10])
    return JsonResponse({"stories": [story.title for story in Story.objects.filter(id__in=ids)]})


def touch(request):
    ids = _ids()
    Story.objects.filter(id__in=ids).update(views=0)
    return JsonResponse({"touched": len(ids)})
