import uuid

from django.db import models
from django.utils import timezone


class Order(models.Model):
    # ruleid: orm-shared-default-django
    placed = models.DateTimeField(default=timezone.now())
    # ruleid: orm-shared-default-django
    lines = models.JSONField(default=[])
    # ok: orm-shared-default-django
    key = models.UUIDField(default=uuid.uuid4)
    # ok: orm-shared-default-django
    notes = models.JSONField(default=dict)
    # ok: orm-shared-default-django
    until = models.DateTimeField(default=lambda: timezone.now())
