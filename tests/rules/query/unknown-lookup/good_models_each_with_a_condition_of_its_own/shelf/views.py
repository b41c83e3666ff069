from dataclasses import dataclass

from django.db.models import Model, Q
from django.http import JsonResponse

from shelf.models import Cook, Jar, Lid


@dataclass
class Part:
    model: type[Model]
    condition: Q


def gathered(*parts: Part):
    for part in parts:
        yield part.model.objects.filter(part.condition).count()


def written(request, kitchen):
    numbers = gathered(
        Part(Cook, Q(kitchen=kitchen)),
        Part(Jar, Q(cook__kitchen=kitchen)),
        Part(Lid, Q(jar__cook__kitchen=kitchen)),
    )
    return JsonResponse({"numbers": list(numbers), "bare": Jar.objects.filter(marks=[]).count()})
