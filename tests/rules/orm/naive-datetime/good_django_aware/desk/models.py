from datetime import date, datetime

from django.db import models
from django.utils import timezone


class TicketQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(opened_at__gte=moment)


class Ticket(models.Model):
    title = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)
    due_on = models.DateField(default=date.today)
    file_name = models.CharField(max_length=80, default="")

    objects = TicketQuerySet.as_manager()

    def close(self):
        self.closed_at = timezone.now()
        self.file_name = f"{datetime.now():%Y%m%d}-{self.pk}.txt"
        self.due_on = datetime.now().date()
        self.save()
