from datetime import datetime

from django.db import models


class Ticket(models.Model):
    title = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=datetime.now)
