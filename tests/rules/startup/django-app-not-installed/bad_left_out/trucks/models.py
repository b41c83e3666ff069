from django.db import models

from boxes.models import Box


class Truck(models.Model):  # expect: startup/django-app-not-installed
    boxes = models.ManyToManyField(Box)


class Tour(models.Model):
    truck = models.ForeignKey(Truck, on_delete=models.CASCADE)
