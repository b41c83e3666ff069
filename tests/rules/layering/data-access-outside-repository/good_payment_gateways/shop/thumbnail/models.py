from django.db import models


class Thumbnail(models.Model):
    size = models.IntegerField()
