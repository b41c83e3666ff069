from django.db import models


class Jar(models.Model):
    label = models.CharField(max_length=40)
    marks = models.JSONField[list[str]](default=list)
