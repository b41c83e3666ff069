from django.db import models


class Box(models.Model):
    width = models.IntegerField()
