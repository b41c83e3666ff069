from django.db import models


class Parcel(models.Model):
    weight = models.IntegerField(default=0)
    label = models.TextField(default="")
