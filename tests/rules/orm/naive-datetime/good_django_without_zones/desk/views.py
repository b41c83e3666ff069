from datetime import datetime, timedelta

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from desk.models import Ticket


def tickets(request):
    found = Ticket.objects.filter(opened_at__gte=datetime.now() - timedelta(days=7))
    return JsonResponse({"tickets": found.count()})


def ticket(request, number):
    found = get_object_or_404(Ticket, pk=number)
    old = timezone.now() - found.opened_at > timedelta(days=30)
    return JsonResponse({"title": found.title, "old": old})
