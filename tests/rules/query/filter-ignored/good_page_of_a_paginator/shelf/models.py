from django.db import models


class Jar(models.Model):
    label = models.CharField(max_length=40)
    is_open = models.BooleanField(default=False)
