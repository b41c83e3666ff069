from django.db import models
from simple_history.models import HistoricalRecords


class Jar(models.Model):
    label = models.CharField(max_length=40)
    history = HistoricalRecords()
