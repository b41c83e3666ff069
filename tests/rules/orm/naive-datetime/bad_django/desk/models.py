from datetime import datetime, timedelta

from django.db import models


class TicketQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(opened_at__gte=moment)  # expect: orm/naive-datetime

    def overdue(self, after: timedelta):
        limit = datetime.utcnow() - after
        return self.exclude(closed_at__lt=limit)  # expect: orm/naive-datetime


class Ticket(models.Model):
    title = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=datetime.now)  # expect: orm/naive-datetime
    closed_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    def close(self):
        self.closed_at = datetime.now()  # expect: orm/naive-datetime
        self.save()
