from django.core.paginator import Paginator
from django.template.response import TemplateResponse

from shelf.models import Jar


def jars(request):
    pages = Paginator(Jar.objects.order_by("label"), 12)
    page = pages.get_page(request.GET.get("page"))
    shown = {"page": page, "open": Jar.objects.filter(is_open=True).count()}
    return TemplateResponse(request, "jars.html", shown)
