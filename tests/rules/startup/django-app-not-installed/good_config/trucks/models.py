from django.db import models


class Truck(models.Model):
    weight = models.IntegerField()
