import datetime
import uuid
from datetime import date, timedelta

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.utils import timezone
from rest_framework import serializers

from shop.clock import Clock

clock = Clock()
SIZES = ["s", "m"]


class Order(models.Model):
    # ruleid: orm-shared-default-django
    placed = models.DateTimeField(default=timezone.now())
    # ruleid: orm-shared-default-django
    day = models.DateField(default=date.today())
    # ruleid: orm-shared-default-django
    written = models.DateTimeField(default=datetime.datetime.now(datetime.UTC))
    # ruleid: orm-shared-default-django
    until = models.DateTimeField(default=timezone.now() + timedelta(days=7))
    # ruleid: orm-shared-default-django
    token = models.UUIDField(default=uuid.uuid4())
    # ruleid: orm-mutable-default-django
    lines = models.JSONField(default=[])
    # ruleid: orm-mutable-default-django
    options = models.JSONField(null=True, default={"gift": False})
    # ruleid: orm-mutable-default-django
    tags = ArrayField(models.CharField(max_length=20), default=[])
    # ok: orm-shared-default-django
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    # ok: orm-mutable-default-django
    notes = models.JSONField(default=dict)
    # ok: orm-mutable-default-django
    sizes = ArrayField(models.CharField(max_length=20), default=list)
    # ok: orm-shared-default-django
    seen = models.DateTimeField(default=timezone.now)
    # ok: orm-shared-default-django
    ends = models.DateTimeField(default=lambda: timezone.now() + timedelta(days=7))
    # ok: orm-shared-default-django
    created = models.DateTimeField(auto_now_add=True)
    # ok: orm-shared-default-django
    opened = models.DateField(default=date(2020, 1, 1))
    # ok: orm-shared-default-django
    ended = models.DateTimeField(default=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    # ok: orm-mutable-default-django
    size = models.CharField(max_length=1, default=SIZES[0])
    # ok: orm-shared-default-django
    kind = models.CharField(default=str(uuid.NAMESPACE_DNS), max_length=36)
    # ok: orm-shared-default-django
    state = models.JSONField(default=clock.now)
    # ok: orm-shared-default-django
    year = models.JSONField(default=clock.at(date.today()))
    # ok: orm-shared-default-django
    now = models.DateTimeField(default=clock.timezone.now())


# a value for the rows that are there already
class Migration(migrations.Migration):
    operations = [
        # ok: orm-shared-default-django
        migrations.AddField("order", "day", models.DateField(default=date.today()), False),
    ]


# made anew for each form or request
class OrderForm(forms.Form):
    # ok: orm-shared-default-django
    placed = forms.DateTimeField(initial=timezone.now())


def order_form(models):
    # ok: orm-shared-default-django
    return models.DateField(default=date.today())


class OrderSerializer(serializers.Serializer):
    # ok: orm-mutable-default-django
    lines = serializers.JSONField(default=[])


def totals(orders):
    # ok: orm-mutable-default-django
    return orders.aggregate(total=models.Sum("price", default={}))
