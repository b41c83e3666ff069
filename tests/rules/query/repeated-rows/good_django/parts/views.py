from django.db.models import Count, Exists, OuterRef, Q
from django.http import JsonResponse

from parts.models import Crate, Part


def parts(request):
    said = request.GET.get("q", "")
    found = Part.objects.filter(Q(name__icontains=said) | Q(words__text__icontains=said))
    tagged = Part.objects.filter(words__text=request.GET["word"]).order_by("id")
    counted = Part.objects.filter(crates__weight__gte=3).annotate(n=Count("crates"))
    return JsonResponse(
        {
            "parts": [part.name for part in found.order_by("id").distinct()[:20]],
            "tagged": [part.name for part in tagged[:20]],
            "counted": [part.n for part in counted[:20]],
        }
    )


def crates(request):
    heavy = Crate.objects.filter(part=OuterRef("pk"), weight__gte=int(request.GET["from"]))
    owners = Part.objects.filter(Exists(heavy)).order_by("name")
    pairs = Part.objects.filter(crates__weight__gte=2).values("name", "crates__weight")
    names = set(Part.objects.filter(crates__weight__gte=1).values_list("name", flat=True))
    return JsonResponse(
        {
            "parts": [part.name for part in owners[:50]],
            "pairs": list(pairs[:50]),
            "names": sorted(names),
        }
    )
