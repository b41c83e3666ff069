from django.db import models

from depot.apps.audit.models import Entry


class Box(models.Model):
    last = models.ForeignKey(Entry, on_delete=models.CASCADE)
