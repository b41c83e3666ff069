from django.db import models


class Shelf(models.Model):
    title = models.CharField(max_length=80, unique=True)
