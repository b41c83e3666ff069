from django.db import models


class Jar(models.Model):
    label = models.CharField(max_length=40)
    weight = models.IntegerField(default=0)
