from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone as zones
from django.utils.dateparse import parse_datetime

from desk.models import Ticket


def tickets(request):
    """Moments with a time zone, days, and moments that are not sure."""
    found = Ticket.objects.since(zones.now() - timedelta(days=7))
    found |= Ticket.objects.since(datetime.now(timezone.utc))
    found |= Ticket.objects.filter(opened_at__gte=datetime.now(tz=ZoneInfo("Europe/Berlin")))
    found |= Ticket.objects.filter(opened_at__gte=zones.make_aware(datetime(2024, 1, 1)))
    found |= Ticket.objects.filter(opened_at__lt=datetime.utcnow().replace(tzinfo=timezone.utc))
    found |= Ticket.objects.filter(opened_at__lt=datetime.now().astimezone())
    found |= Ticket.objects.filter(opened_at__lt=parse_datetime(request.GET["until"]))
    found |= Ticket.objects.filter(opened_at__date=datetime.now().date())
    found |= Ticket.objects.filter(opened_at__year=datetime.now().year)
    found |= Ticket.objects.filter(due_on__lt=datetime.now())
    found |= Ticket.objects.filter(opened_at__lt=datetime(2024, 1, 1, tzinfo=timezone.utc))
    return JsonResponse({"tickets": found.count()})


def ticket(request, number):
    found = get_object_or_404(Ticket, pk=number)
    started = datetime.now()
    old = zones.now() - found.opened_at > timedelta(days=30)
    took = datetime.now() - started
    return JsonResponse({"title": found.title, "old": old, "took": took.total_seconds()})
