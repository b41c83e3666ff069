from django.db import models


class Trade(models.Model):
    title = models.CharField(max_length=60, unique=True)


class Stall(models.Model):
    owner = models.CharField(max_length=60)
    trades = models.ManyToManyField(Trade, related_name="stalls")
