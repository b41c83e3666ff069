from django.http import JsonResponse

from herd.models import Sheep


def names(request):
    changed = Sheep.history.count()
    return JsonResponse({"names": [one.name for one in Sheep.objects.all()], "changed": changed})
