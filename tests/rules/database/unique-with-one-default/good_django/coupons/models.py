import uuid

from django.db import models


class Coupon(models.Model):
    code = models.UUIDField(unique=True, default=uuid.uuid4)
    label = models.CharField(max_length=9, unique=True, null=True, default=None)
    series = models.IntegerField(default=0)
