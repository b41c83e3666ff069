from django.http import JsonResponse

from verse.filters import poem_filters
from verse.models import Poem, Poet


def poems(request):
    filters = poem_filters(request.GET)
    poets = Poet.objects.order_by("name")
    poets = poets.filter(**filters)  # expect: query/unknown-lookup
    return JsonResponse({"poems": Poem.objects.filter(**filters).count(), "poets": poets.count()})
