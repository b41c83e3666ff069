import datetime as dt

from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from desk.models import Ticket


def tickets(request):
    found = Ticket.objects.since(dt.datetime.now() - dt.timedelta(days=7))
    late = Ticket.objects.overdue(dt.timedelta(days=2))
    year = Ticket.objects.filter(
        opened_at__range=(dt.datetime(2024, 1, 1), dt.datetime(2025, 1, 1))  # expect: orm/naive-datetime
    )
    return JsonResponse({"tickets": found.count() + late.count() + year.count()})


def ticket(request, number):
    found = get_object_or_404(Ticket, pk=number)
    if dt.datetime.now() - found.opened_at > dt.timedelta(days=30):  # expect: orm/naive-datetime
        Ticket.objects.create(title="again", closed_at=dt.datetime.now())  # expect: orm/naive-datetime
    return JsonResponse({"title": found.title})
