from django.db import models
from simple_history.models import HistoricalRecords


class Sheep(models.Model):
    name = models.CharField(max_length=40)
    history = HistoricalRecords()
